"""What a resolver knows, and what it can't reach."""

from rehearsal.live.names.answers import Reply, Row
from rehearsal.live.names.directory import Directory
from rehearsal.live.names.resolvers import Resolvers
from rehearsal.live.network.places import EDGE, Place

HOST = Place("eu-west-1", "eu-west-1a")
OWN, OTHERS = "lb.eu-west-1.elb.amazonaws.com", "lb.eu-central-1.elb.amazonaws.com"


class Somewhere:
    """Resolvers with a clock of their own, and places that can be cut off."""

    def __init__(self) -> None:
        self.now, self.cut, self.asked = 0.0, set[Place](), list[str]()
        self.address = "10.0.0.1"
        directory = Directory()
        directory.publish(OWN, ["203.0.113.1"], region="eu-west-1")
        directory.publish(OTHERS, ["203.0.113.2"], region="eu-central-1")
        self.resolvers = Resolvers(directory, self.look, self.reachable, lambda real: real * 5, lambda: self.now)

    def look(self, name: str, _kind: str, _region: str) -> Reply:
        self.asked.append(name)
        return Reply(rows=(Row(name, "A", 60, (self.address,)),))

    def reachable(self, here: Place, there: Place) -> bool:
        return not {here, Place(here.region), there} & self.cut or here == there

    def ask(self, name: str, place: Place = HOST) -> str:
        reply = self.resolvers.ask(name, "A", place)
        return " ".join(reply.addresses) if reply else "silence"


def test_a_region_keeps_an_answer_for_its_ttl_at_the_pace_of_aws() -> None:
    here = Somewhere()
    assert here.ask("www.example.com") == "10.0.0.1"
    here.address, here.now = "10.0.0.2", 11.9
    assert here.ask("www.example.com") == "10.0.0.1"
    assert here.ask("www.example.com", Place("eu-central-1")) == "10.0.0.2"
    here.now = 12.0
    assert here.ask("www.example.com") == "10.0.0.2"


def test_a_kept_answer_has_what_is_left_of_its_ttl() -> None:
    here = Somewhere()
    here.ask("www.example.com")
    here.now = 2.0
    reply = here.resolvers.ask("www.example.com", "A", HOST)
    assert reply is not None
    assert reply.ttl == 50


def test_users_are_answered_afresh_as_they_have_caches_of_their_own() -> None:
    here = Somewhere()
    here.ask("www.example.com", EDGE)
    here.address = "10.0.0.2"
    assert here.ask("www.example.com", EDGE) == "10.0.0.2"


def test_a_region_that_is_cut_off_knows_its_own_names_and_what_it_kept() -> None:
    here = Somewhere()
    here.ask("www.example.com")
    here.resolvers.reachable = lambda _here, there: there == Place("eu-west-1")
    assert here.ask(OWN) == "10.0.0.1"
    assert here.ask("www.example.com") == "10.0.0.1"
    assert here.ask(OTHERS) == "silence"
    assert here.ask("other.example.com") == "silence"


def test_a_zone_that_is_cut_off_has_no_resolver() -> None:
    here = Somewhere()
    here.resolvers.reachable = lambda _here, _there: False
    assert here.ask(OWN) == "silence"
