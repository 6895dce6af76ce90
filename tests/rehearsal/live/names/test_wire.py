"""DNS messages."""

import dns.flags
import dns.message
import dns.rcode
import pytest

from rehearsal.live.names import wire
from rehearsal.live.names.answers import Reply, Row

SOA = Row("example.com", "SOA", 900, ("ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400",))


def ask(
    reply: Reply, kind: str = "A", *, speed: float = 1, udp: bool = True, recursive: bool = False
) -> dns.message.Message:
    asked = dns.message.make_query("www.example.com", kind, use_edns=False)
    answer = wire.answer(asked.to_wire(), lambda _n, _k: reply, lambda s: s / speed, udp=udp, recursive=recursive)
    return dns.message.from_wire(answer)


def test_an_answer_has_the_records_and_the_servers_authority() -> None:
    made = ask(Reply(rows=(Row("www.example.com", "A", 60, ("203.0.113.1", "203.0.113.2")),)))
    assert sorted(item.address for item in made.answer[0]) == ["203.0.113.1", "203.0.113.2"]
    assert made.answer[0].ttl == 60
    assert made.flags & dns.flags.AA
    assert not made.flags & dns.flags.RA


def test_ttls_follow_the_pace_and_are_rounded_up() -> None:
    reply = Reply(rows=(Row("www.example.com", "A", 60, ("203.0.113.1",)),))
    assert ask(reply, speed=8).answer[0].ttl == 8


def test_targets_of_aliases_are_absolute_names() -> None:
    made = ask(Reply(rows=(Row("www.example.com", "CNAME", 5, ("other.example.com",)),)))
    assert made.answer[0][0].target.to_text() == "other.example.com."


def test_a_name_that_is_not_there_comes_with_the_zones_start() -> None:
    made = ask(Reply("NXDOMAIN", soa=SOA))
    assert made.rcode() == dns.rcode.NXDOMAIN
    assert made.authority[0].ttl == 900


def test_a_resolver_offers_recursion_and_has_no_authority() -> None:
    made = ask(Reply("NXDOMAIN"), recursive=True)
    assert made.flags & dns.flags.RA
    assert not made.flags & dns.flags.AA


def test_an_answer_too_long_for_udp_is_cut_off_and_whole_over_tcp() -> None:
    reply = Reply(rows=(Row("www.example.com", "A", 60, tuple(f"203.0.113.{n}" for n in range(100))),))
    assert ask(reply).flags & dns.flags.TC
    assert len(ask(reply, udp=False).answer[0]) == 100


@pytest.mark.parametrize("junk", [b"", b"\0" * 5, b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_no_question_gets_no_answer(junk: bytes) -> None:
    assert wire.answer(junk, lambda _n, _k: Reply(), lambda s: s, udp=True, recursive=False) == b""


def test_an_answer_is_not_answered() -> None:
    answer = dns.message.make_response(dns.message.make_query("www.example.com", "A")).to_wire()
    assert wire.answer(answer, lambda _n, _k: Reply(), lambda s: s, udp=True, recursive=False) == b""
