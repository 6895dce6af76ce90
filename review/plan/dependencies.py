"""The plan that `pulumi preview --save-plan` writes: it knows who depends on whom, which streamed events don't say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from review.plan.events import UnreadableError


def dependencies_in(file: Path | None) -> dict[str, set[str]]:
    """By URN what each resource depends on. Nothing without a file: a preview that failed writes none."""
    if file is None or not file.exists():
        return {}
    try:
        plans = json.loads(file.read_text(encoding="utf-8"))["resourcePlans"]
        return {urn: dependencies(plan.get("goal") or {}) for urn, plan in plans.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"{file} is no plan of `pulumi preview --save-plan`") from error


def dependencies(resource: Mapping[str, Any]) -> set[str]:
    """URNs that one resource depends on, by its options and by its properties."""
    named = {*(resource.get("dependencies") or ())}
    return named.union(*(some or () for some in (resource.get("propertyDependencies") or {}).values()))
