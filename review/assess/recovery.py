"""Recovery before and after: declared objectives and computed worst cases."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.assess.outputs import missing
from review.plan.model import Plan

KINDS = {"recovery": "time to recover", "data_loss": "data lost"}
ENDLESS = {"recovery": "never", "data_loss": "all"}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Shift:
    """One figure of one failure that moves."""

    failure: str
    what: str
    before: str
    after: str
    worse: bool
    why: str = ""
    """The parts of the sum that differ."""


@dataclass(frozen=True)
class Recovery:
    """Recovery objectives and worst cases, from the stack's outputs."""

    objectives: list[Shift]
    worst_cases: list[Shift]
    declared: list[str]
    """The objectives that hold afterwards, a phrase each."""
    standing: list[str]
    """The worst cases that hold afterwards, a phrase each."""
    missing: str
    """The reason why a side is unknown; empty if both are known."""


def recovery_of(plan: Plan) -> Recovery:
    """Compare the outputs `objectives` and `recovery`, where both sides have them."""
    before, after = plan.outputs_before or {}, plan.outputs_after or {}
    objectives = [side.get("objectives") for side in (before, after)]
    cases = [side.get("recovery") for side in (before, after)]
    return Recovery(
        objectives=objective_shifts(*map(objects, objectives)) if both(objectives) else [],
        worst_cases=case_shifts(*map(objects, cases)) if both(cases) else [],
        declared=[declared(failure, each) for failure, each in sorted(objects(declared_now(plan)).items())],
        standing=[standing(failure, case) for failure, case in sorted(objects(cases[1]).items())],
        missing=missing(plan, absences),
    )


def both(sides: list[Any]) -> bool:
    """Return whether both sides have the output."""
    return all(isinstance(side, Mapping) for side in sides)


def absences(outputs: Mapping[str, Any]) -> str:
    """Names of the outputs that aren't there."""
    return " or ".join(f"`{name}`" for name in ("objectives", "recovery") if not isinstance(outputs.get(name), Mapping))


def declared_now(plan: Plan) -> Any:
    """The output, or else the setting of that name in the stack's config."""
    if plan.outputs_after and "objectives" in plan.outputs_after:
        return plan.outputs_after["objectives"]
    configured = next((value for key, value in plan.config.items() if key.endswith(":objectives")), "{}")
    try:
        return json.loads(configured)
    except ValueError:
        return {}


def declared(failure: str, objective: Mapping[str, Any]) -> str:
    """An objective in a phrase."""
    parts = [f"{what} {objective[kind]}" for kind, what in KINDS.items() if kind in objective]
    return f"{failure}: {', '.join(parts)}"


def objects(value: Any) -> Mapping[str, Mapping[str, Any]]:
    """A mapping of mappings; what is none is left out."""
    if not isinstance(value, Mapping):
        return {}
    return {key: each for key, each in value.items() if isinstance(each, Mapping)}


def objective_shifts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Shift]:
    """Objectives that were declared otherwise. Longer, or none any more, is worse."""
    shifts = []
    for failure in sorted({*before, *after}):
        for kind, what in KINDS.items():
            old, new = (str(side.get(failure, {}).get(kind, "none")) for side in (before, after))
            if old != new:
                shifts.append(Shift(failure, what, old, new, worse=new == "none" or longer(seconds(old), seconds(new))))
    return shifts


def case_shifts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Shift]:
    """Worst cases that come to something else."""
    shifts = []
    for failure in sorted({*before, *after}):
        for kind, what in KINDS.items():
            old, new = (side.get(failure, {}).get(kind) for side in (before, after))
            first, second = total(old, kind), total(new, kind)
            if first != second:
                worse = longer(number(old), number(new)) and old is not None
                shifts.append(Shift(failure, what, first, second, worse, reasons(old, new)))
    return shifts


def total(case: Any, kind: str) -> str:
    """A sum for people."""
    if not isinstance(case, Mapping) or "seconds" not in case:
        return "not known"
    return duration(case["seconds"]) if isinstance(case["seconds"], int | float) else ENDLESS[kind]


def number(case: Any) -> float | None:
    """A sum in seconds: endless where it is None, None where there is no sum."""
    if not isinstance(case, Mapping) or "seconds" not in case:
        return None
    return float(case["seconds"]) if isinstance(case["seconds"], int | float) else float("inf")


def longer(before: float | None, after: float | None) -> bool:
    """Return whether the figure after is longer than the one before."""
    return before is not None and after is not None and after > before


def reasons(old: Any, new: Any) -> str:
    """The terms that differ, before and after."""
    before, after = terms(old), terms(new)
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return "; ".join(f"{before.get(name, 'nothing')} → {after.get(name, 'nothing')}" for name in names)


def terms(case: Any) -> dict[str, str]:
    """The sum's parts by name."""
    listed = case.get("terms") if isinstance(case, Mapping) else None
    return {str(each.get("name")): str(each.get("text")) for each in listed or () if isinstance(each, Mapping)}


def standing(failure: str, case: Mapping[str, Any]) -> str:
    """A worst case in a phrase."""
    recovery, lost = total(case.get("recovery"), "recovery"), total(case.get("data_loss"), "data_loss")
    return f"{failure}: {recovery}, loses {'nothing' if lost == '0s' else lost}"


def seconds(text: str) -> float | None:
    """A duration as it is configured, `1h30m`, in seconds; None if it is none."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    if not parts or "".join(a + b for a, b in parts) != text:
        return None
    return sum(float(amount) * UNITS[unit] for amount, unit in parts)


def duration(amount: float) -> str:
    """Seconds for people: `4m45s`."""
    rest, text = round(amount, 1), ""
    for unit in ("d", "h", "m"):
        whole, rest = divmod(rest, UNITS[unit])
        text += f"{whole:.0f}{unit}" if whole else ""
    return f"{text}{rest:g}s" if rest or not text else text
