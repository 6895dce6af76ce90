"""What every part's arguments have: tags, and nothing that isn't given."""

from typing import Any

import pulumi

from program.settings.model import Settings


def tags(site: Settings) -> dict[str, str]:
    """Tags on everything: the owner's, and which stack it belongs to."""
    return {**site.tags, "ha-web:stack": pulumi.get_stack()}


def without_none(**values: Any) -> dict[str, Any]:
    """The values that are given."""
    return {key: value for key, value in values.items() if value is not None}
