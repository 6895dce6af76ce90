"""Leaving a zone and entering it again, as tables: what is done, in which order, and what refuses it."""

from dataclasses import replace
from typing import Any

import pytest

from ops.core.plan import Plan
from ops.status.facts import Quota
from ops.zone.facts import AUTOSHIFT, MARK, PRACTICE, Facts, Resource, Shift
from ops.zone.planning import away, back, missing, seconds_of, shown

NOW = 1_800_000_000.0
HOURS = 3600.0
OURS = Shift("az1", identifier="s1", until=NOW + 3 * HOURS, comment=f"{MARK} by ada@desk")
ANOTHERS = replace(OURS, comment="Ticket 12")
BY_AWS = Shift("az1", AUTOSHIFT)
FACTS = Facts(
    region="eu-west-1",
    balancer=Resource("web-lb", "arn:lb"),
    group=Resource("web", "arn:group"),
    serving={"az1": 1, "az2": 1, "az3": 1},
    members={"az1": 1, "az2": 1, "az3": 1},
    desired=3,
    maximum=12,
    needed=2,
    quota=Quota(64, 10, 2),
    names={"az1": "eu-west-1a"},
)


def of(balancer: tuple[Shift, ...] = (), group: tuple[Shift, ...] = (), **changed: Any) -> Facts:
    shifted = {
        "balancer": replace(FACTS.balancer, shifts=balancer),
        "group": replace(FACTS.group, shifts=group),
    }
    return replace(FACTS, **{**shifted, **changed})


def kinds(plan: Plan) -> list[str]:
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize(
    ("facts", "lasting", "expected"),
    [
        (of(), "", ["balancer", "group"]),
        (of(group=(OURS,)), "", ["balancer"]),
        (of((OURS,), (OURS,)), "", []),
        (of((ANOTHERS,), (OURS,)), "", []),
        (of((OURS,), (OURS,)), "3h", []),
        (of((OURS,), (OURS,)), "12h", ["balancer", "group"]),
        (of((BY_AWS,)), "", ["balancer", "group"]),
        (of((replace(OURS, kind=PRACTICE),)), "", ["balancer", "group"]),
        (of(group=(), serving={"az1": 2, "az2": 1, "az3": 0}), "", ["group", "servers", "balancer"]),
    ],
)
def test_users_leave_first_unless_servers_must_be_started_for_them(
    facts: Facts, lasting: str, expected: list[str]
) -> None:
    plan = away(facts, "az1", lasting=lasting, who="ada@desk", now=NOW)
    assert (kinds(plan), plan.refused) == (expected, ())


def test_a_group_whose_zonal_shift_is_off_gets_it_first() -> None:
    plan = away(replace(FACTS, group=replace(FACTS.group, managed=False)), "az1", now=NOW)
    assert kinds(plan) == ["balancer", "permit", "group"]


def test_the_shift_says_who_began_it_within_the_length_that_aws_takes() -> None:
    [step, _] = away(FACTS, "az1", who="a" * 200, now=NOW).steps
    assert step.about["comment"].startswith(f"{MARK} by aaa")
    assert (len(step.about["comment"]), step.about["for"]) == (128, "3h")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"serving": {"az1": 2, "az2": 1, "az3": 0}, "members": {"az1": 2, "az2": 1, "az3": 0}, "maximum": 3},
            "without az1 1 of 3 servers serve, and the load needs 2; web may have 3 in all, and az1 keeps its own",
        ),
        (
            {"serving": {"az1": 3, "az2": 0, "az3": 0}, "members": {"az1": 3}, "quota": Quota(12, 10, 2)},
            "without az1 0 of 3 servers serve, and the load needs 2; 2 more servers would take 4 vCPUs, and 2 are free",
        ),
        (
            {"serving": {"az1": 3}},
            "without az1 0 of 3 servers serve, and the load needs 2: there is no other zone; --force",
        ),
    ],
)
def test_zones_that_do_not_carry_the_load_refuse_it_unless_forced(changed: dict[str, Any], reason: str) -> None:
    plan = away(of(**changed), "az1", now=NOW)
    assert [each[: len(reason)] for each in plan.refused] == [reason]
    forced = away(of(**changed), "az1", force=True, now=NOW)
    assert (forced.refused, kinds(forced)) == ((), ["balancer", "group"])


def test_a_network_load_balancer_that_aws_does_not_shift_is_told_of_and_tried_with_force() -> None:
    facts = replace(FACTS, ends_connections=True)
    [said] = away(facts, "az1", now=NOW).refused
    assert said.startswith("web-lb is a Network Load Balancer that balances across zones and ends connections to unh")
    assert kinds(away(facts, "az1", force=True, now=NOW)) == ["balancer", "group"]
    assert away(replace(facts, crosses=False), "az1", now=NOW).refused == ()


@pytest.mark.parametrize(
    ("members", "desired", "text"),
    [
        ({"az1": 2, "az2": 1, "az3": 0}, 3, "start 1 more server outside of az1"),
        (
            {"az1": 2, "az2": 1, "az3": 0},
            4,
            "wait until 1 more server outside of az1 serve",
        ),  # an interrupted run wanted it
        ({"az1": 2, "az2": 1, "az3": 1}, 4, "wait until 1 more server outside of az1 serve"),
    ],
)
def test_servers_that_are_coming_are_not_ordered_twice(members: dict[str, int], desired: int, text: str) -> None:
    facts = of(serving={"az1": 2, "az2": 1, "az3": 0}, members=members, desired=desired)
    plan = away(facts, "az1", now=NOW)
    [step] = [step for step in plan.steps if step.kind == "servers"]
    assert step.text.startswith(text)


def test_without_balancing_across_zones_each_zone_needs_its_share() -> None:
    facts = of(serving={"az1": 0, "az2": 4, "az3": 0}, needed=4, crosses=False)
    assert missing(facts.serving, "az1", facts) == 2
    assert missing(facts.serving, "az1", replace(facts, crosses=True)) == 0
    assert "sends nothing across zones" in away(facts, "az1", now=NOW).notes[-1]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            of((replace(OURS, zone="az2"),)),
            "web-lb is kept out of az2 until 2027-01-15 11:00 UTC, and AWS lets it leave one zone at a time",
        ),
        (replace(FACTS, balancer=replace(FACTS.balancer, managed=False)), "web-lb has zonal shift off; the next `pulu"),
    ],
)
def test_what_aws_would_refuse_is_refused_also_with_force(facts: Facts, reason: str) -> None:
    [said] = away(facts, "az1", force=True, now=NOW).refused
    assert said.startswith(reason)


def test_what_others_began_is_told() -> None:
    assert away(of((BY_AWS,)), "az1", now=NOW).notes == (
        "web-lb is kept out of az1 until the zone is well, by AWS itself (zonal autoshift); what a person starts has "
        "precedence",
    )


@pytest.mark.parametrize(
    ("facts", "zone", "others", "expected"),
    [
        (of((OURS,), (OURS,)), "", False, ["end group", "end balancer"]),
        (of((OURS,), (OURS,)), "az1", False, ["end group", "end balancer"]),
        (of((OURS,), (OURS,)), "az2", False, []),
        (of((ANOTHERS,), (OURS,)), "", False, ["end group"]),
        (of((ANOTHERS,), (OURS,)), "", True, ["end group", "end balancer"]),
        (of((BY_AWS,)), "", True, []),
        (of(), "", False, []),
    ],
)
def test_only_what_was_begun_here_ends_unless_all_is_to(
    facts: Facts, zone: str, others: bool, expected: list[str]
) -> None:
    assert kinds(back([facts], zone=zone, others=others)) == expected


def test_what_stays_is_told_with_what_ends_it() -> None:
    plan = back([of((ANOTHERS, BY_AWS), serving={"az1": 0})], ["eu-central-1: doesn't answer"])
    assert plan.notes == (
        "eu-central-1: doesn't answer",
        'web-lb is kept out of az1 until 2027-01-15 11:00 UTC, by somebody else ("Ticket 12"): that stays; --all ends '
        "it, too",
        "web-lb is kept out of az1 until the zone is well, by AWS itself (zonal autoshift): that stays",
    )
    assert "no server serves in az1 yet" in back([of((OURS,), serving={"az1": 0})]).notes[0]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90m", 5400.0),
        ("3h", 10800.0),
        ("72h", 259200.0),
        ("73h", None),
        ("4321m", None),
        ("3d", None),
        ("0h", None),
        ("", None),
    ],
)
def test_times_are_those_that_aws_takes(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_a_region_is_shown_in_a_few_lines() -> None:
    unmanaged = replace(FACTS.group, managed=False)
    assert shown(of((OURS,), group=())) == [
        f'web-lb is kept out of az1 until 2027-01-15 11:00 UTC, by "{MARK} by ada@desk"',
        "web: in all zones",
        "zonal autoshift with practice runs: off",
        "servers: az1 (eu-west-1a) 1, az2 (?) 1, az3 (?) 1; 2 needed",
    ]
    assert "web: zonal shift is off" in shown(replace(FACTS, group=unmanaged))[1]
