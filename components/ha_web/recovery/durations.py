"""Durations in short form: `15s`, `3m`, `1h30m`, `4h`, `2d`."""

import math
import re

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds of each unit, largest first: the order in which they may be written."""

LARGEST_IN_SECONDS = 120
"""Below two minutes, seconds are easier to compare with settings, which are in seconds: 84s, not 1m24s."""


def parse_duration(text: object) -> float:
    """Return the seconds of a duration: units `d`, `h`, `m`, `s`, each once, largest first; `0` needs none.

    Raises ValueError with an example for anything else, a number without a unit too: 90 may be seconds to one reader
    and minutes to another.
    """
    written = str(text).strip()
    parts = re.fullmatch(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?", written)
    if written == "0":
        return 0.0
    if not parts or not any(parts.groups()):
        raise ValueError("write a duration with units, such as 15s, 3m, 1h30m or 2d")
    return sum(float(number or 0) * unit for number, unit in zip(parts.groups(), UNITS.values(), strict=True))


def format_duration(seconds: float) -> str:
    """Return a duration in its shortest exact form: 84 is `84s`, 180 `3m`, 204 `3m24s`, 5400 `1h30m`, 0.5 `0.5s`.

    Infinity is `never`.
    """
    if math.isinf(seconds):
        return "never"
    if seconds < LARGEST_IN_SECONDS:
        return f"{seconds:g}s"
    parts = []
    rest = seconds
    for unit, size in UNITS.items():
        count = rest if unit == "s" else rest // size
        rest -= count * size
        if count:
            parts.append(f"{count:g}{unit}")
    return "".join(parts)
