"""The failover function: when it acts, in which order, and what stops it."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ha_web.failover.runtime import handler
from ha_web.failover.runtime.apply import missing
from ha_web.failover.runtime.config import LOCK_KEY, NOTICE_KEY, SEEN_KEY, SWITCH_KEY, ConfigError, load, parse
from ha_web.failover.runtime.notes import Seen, only_run, seen
from ha_web.failover.runtime.observe import PROBE_SECONDS, Views, beacon, look, probe
from ha_web.failover.runtime.plan import Group, Kind, Role, State, View, needed_for, plan, wanted

from tests.components.standby import (
    FAILED,
    HEALTHY,
    STORES,
    Standby,
    Status,
    Time,
    answering,
    closed_port,
    config,
    self_signed,
    silent,
)

EVERYTHING = ["UpdateAutoScalingGroup", "FailoverGlobalReplicationGroup", "FailoverGlobalCluster"]
EVERYTHING += ["DeleteReplicationConfiguration", "PutObject", "Publish"]


@pytest.fixture(scope="module")
def dead() -> int:
    return closed_port()


@pytest.fixture(scope="module")
def alive() -> Iterator[int]:
    with answering() as port:
        yield port


def run(
    standby: Standby,
    port: int,
    says: list[str] = FAILED,
    time: Time | None = None,
    action: str = "watch",
    limit: float = 580,
    primary: Standby | None = None,
    **changed: Any,
) -> dict[str, Any]:
    time = time or Time()
    given = config(port, **changed)
    clients = primary.clients if primary else None
    return handler.run({"action": action}, given, standby.clients, limit, time.clock, lambda _: says, clients)


def test_a_server_that_runs_and_does_not_serve_yet_is_waited_for(dead: int) -> None:
    soon, late = Time(), Time()
    assert run(Standby(), dead, time=soon)["result"] == "failed over"
    assert run(Standby(balanced=True), dead, time=late)["result"] == "failed over"
    assert late.seconds > soon.seconds


def test_a_dead_primary_is_followed_by_capacity_promotions_switch_and_notice_in_this_order(dead: int) -> None:
    standby = Standby()
    assert run(standby, dead)["result"] == "failed over"
    assert standby.changes == EVERYTHING
    assert (standby.minimum, standby.desired, standby.running) == (3, 3, 3)
    assert (standby.session_role, standby.writer, standby.replicating) == ("PRIMARY", True, False)
    assert standby.objects == {"standby-serves"}
    [message] = standby.messages
    assert "users are sent" in message["Subject"]
    assert json.loads(message["Message"])["runbook"] == "docs/runbooks/failback.md"


def test_run_twice_it_changes_nothing_more(dead: int) -> None:
    standby = Standby()
    run(standby, dead)
    before = [*standby.changes]
    assert run(standby, dead) == {"result": "standby serves"}
    assert run(standby, dead, action="failover") == {"result": "standby serves"}
    assert standby.changes == before


def test_a_healthy_primary_makes_it_do_nothing_until_the_next_run_has_begun_for_certain(alive: int) -> None:
    standby, time = Standby(), Time()
    assert run(standby, alive, HEALTHY, time) == {"result": "primary serves"}
    # One may start in the first second of its minute, and the next in the last of the next minute.
    assert (standby.changes, time.seconds) == ([], 2 * 60)


def test_one_view_failing_alone_does_nothing(alive: int, dead: int) -> None:
    standby = Standby()
    assert run(standby, alive, FAILED) == {"result": "primary serves"}
    assert run(standby, dead, HEALTHY) == {"result": "primary serves"}
    assert run(standby, dead, []) == {"result": "primary serves"}
    assert standby.changes == []


def test_an_answer_with_an_error_fails_as_a_refused_connection_does() -> None:
    with answering(503) as port:
        assert run(Standby(), port)["result"] == "failed over"


def test_it_acts_only_after_both_have_failed_for_long_enough(dead: int) -> None:
    standby, time = Standby(promotion=0, running=3, desired=3, minimum=3), Time()
    run(standby, dead, time=time, after_seconds=30)
    assert time.seconds == 30


def test_a_view_that_recovers_starts_the_count_again(dead: int) -> None:
    standby, time, says = Standby(promotion=0, minimum=3, desired=3, running=3), Time(), [*FAILED]
    time.at(10, lambda: says.__setitem__(0, HEALTHY[0]))
    time.at(20, lambda: says.__setitem__(0, FAILED[0]))
    run(standby, dead, says, time)
    assert time.seconds == 40


def test_a_failure_seen_at_the_end_of_a_run_keeps_it_going(dead: int) -> None:
    standby, time, says = Standby(promotion=0, minimum=3, desired=3, running=3), Time(), [*HEALTHY]
    time.at(120, lambda: says.__setitem__(0, FAILED[0]))
    assert run(standby, dead, says, time)["result"] == "failed over"
    assert time.seconds == 140


@pytest.mark.parametrize(
    ("operation", "step"),
    [
        ("FailoverGlobalReplicationGroup", "sessions"),
        ("FailoverGlobalCluster", "database"),
        ("DeleteReplicationConfiguration", "storage"),
    ],
)
def test_a_promotion_that_fails_leaves_the_switch_where_it_was_and_tells_people(
    dead: int, operation: str, step: str
) -> None:
    standby = Standby(refuses={operation: "AccessDenied"})
    found = run(standby, dead)
    assert (found["result"], set(found["failed"])) == ("stopped", {step})
    assert standby.objects == set()
    assert set(EVERYTHING) - set(standby.changes) == {operation, "PutObject"}
    [message] = standby.messages
    assert "STOPPED" in message["Subject"]
    told = json.loads(message["Message"])
    assert "AccessDenied" in told["failed"][step]
    assert told["runbook"] == "docs/runbooks/failover.md"


def test_the_next_run_finishes_what_one_could_not(dead: int) -> None:
    standby = Standby(refuses={"FailoverGlobalCluster": "InternalFailure"})
    run(standby, dead)
    standby.refuses.clear()
    time = Time()
    assert run(standby, dead, time=time)["result"] == "failed over"
    assert time.seconds < 20  # a failover that has begun waits for no further failures
    assert standby.changes.count("FailoverGlobalReplicationGroup") == 1


def test_an_optional_store_that_fails_is_only_told_of(dead: int) -> None:
    standby = Standby(refuses={"DeleteReplicationConfiguration": "AccessDenied"})
    found = run(standby, dead, optional=["storage"])
    assert (found["result"], set(found["failed"])) == ("failed over", {"storage"})


def test_a_promotion_that_is_under_way_already_is_waited_for(dead: int) -> None:
    standby = Standby(refuses={"FailoverGlobalReplicationGroup": "InvalidGlobalReplicationGroupState"})
    time = Time()
    time.at(40, lambda: setattr(standby, "session_role", "PRIMARY"))
    assert run(standby, dead, time=time)["result"] == "failed over"


def test_a_file_system_whose_source_does_not_answer_is_let_go_on_this_side_alone(dead: int) -> None:
    standby = Standby()
    standby.refuses["DeleteReplicationConfiguration"] = "InternalServerError"
    found = run(standby, dead)
    tried = [p.get("DeletionMode") for name, p in standby.requests if name == "DeleteReplicationConfiguration"]
    assert tried == [None, "LOCAL_CONFIGURATION_ONLY"]
    assert set(found["failed"]) == {"storage"}  # both were refused here


def test_users_wait_until_the_servers_run_and_the_stores_take_writes(dead: int) -> None:
    standby, time = Standby(promotion=6), Time()
    put_at: list[float] = []
    real = standby.PutObject

    def put(params: dict[str, Any]) -> Any:
        if params["Key"] == SWITCH_KEY:
            put_at.append(time.seconds)
        return real(params)

    standby.PutObject = put  # type: ignore[method-assign]  # to see when
    run(standby, dead, time=time)
    assert put_at[0] >= 20 + 5 * 5  # the wait looks every five seconds


def test_a_run_stops_before_its_time_is_up_and_says_what_is_missing(dead: int) -> None:
    standby = Standby(promotion=1000)
    found = run(standby, dead, limit=100)
    assert found["result"] == "stopped"
    assert "sessions is promoting; database is promoting" in found["failed"]["wait"]
    assert standby.objects == set()


def test_a_store_that_aws_is_changing_is_not_called_unknown(dead: int) -> None:
    state = State(False, None, {"sessions": Role.UNKNOWN, "database": Role.ALONE})
    assert missing(state, config(dead, capacity=None), 0) == "sessions is being changed, or can't be read"


def test_a_standby_without_servers_gets_users_only_when_they_run(dead: int) -> None:
    standby = Standby(maximum=2)
    assert run(standby, dead)["result"] == "failed over"
    assert (standby.minimum, standby.running) == (2, 2)  # never above the group's maximum


def test_memorydb_and_no_database_mean_nothing_to_promote(dead: int) -> None:
    standby = Standby(desired=3, minimum=3, running=3)
    run(standby, dead, sessions=None, database=None, storage=None)
    assert standby.changes == ["PutObject", "Publish"]


def test_a_half_done_failover_with_a_primary_that_answers_again_is_a_persons_to_decide(alive: int) -> None:
    standby = Standby(session_role="PRIMARY")
    found = run(standby, alive, HEALTHY)
    assert found["result"] == "half done"
    assert standby.changes == ["Publish"]


def test_a_store_taken_out_of_its_pair_on_purpose_is_no_failover_under_way() -> None:
    assert not State(False, roles={"sessions": Role.ALONE}).begun
    assert State(False, roles={"sessions": Role.PRIMARY}).begun
    assert not State(True, roles={"sessions": Role.PRIMARY}).begun


def test_an_operator_acts_whatever_the_views_say_and_can_look_at_the_plan_before(alive: int) -> None:
    standby = Standby()
    steps = run(standby, alive, HEALTHY, action="plan")["steps"]
    assert (len(steps), standby.changes) == (7, [])
    assert run(standby, alive, HEALTHY, action="failover")["result"] == "failed over"
    with pytest.raises(ValueError, match="must be watch, note, plan or failover"):
        run(standby, alive, action="fail")


def test_an_unreadable_switch_is_an_error_and_not_a_reason_to_act(dead: int) -> None:
    standby = Standby(refuses={"HeadObject": "403"})
    with pytest.raises(Exception, match="403"):
        run(standby, dead)
    assert standby.changes == []


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (State(True), []),
        (State(False, Group(3, 3, 6, 3)), [Kind.SWITCH, Kind.NOTIFY]),
        (State(False, Group(0, 0, 6, 0)), [Kind.CAPACITY, Kind.WAIT, Kind.SWITCH, Kind.NOTIFY]),
        (
            State(False, Group(3, 3, 6, 3), {"sessions": Role.SECONDARY, "database": Role.PROMOTING}),
            [Kind.SESSIONS, Kind.WAIT, Kind.SWITCH, Kind.NOTIFY],
        ),
        (
            State(False, Group(3, 3, 6, 3), {"sessions": Role.UNKNOWN, "database": Role.PRIMARY}),
            [Kind.SESSIONS, Kind.WAIT, Kind.SWITCH, Kind.NOTIFY],
        ),
    ],
)
def test_the_plan_has_only_what_is_left(state: State, kinds: list[Kind]) -> None:
    parts = {store: None for store in ("sessions", "database", "storage") if store not in state.roles}
    assert [step.kind for step in plan(state, config(1, **parts))] == kinds


@pytest.mark.parametrize(
    ("group", "numbers"),
    [
        (Group(0, 0, 6, 0), (3, 3)),
        (Group(2, 5, 6, 5), (3, 5)),
        (Group(4, 4, 6, 4), (4, 4)),
        (Group(0, 0, 2, 0), (2, 2)),
    ],
)
def test_capacity_is_never_lowered_and_never_above_the_maximum(group: Group, numbers: tuple[int, int]) -> None:
    assert wanted(group, 3) == numbers


@pytest.mark.parametrize(
    ("addresses", "view"),
    [(HEALTHY, View.HEALTHY), (FAILED, View.FAILED), ([*HEALTHY, *FAILED], View.UNKNOWN), (["1.1.1.1"], View.UNKNOWN)],
)
def test_the_beacon_has_two_words(addresses: list[str], view: View) -> None:
    assert beacon("x", lambda _: addresses) is view


def test_a_name_that_cannot_be_asked_is_no_news(dead: int) -> None:
    def unreachable(_name: str) -> list[str]:
        raise OSError("no name server")

    assert look(config(dead), unreachable) == Views(View.UNKNOWN, View.FAILED)


def test_what_is_not_http_is_probed_by_connecting(alive: int, dead: int) -> None:
    way = {"protocol": "tcp", "host": "127.0.0.1", "path": ""}
    assert (probe({**way, "port": alive}), probe({**way, "port": dead})) == (View.HEALTHY, View.FAILED)


def test_a_certificate_of_another_name_is_no_failure_as_it_is_none_to_route_53(alive: int, tmp_path: Path) -> None:
    way = {"protocol": "https", "host": "127.0.0.1", "path": "/healthz"}
    with answering(tls=self_signed(tmp_path)) as port:
        assert probe({**way, "port": port}) is View.HEALTHY
    assert probe({**way, "port": alive}) is View.FAILED  # speaks no TLS


def test_a_primary_that_was_never_seen_healthy_is_not_failed_over_from(dead: int, alive: int) -> None:
    standby = Standby(contents={})
    assert run(standby, dead)["result"] == "primary never seen healthy"
    assert standby.changes == []
    assert run(standby, alive, HEALTHY)["result"] == "primary serves"
    assert run(standby, dead)["result"] == "failed over"


def test_one_view_alone_does_not_show_that_the_primary_is_healthy(dead: int, alive: int) -> None:
    standby = Standby(contents={})
    run(standby, alive, [])
    run(standby, dead, HEALTHY)
    assert seen(config(dead), standby.clients) is None


def test_another_load_balancer_must_be_seen_healthy_first(dead: int) -> None:
    standby = Standby(contents={SEEN_KEY: json.dumps({"primary": "old.elb.amazonaws.com", "servers": 3})})
    assert run(standby, dead)["result"] == "primary never seen healthy"


def test_an_operator_needs_no_healthy_primary_before(dead: int) -> None:
    assert run(Standby(contents={}), dead, action="failover")["result"] == "failed over"


SIZED: dict[str, Any] = {
    "capacity": {**STORES["capacity"], "primary_group": "web-primary", "primary_region": "eu-west-1"}
}


def test_the_standby_gets_as_many_servers_as_the_primary_ran(dead: int, alive: int) -> None:
    standby, primary = Standby(maximum=12), Standby(desired=9)
    run(standby, alive, HEALTHY, primary=primary, **SIZED)
    assert seen(config(dead), standby.clients) == Seen("127.0.0.1", 9)
    primary.refuses["DescribeAutoScalingGroups"] = "InternalFailure"  # the region is lost
    run(standby, dead, primary=primary, **SIZED)
    assert (standby.minimum, standby.desired) == (9, 9)


def test_the_last_known_number_of_servers_stays_while_the_primary_region_answers_nothing(alive: int) -> None:
    standby, primary = Standby(), Standby(desired=9)
    run(standby, alive, HEALTHY, primary=primary, **SIZED)
    primary.refuses["DescribeAutoScalingGroups"] = "InternalFailure"
    run(standby, alive, HEALTHY, primary=primary, **SIZED)
    assert seen(config(alive), standby.clients) == Seen("127.0.0.1", 9)


def test_fewer_servers_than_declared_are_never_enough(dead: int, alive: int) -> None:
    standby = Standby(minimum=1, desired=1)
    run(standby, alive, HEALTHY, primary=Standby(desired=2), **SIZED)
    run(standby, dead, **SIZED)
    assert (standby.minimum, standby.desired) == (3, 3)


@pytest.mark.parametrize(
    ("servers", "maximum", "waited", "needed"),
    [
        (None, 12, 0, 2),
        (2, 12, 0, 2),
        (3, 12, 0, 2),
        (9, 12, 0, 6),
        (10, 12, 0, 7),
        (9, 5, 0, 5),
        (9, 12, 59, 6),
        (9, 12, 60, 2),
    ],
)
def test_what_the_primary_ran_decides_how_many_servers_users_wait_for_while_there_is_patience(
    servers: int | None, maximum: int, waited: float, needed: int
) -> None:
    capacity = {"group": "web-standby", "minimum": 3, "needed": 2}
    state = State(switched=False, group=Group(3, 3, maximum, 3), servers=servers)
    assert needed_for(state, config(80, capacity={**capacity, "patience": 60}), waited) == needed
    assert needed_for(state, config(80, capacity=capacity), waited) == 2


@pytest.mark.parametrize(("capacity", "running", "most_seconds"), [(99, 6, 25), (4, 4, 60)])
def test_users_wait_for_the_load_of_a_peak_but_not_for_capacity_that_ec2_does_not_have(
    dead: int, alive: int, capacity: int, running: int, most_seconds: int
) -> None:
    patient: dict[str, Any] = {"capacity": {**SIZED["capacity"], "needed": 2, "patience": 60}}
    standby, time = Standby(promotion=0, running=2, desired=2, maximum=12, capacity=capacity), Time()
    run(standby, alive, HEALTHY, primary=Standby(desired=9), **patient)
    assert run(standby, dead, time=time, **patient)["result"] == "failed over"
    assert standby.running == running
    assert time.seconds <= 20 + most_seconds


OLD = "arn:aws:rds:eu-west-1:123456789012:cluster:site-primary"


@pytest.mark.parametrize("action", ["watch", "note"])
@pytest.mark.parametrize(
    ("member", "forward", "asked"),
    [
        ({"IsWriter": False, "GlobalWriteForwardingStatus": "disabled"}, True, True),
        ({"IsWriter": False}, True, True),
        ({"IsWriter": False, "GlobalWriteForwardingStatus": "enabled"}, True, False),
        ({"IsWriter": False, "GlobalWriteForwardingStatus": "enabling"}, True, False),
        ({"IsWriter": True}, True, False),
        ({"IsWriter": False}, False, False),
        (None, True, False),
    ],
)
def test_a_returned_primary_forwards_writes_where_both_regions_write(
    dead: int, action: str, member: dict[str, Any] | None, forward: bool, asked: bool
) -> None:
    members = [] if member is None else [{"DBClusterArn": OLD, **member}]
    standby, primary = Standby(contents={SWITCH_KEY: ""}, writer=True, other_members=members), Standby()
    database = {**STORES["database"], "source_arn": OLD, "forward": forward}
    found = run(standby, dead, action=action, primary=primary, database=database)
    assert found["result"] == "standby serves"
    assert ("forwards" in found) == asked
    assert standby.changes == []
    wanted = {"DBClusterIdentifier": "site-primary", "EnableGlobalWriteForwarding": True}
    assert primary.requests == ([("ModifyDBCluster", wanted)] if asked else [])


@pytest.mark.parametrize(("code", "fails"), [("InvalidDBClusterStateFault", False), ("AccessDenied", True)])
def test_a_cluster_that_is_being_built_anew_is_asked_again_by_the_next_run(dead: int, code: str, fails: bool) -> None:
    standby = Standby(contents={SWITCH_KEY: ""}, writer=True, other_members=[{"DBClusterArn": OLD, "IsWriter": False}])
    primary = Standby(refuses={"ModifyDBCluster": code})
    database = {**STORES["database"], "source_arn": OLD, "forward": True}
    with pytest.raises(ClientError, match="AccessDenied") if fails else nullcontext():
        assert run(standby, dead, primary=primary, database=database) == {"result": "standby serves"}


def test_where_people_act_the_schedule_only_notes_what_the_primary_runs(dead: int, alive: int) -> None:
    standby, primary = Standby(contents={}), Standby(desired=5)
    assert run(standby, dead, primary=primary, action="note", **SIZED) == {"result": "primary not healthy"}
    found = run(standby, alive, HEALTHY, primary=primary, action="note", **SIZED)
    assert (found, standby.changes) == ({"result": "noted", "servers": 5}, [])


def test_what_an_idle_primary_runs_is_not_noted_while_the_standby_serves(alive: int) -> None:
    standby, primary = Standby(contents={"standby-serves": ""}), Standby(desired=1)
    assert run(standby, alive, HEALTHY, primary=primary, action="note", **SIZED) == {"result": "standby serves"}
    assert SEEN_KEY not in standby.contents


def test_a_run_that_watched_while_another_sent_users_says_that_the_standby_serves(alive: int) -> None:
    standby, time = Standby(session_role="PRIMARY"), Time()
    time.at(60, lambda: standby.contents.update({SWITCH_KEY: ""}))
    assert run(standby, alive, HEALTHY, time) == {"result": "standby serves"}
    assert standby.messages == []


def test_a_note_that_cannot_be_written_fails_the_run_after_it_has_watched(alive: int) -> None:
    standby, time = Standby(contents={}, refuses={"PutObject": "AccessDenied"}), Time()
    with pytest.raises(RuntimeError, match="can't be noted"):
        run(standby, alive, HEALTHY, time)
    assert time.seconds == 120


def test_while_one_run_acts_no_other_does_whoever_started_it(dead: int) -> None:
    standby, time = Standby(), Time()
    found: list[dict[str, Any]] = []
    time.at(25, lambda: found.append(run(standby, dead, action="failover")))
    time.at(30, lambda: found.append(run(standby, dead)))
    assert run(standby, dead, time=time)["result"] == "failed over"
    assert [each["result"] for each in found] == ["another run acts", "another run acts"]
    assert standby.changes == EVERYTHING
    assert LOCK_KEY not in standby.contents


class Loses(Standby):
    """A standby that does what it is asked to write under a key, and whose answer is lost."""

    def __init__(self, key: str, code: str = "RequestTimeout", **given: Any) -> None:
        super().__init__(**given)
        self.key, self.code = key, code

    def PutObject(self, params: dict[str, Any]) -> Any:
        answer = super().PutObject(params)
        error = {"Error": {"Code": self.code, "Message": "lost"}, "ResponseMetadata": {}}
        return (Status(400), error) if params["Key"] == self.key else answer


def test_users_that_were_sent_without_an_answer_are_not_said_to_be_where_they_were(dead: int) -> None:
    standby = Loses(SWITCH_KEY)
    assert run(standby, dead)["result"] == "failed over"
    [message] = standby.messages
    assert "users are sent" in message["Subject"]


def test_while_it_is_not_known_whether_the_switch_is_there_the_notice_says_so(dead: int) -> None:
    standby = Standby()
    real = standby.PutObject
    standby.PutObject = lambda params: (  # type: ignore[method-assign]  # the switch alone is refused
        (Status(400), {"Error": {"Code": "SlowDown", "Message": ""}, "ResponseMetadata": {}})
        if params["Key"] == SWITCH_KEY
        else real(params)
    )
    assert run(standby, dead)["result"] == "stopped"
    [message] = standby.messages
    assert "look whether it is there" in message["Subject"]


def test_a_run_acts_whose_own_note_is_refused_because_boto3_asked_twice(dead: int) -> None:
    standby = Loses(LOCK_KEY, "PreconditionFailed")
    assert run(standby, dead)["result"] == "failed over"
    assert LOCK_KEY not in standby.contents


def test_an_operators_run_acts_while_another_only_watches(alive: int) -> None:
    standby, time = Standby(), Time()
    found: list[dict[str, Any]] = []
    time.at(30, lambda: found.append(run(standby, alive, HEALTHY, action="failover")))
    run(standby, alive, HEALTHY, time)
    assert [each["result"] for each in found] == ["failed over"]


def test_a_run_that_was_killed_keeps_others_from_acting_only_until_its_time_limit(dead: int) -> None:
    killed = json.dumps({"since": 0, "until": 600})
    standby, soon, late = Standby(), Time(), Time()
    standby.contents[LOCK_KEY] = killed
    soon.seconds, late.seconds = 300, 601
    assert run(standby, dead, time=soon, limit=880)["result"] == "another run acts"
    assert standby.changes == []
    assert run(standby, dead, time=late, limit=1180)["result"] == "failed over"
    assert LOCK_KEY not in standby.contents


def test_a_run_that_fails_in_the_middle_lets_the_next_one_act(dead: int) -> None:
    standby = Standby(refuses={"HeadObject": "503"})
    with pytest.raises(Exception, match="503"):
        run(standby, dead, action="failover")
    assert LOCK_KEY not in standby.contents


class KilledError(BaseException):
    """Ends a run where it stands, without anything that it would still do."""


class Dies(Standby):
    """A standby whose runs are killed when they would tell people."""

    def Publish(self, params: dict[str, Any]) -> None:
        if not self.messages:
            self.messages.append({"Subject": "never sent"})
            raise KilledError
        super().Publish(params)


@pytest.mark.parametrize("action", ["watch", "note", "failover"])
def test_users_whom_a_run_sent_that_was_killed_then_are_told_of_once_by_the_next(dead: int, action: str) -> None:
    standby = Dies(refuses={"DeleteReplicationConfiguration": "InternalFailure"})
    with pytest.raises(KilledError):
        run(standby, dead, optional=["storage"])
    assert standby.objects == {SWITCH_KEY}
    before = [*standby.changes]
    found = run(standby, dead, action=action, optional=["storage"])
    assert found["result"] in ("told", "failed over")
    _, message = standby.messages
    assert "users are sent" in message["Subject"]
    told = json.loads(message["Message"])
    assert (told["switched"], told["done"][-1], [*told["failed"]]) == (True, "switch", ["storage"])
    assert standby.changes == [*before, "Publish"]
    assert run(standby, dead, action=action, optional=["storage"]) == {"result": "standby serves"}
    assert len(standby.messages) == 2
    assert not {LOCK_KEY, NOTICE_KEY} & set(standby.contents)


def test_a_notice_that_is_owed_starts_no_failover_once_users_are_back(dead: int) -> None:
    standby = Standby(contents={SWITCH_KEY: "", NOTICE_KEY: "?"})

    def goes_back(*given: Any) -> Any:
        standby.contents.pop(SWITCH_KEY)  # just before the run has its lock
        return only_run(*given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(handler, "only_run", goes_back)
        assert run(standby, dead, action="note") == {"result": "standby serves"}
    assert (standby.changes, standby.messages) == ([], [])


def test_a_note_of_the_notice_that_cannot_be_written_keeps_no_user_waiting(dead: int) -> None:
    class Full(Standby):
        def PutObject(self, params: dict[str, Any]) -> Any:
            if params["Key"] == NOTICE_KEY:
                return Status(503), {"Error": {"Code": "SlowDown", "Message": ""}, "ResponseMetadata": {}}
            return super().PutObject(params)

    standby = Full()
    assert run(standby, dead)["result"] == "failed over"
    assert standby.changes == EVERYTHING


def test_a_session_store_that_stays_a_secondary_leaves_its_global_datastore(dead: int) -> None:
    standby, time = Standby(promotion=0), Time()
    standby.refuses["FailoverGlobalReplicationGroup"] = "InvalidGlobalReplicationGroupState"
    found = run(standby, dead, time=time)
    assert (found["result"], standby.session_role) == ("failed over", "")
    assert standby.changes.count("DisassociateGlobalReplicationGroup") == 1
    assert 140 <= time.seconds <= 160  # 20 s until it acts, and two minutes


def test_a_session_store_that_is_being_promoted_is_left_in_its_global_datastore(dead: int) -> None:
    standby = Standby(promotion=60)
    assert run(standby, dead)["result"] == "failed over"
    assert "DisassociateGlobalReplicationGroup" not in standby.changes


WITHOUT_SWITCH: dict[str, Any] = {"switch": None, "beacon": None}


def test_without_a_switch_the_session_store_is_promoted_when_all_else_is_ready(alive: int) -> None:
    standby, time = Standby(), Time()
    writes: list[tuple[bool, int]] = []
    real = standby.FailoverGlobalReplicationGroup

    def promote(params: dict[str, Any]) -> None:
        writes.append((standby.writer, standby.running))
        real(params)

    standby.FailoverGlobalReplicationGroup = promote  # type: ignore[method-assign]  # to see when
    found = run(standby, alive, time=time, action="failover", **WITHOUT_SWITCH)
    assert found["result"] == "failed over"
    assert writes == [(True, 3)]
    assert standby.changes == [
        "UpdateAutoScalingGroup",
        "FailoverGlobalCluster",
        "DeleteReplicationConfiguration",
        "FailoverGlobalReplicationGroup",
        "Publish",
    ]
    assert "Cloudflare sends users" in standby.messages[0]["Subject"]
    assert run(standby, alive, action="failover", **WITHOUT_SWITCH) == {"result": "standby serves"}


def test_without_a_switch_a_database_that_fails_keeps_the_session_store_and_so_the_users_where_they_are(
    alive: int,
) -> None:
    standby = Standby(refuses={"FailoverGlobalCluster": "AccessDenied"})
    found = run(standby, alive, action="failover", **WITHOUT_SWITCH)
    assert (found["result"], set(found["failed"])) == ("stopped", {"database"})
    assert standby.session_role == "SECONDARY"


def test_without_a_switch_the_primary_is_asked_what_it_runs_and_nobody_watches(alive: int) -> None:
    standby = Standby(maximum=12)
    run(standby, alive, primary=Standby(desired=9), action="failover", **WITHOUT_SWITCH, **SIZED)
    assert standby.desired == 9
    with pytest.raises(ValueError, match="there is no switch"):
        run(standby, alive, **WITHOUT_SWITCH)


@pytest.mark.parametrize("status", [403, 429])
def test_an_answer_of_the_web_acl_says_nothing_about_the_servers(status: int) -> None:
    with answering(status) as port:
        assert probe({"protocol": "http", "host": "127.0.0.1", "port": port, "path": "/healthz"}) is View.UNKNOWN


def test_all_addresses_of_the_load_balancer_have_one_deadline_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_web.failover.runtime.observe.PROBE_SECONDS", 0.4)
    way = {"protocol": "http", "host": "primary.example", "path": "/healthz"}
    with silent() as port:  # accepts connections and answers nothing
        began = monotonic()
        assert probe({**way, "port": port}, lambda _: ["127.0.0.1", "127.0.0.2", "127.0.0.3"]) is View.FAILED
        assert monotonic() - began < 1
    assert PROBE_SECONDS == 4


def test_one_address_that_answers_is_enough(alive: int) -> None:
    way = {"protocol": "http", "host": "primary.example", "port": alive, "path": "/healthz"}
    assert probe(way, lambda _: ["127.0.0.3", "127.0.0.1"]) is View.HEALTHY


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"beakon": "x"}, "beakon is unknown"),
        ({"region": 1}, "region is 1; it must be a str"),
        ({"after_seconds": True}, "after_seconds is True; it must be a int"),
        ({"after_seconds": -1}, "after_seconds is -1; it must not be negative"),
        ({"sessions": {"id": "x"}}, "sessions.global_id is missing"),
        ({"optional": ["x"]}, 'optional has "x"; it can have sessions, database, storage'),
        ({"beacon": ""}, "switch and beacon belong together; only one of them is given"),
    ],
)
def test_a_wrong_configuration_is_refused_before_anything_is_asked(change: dict[str, Any], problem: str) -> None:
    given = {
        "region": "r",
        "beacon": "b",
        "probe": {"protocol": "http", "host": "h", "port": 1, "path": "/"},
        "switch": {"bucket": "s"},
        "after_seconds": 20,
        **STORES,
    }
    parse(given)
    with pytest.raises(ConfigError) as refused:
        parse({**given, **change})
    assert str(refused.value) == problem
    with pytest.raises(ConfigError, match="FAILOVER is not set"):
        load({})
