"""Standards that other catalogues' checks are for: `fsbp`, `nist`, `cis`, with their requirements where known.

`standards.json` has them by check and says what it was read from; `python -m tools.compliance_standards` of ha-web's
repository writes it.
"""

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_suffix(".json")
STANDARDS = ("fsbp", "nist", "cis")


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(DATA.read_text())
    return found


def titles() -> Mapping[str, str]:
    """The standards' own names, with their versions."""
    found: Mapping[str, str] = _data()["titles"]
    return found


def requirements(checks: Mapping[str, Collection[str]]) -> Mapping[str, tuple[str, ...]]:
    """For each standard that one of these checks is for, its requirements; none where only the standard is known.

    Args:
        checks: ids by catalogue, such as `security-hub`.
    """
    found: dict[str, set[str]] = {}
    for catalogue, of in _data()["checks"].items():
        for check in of.keys() & checks.get(catalogue, ()):
            for standard, given in of[check].items():
                found.setdefault(standard, set()).update(given)
    return {standard: tuple(sorted(found[standard])) for standard in STANDARDS if standard in found}
