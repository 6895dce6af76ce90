"""Write what our own stacks are judged by: policy configs with the reasons of docs/compliance.md, and that page."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from resilience.crosswalk import catalogues, ids_by_rule
from resilience.rules import ALL
from resilience.standards import requirements, titles

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "program" / "compliance"
REASONS, PRODUCTION, DEVELOPMENT = (FOLDER / f"{name}.json" for name in ("reasons", "production", "development"))
PROFILE = CHECKOUT / "policies" / "profiles" / "development.json"
PAGE = CHECKOUT / "docs" / "compliance.md"

HEAD = """# What is red, and why

Written by `make tables` from `program/compliance/reasons.json`. Our stacks are judged by every rule of the policy pack,
those on request included. These are the rules that they don't meet, with the checks of four catalogues that are red for
it, the requirements of the standards that these are for, and the reason. Every other finding is a fault: the tests
preview production, development and each strategy with these exemptions, and find nothing.
"""


def reasons() -> dict[str, str]:
    """Return, for each rule that our stacks don't meet, why.

    Raises:
        ValueError: a rule that there isn't; names it.
    """
    given: dict[str, str] = json.loads(REASONS.read_text())
    unknown = given.keys() - {rule.name for rule in ALL}
    if unknown:
        raise ValueError(f"{REASONS.name}: there is no rule {', '.join(sorted(unknown))}")
    return given


def config(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy config: the profile, the rules on request switched on, and the exemptions."""
    made: dict[str, Any] = {rule.name: {"enforcementLevel": "advisory"} for rule in ALL if not rule.by_default}
    del made["recovery-worst-cases"]  # our own preview prints the sums
    for name, given in profile.items():
        made[name] = {"enforcementLevel": given} if isinstance(given, str) else dict(given)
    for name, reason in reasons().items():
        made.setdefault(name, {})["exempt"] = [{"resource": "*", "reason": reason}]
    return dict(sorted(made.items()))


def page() -> str:
    """Return docs/compliance.md."""
    sentences = {rule.name: rule.sentence for rule in ALL}
    names = {name: catalogue.title for name, catalogue in catalogues().items()}
    parts = [HEAD, f"| Rule | {' | '.join(names.values())} | Standards | Why not |", "|---" * (len(names) + 3) + "|"]
    for name, reason in sorted(reasons().items()):
        ids = ids_by_rule().get(name, {})
        cells = [", ".join(ids.get(catalogue, ())) for catalogue in names]
        cells.append("; ".join(f"{each} {', '.join(given)}".rstrip() for each, given in requirements(ids).items()))
        parts.append(f"| `{name}`: {sentences[name]} | {' | '.join(cells)} | {reason} |")
    parts += ["", f"Standards: {'; '.join(titles().values())}."]
    return "\n".join(parts) + "\n"


def pages() -> dict[Path, str]:
    """Return each file's text as it should be."""
    return {
        PRODUCTION: json.dumps(config({}), indent=2, ensure_ascii=False) + "\n",
        DEVELOPMENT: json.dumps(config(json.loads(PROFILE.read_text())), indent=2, ensure_ascii=False) + "\n",
        PAGE: page(),
    }


def main() -> int:
    """Write the files; the exit code is 1 if a reason is for no rule."""
    argparse.ArgumentParser(prog="python -m tools.compliance", description=__doc__).parse_args()
    try:
        found = pages()
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path, text in found.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
