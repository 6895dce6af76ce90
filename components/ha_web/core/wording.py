"""Words that error messages share: the nearest known name, and values as settings write them."""

import difflib
import json
from collections.abc import Iterable


def nearest(key: str, known: Iterable[str]) -> str:
    """Return a clause that names the known key that was probably meant, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"the nearest known one is {close[0]}" if close else f"known are {', '.join(names)}"


def quoted(value: object) -> str:
    """Return a value as people write it in settings: strings in double quotes, on one line whatever is in them."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
