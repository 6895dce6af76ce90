"""A page of maintenance as tables: what is turned on, what is put back, and what refuses it."""

from dataclasses import replace
from typing import Any

import pytest

from ops.core.maintenance_note import Note
from ops.core.plan import Plan
from ops.maintenance.page import Page
from ops.maintenance.planning import Balancer, Facts, Listener, off, on

PAGE, OTHER = Page("one", "text/plain"), Page("two", "text/plain")
PATHS = ("/healthz",)
PLAIN = Listener("arn:listener", "arn:group")
PAGED = replace(PLAIN, passes="arn:1", answers="arn:2", page=PAGE, paths=PATHS)
NOTE = Note("ada@desk", 1_800_000_000.0, "watch")


def of(listener: Listener = PLAIN, **changed: Any) -> Facts:
    balancers = tuple(Balancer(region, "web", listeners=(listener,), healthy=3) for region in ("eu-west-1", "eu-cen"))
    return replace(Facts(balancers, schedule="watch", armed=True, paths=PATHS), **changed)


def kinds(plan: Plan) -> list[str]:
    return [step.kind for step in plan.steps]


@pytest.mark.parametrize(
    ("facts", "page", "expected"),
    [
        (of(), PAGE, ["note", "disarm", "page", "page"]),
        (of(schedule="", armed=False), PAGE, ["note", "page", "page"]),
        (of(note=NOTE, armed=False), PAGE, ["page", "page"]),  # interrupted after the automation was stopped
        (of(note=NOTE), PAGE, ["disarm", "page", "page"]),
        (of(replace(PAGED, answers="", page=None), note=NOTE, armed=False), PAGE, ["page", "page"]),
        (of(PAGED, note=NOTE, armed=False), PAGE, []),
        (of(PAGED, note=NOTE, armed=False), OTHER, ["page", "page"]),
        (of(PAGED, note=NOTE, armed=False, paths=("/healthz", "/readyz")), PAGE, ["page", "page"]),
    ],
)
def test_what_is_on_already_is_left_out(facts: Facts, page: Page, expected: list[str]) -> None:
    plan = on(facts, page)
    assert (kinds(plan), plan.refused) == (expected, ())


def test_the_note_has_the_rule_that_was_enabled_and_no_other() -> None:
    assert on(of(), PAGE).steps[0].about["schedule"] == "watch"
    assert on(of(armed=False), PAGE).steps[0].about["schedule"] == ""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (of(PAGED, note=NOTE, armed=False), ["remove", "remove", "arm", "forget"]),
        (of(note=NOTE, armed=False), ["arm", "forget"]),  # interrupted after the pages were gone
        (of(note=NOTE), ["forget"]),
        (of(PAGED, note=replace(NOTE, schedule=""), armed=False), ["remove", "remove", "forget"]),
        (of(PAGED, armed=False), ["remove", "remove"]),
        (of(replace(PAGED, answers=""), note=NOTE, armed=False), ["remove", "remove", "arm", "forget"]),
        (of(), []),
    ],
)
def test_exactly_what_was_before_is_put_back(facts: Facts, expected: list[str]) -> None:
    assert kinds(off(facts)) == expected


def test_a_rule_that_was_disabled_before_stays_so_and_that_is_told() -> None:
    [note] = off(of(PAGED, armed=False)).notes
    assert note == "watch is disabled, and was before, or nobody noted it: it stays so"


def test_the_page_stays_while_no_server_is_healthy_unless_forced() -> None:
    dead = of(PAGED, note=NOTE, armed=False)
    dead = replace(dead, balancers=tuple(replace(each, healthy=0) for each in dead.balancers))
    assert off(dead).refused[0].startswith("no server is healthy in any region")
    assert off(dead, force=True).refused == ()
    one = replace(dead, balancers=(dead.balancers[0], replace(dead.balancers[1], healthy=1)))
    assert off(one).refused == ()  # a standby that is a pilot light has none


@pytest.mark.parametrize(
    ("balancer", "reason"),
    [
        (
            Balancer("eu-west-1", "web", application=False),
            "web in eu-west-1 is a Network Load Balancer: it passes byte",
        ),
        (Balancer("eu-west-1", "web"), "web in eu-west-1 has no listener that sends users to servers"),
        (
            Balancer("eu-west-1", "web", listeners=(replace(PLAIN, lowest=2),)),
            "web in eu-west-1 has a rule of priority 2, which isn't this command's; the page needs 1 and 2",
        ),
    ],
)
def test_what_can_not_answer_is_refused(balancer: Balancer, reason: str) -> None:
    [said] = on(of(balancers=(balancer,)), PAGE).refused
    assert said.startswith(reason)
    assert on(of(replace(PLAIN, lowest=3)), PAGE).refused == ()
