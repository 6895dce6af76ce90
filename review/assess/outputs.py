"""The reason why the stack's outputs before or after are unknown."""

from collections.abc import Callable, Mapping
from typing import Any

from review.plan.model import Plan


def missing(plan: Plan, absent: Callable[[Mapping[str, Any]], str]) -> str:
    """The reason why a side is unknown; empty if both are known. `absent` names the outputs that one side lacks."""
    if plan.outputs_after is None:
        return "Without streaming the engine doesn't say what the stack's outputs will be."
    if lacking := absent(plan.outputs_after):
        return f"The stack has no output {lacking}."
    if plan.outputs_before is None:
        return "Nothing is deployed yet, so there is nothing to compare with."
    lacking = absent(plan.outputs_before)
    return f"The deployed stack has no output {lacking} to compare with." if lacking else ""
