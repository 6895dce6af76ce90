"""Helpers of all arguments: tags, and arguments without None."""

from typing import Any

import pulumi

from ha_web.site.model import Settings


def tags(site: Settings) -> dict[str, str]:
    """Return the tags of all resources: the owner's, and the stack's name."""
    return {**site.tags, "ha-web:stack": pulumi.get_stack()}


def database_part(restored: str | None) -> str:
    """Return the name of the global database of a restored database, or of the first."""
    return f"database-{restored}" if restored else "database"


def without_none(**values: Any) -> dict[str, Any]:
    """Return the values that are not None."""
    return {key: value for key, value in values.items() if value is not None}
