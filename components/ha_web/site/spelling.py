"""The two spellings of a setting's name in texts: camelCase, as a stack file has it, and a field's own."""

import re
from collections.abc import Iterator
from functools import cache

from ha_web.site.model import Settings
from ha_web.site.reader import group_of, keys_of, kinds_of

QUOTED = r'"(?:[^"\\]|\\.)*"|' + r"(?<!\w)'[^']*'(?!\w)"
"""What somebody wrote, which is repeated as it is."""


def in_python(text: str) -> str:
    """Return a text about settings with their names as the arguments of a Site have them: `lock_after_days`."""
    names, pattern = _names()
    return pattern.sub(lambda found: names.get(found[0], found[0]), text)


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    names = {key: field_name for key, field_name in _keys(Settings) if key != field_name}
    longest_first = sorted(names, key=len, reverse=True)
    return names, re.compile(rf"{QUOTED}|\b(?:{'|'.join(longest_first)})\b")


def _keys(settings: type) -> Iterator[tuple[str, str]]:
    kinds = kinds_of(settings)
    for key, field in keys_of(settings).items():
        yield key, field.name
        if group := group_of(kinds[key]):
            yield from _keys(group)
