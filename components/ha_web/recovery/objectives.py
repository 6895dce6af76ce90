"""Recovery objectives of the owner, compared with the worst cases of the settings.

objectives, problems = RecoveryObjectives.parse({"region": {"recovery": "3m", "data_loss": "1m"}})
problems += objectives.problems(facts)      # one line for each objective that the settings can't meet
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ha_web.core.wording import nearest
from ha_web.recovery.assumptions import ASSUMED, Assumptions
from ha_web.recovery.dependencies import lost_region_problem
from ha_web.recovery.durations import format_duration, parse_duration
from ha_web.recovery.facts import Facts
from ha_web.recovery.remedies import remedies
from ha_web.recovery.terms import Sum, WorstCase
from ha_web.recovery.worst_cases import Failure, worst_case, worst_cases

KINDS = ("recovery", "data_loss")
"""The objectives of a failure: time until all users are served again (RTO), and age of lost changes (RPO)."""

WHY = {
    "sessions.zone-lag": "ElastiCache replicates asynchronously; ",
    "sessions.region-lag": "replication to another region is asynchronous; ",
    "sessions.multi-region-lag": "replication to another region is asynchronous; ",
    "database.region-lag": "replication to another region is asynchronous; ",
    "storage.region-lag": "replication to another region is asynchronous; ",
}
"""Explanations of terms, by name."""

ELSEWHERE = "nothing built in can lose none; DynamoDB global tables with strong consistency or Aurora DSQL could"


@dataclass(frozen=True)
class Objective:
    """The objectives for one failure, in seconds; None without one."""

    recovery: float | None = None
    data_loss: float | None = None


@dataclass(frozen=True)
class RecoveryObjectives:
    """Recovery objectives by failure.

    `parse` reads them from config; `problems` reports those that the settings can't meet, with the sum that shows it
    and the cheapest settings that would meet them.
    """

    objectives: Mapping[Failure, Objective] = field(default_factory=dict)

    @classmethod
    def parse(cls, config: Mapping[str, object], path: str = "objectives") -> tuple["RecoveryObjectives", list[str]]:
        """Return the objectives in `{"zone": {"recovery": "60s"}, ...}`, and a line for each problem.

        A failure is server, zone, region or corruption; of each, `recovery` and `data_loss` (or `dataLoss`) are
        durations such as 15s, 3m, 1h30m or 2d.

        Args:
            path: prefix of the keys in messages.
        """
        problems: list[str] = []
        found = {}
        known = [failure.value for failure in Failure]
        for key, value in config.items():
            if key not in known:
                problems.append(f"{path}.{key} is no failure; {nearest(str(key), known)}")
            elif not isinstance(value, Mapping):
                problems.append(f"{path}.{key} is {value!r}; it must be a map of {' and '.join(KINDS)}")
            else:
                found[Failure(key)] = _objective(value, f"{path}.{key}", problems)
        return cls(found), problems

    def problems(self, facts: Facts, assumptions: Assumptions = ASSUMED, path: str = "objectives") -> list[str]:
        """Return a line for each objective that the site can't meet."""
        cases = worst_cases(facts, assumptions)
        lost = lost_region_problem(facts)
        wants_region = Failure.REGION in self.objectives and self.objectives[Failure.REGION].recovery is not None
        problems = [f"{path}.{lost}"] if lost and wants_region else []
        return problems + [
            _unmet(failure, kind, declared, cases[failure], facts, assumptions, path)
            for failure, objective in self.objectives.items()
            for kind in KINDS
            if (declared := getattr(objective, kind)) is not None and _of(cases[failure], kind).seconds > declared
        ]


def _objective(config: Mapping[str, object], path: str, problems: list[str]) -> Objective:
    found: dict[str, float] = {}
    for key, value in config.items():
        kind = "data_loss" if key == "dataLoss" else key
        if kind not in KINDS:
            problems.append(f"{path}.{key} is unknown; {nearest(str(key), KINDS)}")
            continue
        try:
            found[kind] = parse_duration(value)
        except ValueError as reason:
            problems.append(f"{path}.{key} is {value!r}; {reason}")
    return Objective(**found)


def _of(case: WorstCase, kind: str) -> Sum:
    return case.recovery if kind == "recovery" else case.data_loss


def _unmet(
    failure: Failure,
    kind: str,
    declared: float,
    case: WorstCase,
    facts: Facts,
    assumptions: Assumptions,
    path: str,
) -> str:
    """Return the line for an objective that isn't met."""
    worst = _of(case, kind)

    def meets(site: Facts) -> bool:
        return _of(worst_case(site, failure, assumptions), kind).seconds <= declared

    declare = "" if math.isinf(worst.seconds) else f"declare {format_duration(worst.seconds)}"
    remedy = remedies(facts, meets)
    if remedy:
        advice = f"{_with_accelerator(remedy.text, facts, meets)}{', or ' if declare else ''}{declare}"
    else:
        cannot = ELSEWHERE if kind == "data_loss" and declared == 0 else "no setting meets it"
        advice = f"{cannot}{'; ' if declare else ''}{declare}"
    name = f"{path}.{failure}.{kind} is {format_duration(declared)}"
    return f"{name}; worst case is {shown(worst, kind)}; {WHY.get(worst.terms[0].name, '')}{advice}"


def _with_accelerator(text: str, facts: Facts, meets: Callable[[Facts], bool]) -> str:
    """Return the text with Global Accelerator beside Cloudflare if it would be enough, too; it is not built in."""
    alone = text == "use the Cloudflare edge (no TTL)"
    if alone and meets(replace(facts, accelerator=True)):
        return "use the Cloudflare edge or Global Accelerator (no TTL)"
    return text


def shown(worst: Sum, kind: str) -> str:
    """Return a worst case with its sum: `92s = 16s × 2 checks with time-out + 60s alias TTL`."""
    if not worst.terms:
        return "none"
    if math.isinf(worst.seconds):
        return f"{'never' if kind == 'recovery' else 'all'}: {worst.text}"
    return f"{format_duration(worst.seconds)} = {worst.text}"
