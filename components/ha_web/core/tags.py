"""Tags that the components put on their resources."""

import re
from collections.abc import Mapping

from ha_web.core.wording import quoted

LONGEST_TAG_KEY = 128
LONGEST_TAG_VALUE = 256
MOST_TAGS = 40
"""Of the 50 that AWS takes on a resource; the rest is left to the components' own and to the provider's default tags.
https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""

TAG_CHARACTERS = re.compile(r"[\w .:/=+\-@]*")
"""Letters, digits and spaces of any script, and the marks that every service takes (same page)."""

BACKUP_TAG = "ha-web:backup"
"""The tag that backup plans select resources by. Its value is `BACKUP_TAG_VALUE`, or the reason for no backup."""

BACKUP_TAG_VALUE = "true"

NO_BACKUP = "no: "
"""Prefix of the tag's value on a resource that needs no backup; the reason follows."""

NO_BACKUP_LOGS = "no: logs"
"""Logs expire by themselves, and nothing is restored from them."""

NO_BACKUP_SWITCH = "no: switch"
"""The failover switch is one object, which is there or isn't; a restored one would switch the site back."""

NO_BACKUP_REPORTS = "no: reports"
"""Reports about backups are written anew each day."""

NO_BACKUP_REPLACEABLE = "no: replaceable"
"""Its content can be fetched again from its source: images, artifacts, caches."""


def named(
    name: str, tags: dict[str, str] | None = None, *, backed_up: bool = False, no_backup: str = ""
) -> dict[str, str]:
    """Return the tags of a resource: the caller's, a Name for the console, and the backup tag if it holds state.

    Args:
        no_backup: one of the NO_BACKUP_ values, for a resource that only looks as if it held state: a bucket of logs.
    """
    value = BACKUP_TAG_VALUE if backed_up else no_backup
    return {**(tags or {}), "Name": name, **({BACKUP_TAG: value} if value else {})}


def tag_problems(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each tag's key that AWS would refuse, or that a component sets itself, with the reason; "" is all of them.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    """
    found = []
    for key, value in tags.items():
        if not 1 <= len(key) <= LONGEST_TAG_KEY or not TAG_CHARACTERS.fullmatch(key):
            reason = f"1 to {LONGEST_TAG_KEY} letters, digits, spaces and . : / = + - @ _"
            found.append((key, f"has a key that AWS refuses: {reason}"))
        elif key.lower().startswith("aws:") or value.lower().startswith("aws:"):
            found.append((key, "begins with aws:, or its value does, which AWS keeps to itself"))
        elif key in ("Name", BACKUP_TAG):
            found.append((key, "is set by the components, on each resource as it needs"))
        if len(value) > LONGEST_TAG_VALUE or not TAG_CHARACTERS.fullmatch(value):
            shown = quoted(value) if len(value) <= LONGEST_TAG_VALUE else f"{len(value)} characters long"
            reason = f"a value has at most {LONGEST_TAG_VALUE} letters, digits, spaces and . : / = + - @ _"
            found.append((key, f"is {shown}; {reason}"))
    if len(tags) > MOST_TAGS:
        found.append(("", f"has {len(tags)} tags; at most {MOST_TAGS} leave room for the components' own"))
    return found
