"""Words that messages share: the nearest known name, and values as settings write them."""

import difflib
from collections.abc import Iterable


def nearest(key: str, known: Iterable[str]) -> str:
    """Say which known key was meant, or which there are."""
    names = sorted(known)
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"the nearest known one is {close[0]}" if close else f"known are {', '.join(names)}"


def quoted(value: object) -> str:
    """A value as people write it in settings: texts in double quotes."""
    return f'"{value}"' if isinstance(value, str) else str(value)
