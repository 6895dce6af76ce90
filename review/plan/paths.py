"""Property paths as the engine writes them: `healthCheck.interval`, `ingress[0].fromPort`, `tags["a.b"]`."""

import json
import re
from typing import Any

from review.plan.values import ABSENT, Mark

PART = re.compile(r'\.?([^.\[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')

Path = tuple[str | int, ...]


def parsed(path: str) -> Path:
    """The path's parts: names and indexes."""
    return tuple(
        int(index) if index else name or json.loads(f'"{quoted}"') for name, index, quoted in PART.findall(path)
    )


def written(path: Path) -> str:
    """The parts as one path."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.search(r"[.\[\]\"]", part):
            text += f"[{json.dumps(part)}]"
        else:
            text += f".{part}" if text else part
    return text


def found(value: Any, path: Path) -> Any:
    """The value at a path. Below something unknown or secret it is that again."""
    for part in path:
        if isinstance(value, Mark):
            return value
        value = child(value, part)
    return value


def child(value: Any, part: str | int) -> Any:
    """The value at one part of a path."""
    if isinstance(part, int):
        return value[part] if isinstance(value, list) and part < len(value) else ABSENT
    return value.get(part, ABSENT) if isinstance(value, dict) else ABSENT
