"""What the stack costs a month, before and after, by its output `monthly_cost`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from review.assess.outputs import missing
from review.plan.model import Plan

CENT = 0.005


@dataclass(frozen=True)
class Cost:
    """Two sums in US dollars a month."""

    before: float | None
    after: float | None
    items: list[tuple[str, float, float]]
    """What differs: what for, before, after. The largest difference first."""
    unknown: list[str]
    """What has no price, so that the sum leaves it out."""
    prices: str
    """Which prices, and of when."""
    missing: str
    """Why something can't be told; empty if all can."""

    @property
    def difference(self) -> float:
        """How much more it is afterwards."""
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def changed(self) -> bool:
        """Whether it is known to cost something else."""
        return self.before is not None and self.after is not None and (bool(self.items) or abs(self.difference) > CENT)


def cost_of(plan: Plan) -> Cost:
    """Compare the output before and after."""
    old, new = output(plan.outputs_before), output(plan.outputs_after)
    dated = new or old
    return Cost(
        before=total(old),
        after=total(new),
        items=differing(items(old), items(new)) if old and new else [],
        unknown=[str(each) for each in listed(new.get("unknown"))],
        prices=prices(str(dated.get("prices", ""))),
        missing=missing(plan, absences),
    )


def output(outputs: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The output, or nothing."""
    value = (outputs or {}).get("monthly_cost")
    return value if isinstance(value, Mapping) else {}


def total(cost: Mapping[str, Any]) -> float | None:
    """The sum, if it is there and known."""
    value = cost.get("total")
    return float(value) if isinstance(value, int | float) else None


def items(cost: Mapping[str, Any]) -> dict[str, float]:
    """What the sum is made of."""
    parts = cost.get("items")
    return {k: float(v) for k, v in parts.items() if isinstance(v, int | float)} if isinstance(parts, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """A list, or nothing."""
    return value if isinstance(value, list) else []


def differing(before: Mapping[str, float], after: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """The items that differ by a cent or more."""
    pairs = [(name, before.get(name, 0.0), after.get(name, 0.0)) for name in {*before, *after}]
    differ = [each for each in pairs if abs(each[2] - each[1]) > CENT]
    return sorted(differ, key=lambda each: (-abs(each[2] - each[1]), each[0]))


def prices(told: str) -> str:
    """The prices' name with their date."""
    if not told:
        return "list prices of unknown date"
    return told if "list price" in told else f"list prices of {told}"


def absences(outputs: Mapping[str, Any]) -> str:
    """The name of the output, if it isn't there or has no sum."""
    return "`monthly_cost`" if total(output(outputs)) is None else ""


def dollars(amount: float) -> str:
    """An amount for people."""
    return f"${amount:,.2f}"


def signed(amount: float) -> str:
    """A difference for people."""
    return f"{'+' if amount >= 0 else '-'}${abs(amount):,.2f}"
