"""The stack's monthly cost before and after, from its output `monthly_cost`."""

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
    """Items that differ: name, before, after. The largest difference first."""
    unknown: list[str]
    """Items without a price, which the sum leaves out."""
    prices: str
    """The price list and its date."""
    missing: str
    """The reason why a side is unknown; empty if both are known."""

    @property
    def difference(self) -> float:
        """The sum after, less the sum before."""
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def changed(self) -> bool:
        """True if the cost is known to differ."""
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
    """The items of the sum."""
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


def prices(name: str) -> str:
    """The prices' name with their date."""
    if not name:
        return "list prices of unknown date"
    return name if "list price" in name else f"list prices of {name}"


def absences(outputs: Mapping[str, Any]) -> str:
    """The name of the output, if it isn't there or has no sum."""
    return "`monthly_cost`" if total(output(outputs)) is None else ""


def dollars(amount: float) -> str:
    """An amount for people."""
    return f"${amount:,.2f}"


def signed(amount: float) -> str:
    """A difference for people."""
    return f"{'+' if amount >= 0 else '-'}${abs(amount):,.2f}"
