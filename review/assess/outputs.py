"""The stack's outputs before and after: what can't be told of them, and why."""

from collections.abc import Callable, Mapping
from typing import Any

from review.plan.model import Plan


def missing(plan: Plan, absent: Callable[[Mapping[str, Any]], str]) -> str:
    """Which side can't be told; empty if both can. `absent` names what one side's outputs lack, if anything."""
    if plan.outputs_after is None:
        return "Without streaming the engine doesn't say what the stack's outputs will be."
    if lacking := absent(plan.outputs_after):
        return f"The stack has no output {lacking}."
    if plan.outputs_before is None:
        return "Nothing is deployed yet, so there is nothing to compare with."
    lacking = absent(plan.outputs_before)
    return f"The deployed stack has no output {lacking} to compare with." if lacking else ""
