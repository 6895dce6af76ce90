"""From what a scenario left behind to its result: records and marks in, rows and figures out."""

from collections.abc import Sequence
from dataclasses import asdict

from rehearsal.drill.counting import orders, sessions
from rehearsal.drill.counting.service import service
from rehearsal.drill.counting.slices import slices
from rehearsal.drill.course import Course
from rehearsal.drill.load.records import Record
from rehearsal.drill.report.shape import Result
from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.verdicts import Computed, Measured, Verdict, worst


def judge(scenario: Scenario, course: Course, records: Sequence[Record], computed: Computed) -> Result:
    """Judge a scenario. Records may be of more than its time."""
    begin = course.fault_at or course.began
    own = [each for each in records if each["t"] >= course.began]
    measured = Measured(
        service(own, begin, course.ended, scenario.pace),
        sessions.count(own),
        orders.count(own),
        begin,
        scenario.pace,
        course.facts,
        course.broken_at,
    )
    rows = [] if course.trouble else [promise(measured, computed) for promise in scenario.promises]
    verdict = Verdict.VOID if course.trouble else worst([row.verdict for row in rows])
    if not course.trouble and not measured.service.requests:
        verdict, course.trouble = Verdict.VOID, "no request was made: the load did not run"
    return {
        **named(scenario, verdict, course.trouble),
        "began": course.began,
        "fault_at": begin,
        "ended": course.ended,
        "target": course.target,
        "rows": [row.plain() for row in rows],
        "service": asdict(measured.service) | {"share": measured.service.share},
        "sessions": asdict(measured.sessions),
        "orders": asdict(measured.orders),
        "places": {each["z"]: each["r"] for each in own if "z" in each and "r" in each},
        "slices": [each.plain() for each in slices(own, course.began, course.ended)],
        "marks": sorted(course.marks, key=lambda each: each["at"]),
    }


def not_run(scenario: Scenario, why: str) -> Result:
    """The result of a scenario that can't run on this stack."""
    return named(scenario, Verdict.NOT_RUN, why)


def named(scenario: Scenario, verdict: Verdict, why: str) -> Result:
    """A result without figures."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "breaks": scenario.breaks,
        "verdict": verdict.value,
        "why": why,
        "speed": scenario.pace,
        "began": 0.0,
        "fault_at": 0.0,
        "ended": 0.0,
        "target": "",
        "rows": [],
        "service": {},
        "sessions": {},
        "orders": {},
        "places": {},
        "slices": [],
        "marks": [],
    }
