"""Write what our own stacks are judged by: policy configs with the reasons of docs/compliance.md, and that page.

`--with CHOICE` writes nothing: it prints the policy config for production with other settings than ours.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resilience.crosswalk import catalogues, ids_by_rule
from resilience.rules import ALL
from resilience.standards import requirements, titles

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "program" / "compliance"
REASONS, CHOICES, PRODUCTION, DEVELOPMENT = (
    FOLDER / f"{name}.json" for name in ("reasons", "choices", "production", "development")
)
PROFILE = CHECKOUT / "policies" / "profiles" / "development.json"
PAGE = CHECKOUT / "docs" / "compliance.md"

HEAD = """# What is red, and why

Written by `make tables` from `program/compliance/reasons.json`. Our stacks are judged by every rule of the policy pack,
those on request included. These are the rules that they don't meet, with the checks of four catalogues that are red for
it, the requirements of the standards that these are for, and the reason. Every other finding is a fault: the tests
preview production, development and each strategy with these exemptions, and find nothing.
"""

CHOSEN = """## With other settings

Written from `program/compliance/choices.json`. A stack that makes one of these choices doesn't meet these rules either.
`PYTHONPATH=policies python -m tools.compliance --with "protocol tcp" --with storage` prints the policy config.
"""


def reasons() -> dict[str, str]:
    """Return, for each rule that our stacks don't meet, why.

    Raises:
        ValueError: a rule that there isn't; names it.
    """
    given: dict[str, str] = json.loads(REASONS.read_text())
    _check(given, REASONS)
    return given


def choices() -> dict[str, dict[str, str]]:
    """Return, for each choice that production doesn't make, the rules that a stack with it doesn't meet, and why.

    Raises:
        ValueError: a rule that there isn't; names it.
    """
    given: dict[str, dict[str, str]] = json.loads(CHOICES.read_text())
    for each in given.values():
        _check(each, CHOICES)
    return given


def _check(given: Iterable[str], file: Path) -> None:
    unknown = set(given) - {rule.name for rule in ALL}
    if unknown:
        raise ValueError(f"{file.name}: there is no rule {', '.join(sorted(unknown))}")


def config(profile: Mapping[str, Any], made_choices: Iterable[str] = ()) -> dict[str, Any]:
    """Return the policy config: the profile, the rules on request switched on, and the exemptions.

    Args:
        made_choices: some of `choices`.
    """
    made: dict[str, Any] = {rule.name: {"enforcementLevel": "advisory"} for rule in ALL if not rule.by_default}
    del made["recovery-worst-cases"]  # our own preview prints the sums
    for name, given in profile.items():
        made[name] = {"enforcementLevel": given} if isinstance(given, str) else dict(given)
    given_reasons = reasons()
    for choice in made_choices:
        given_reasons |= choices()[choice]
    for name, reason in given_reasons.items():
        made.setdefault(name, {})["exempt"] = [{"resource": "*", "reason": reason}]
    return dict(sorted(made.items()))


def page() -> str:
    """Return docs/compliance.md."""
    parts = [HEAD, *_table(reasons()), "", CHOSEN]
    for choice, given in choices().items():
        parts += [f"### {choice}", "", *_table(given), ""]
    parts.pop()
    parts += ["", f"Standards: {'; '.join(titles().values())}."]
    return "\n".join(parts) + "\n"


def _table(given: Mapping[str, str]) -> list[str]:
    sentences = {rule.name: rule.sentence for rule in ALL}
    names = {name: catalogue.title for name, catalogue in catalogues().items()}
    lines = [f"| Rule | {' | '.join(names.values())} | Standards | Why not |", "|---" * (len(names) + 3) + "|"]
    for name, reason in sorted(given.items()):
        ids = ids_by_rule().get(name, {})
        cells = [", ".join(ids.get(catalogue, ())) for catalogue in names]
        cells.append("; ".join(f"{each} {', '.join(asked)}".rstrip() for each, asked in requirements(ids).items()))
        lines.append(f"| `{name}`: {sentences[name]} | {' | '.join(cells)} | {reason} |")
    return lines


def pages() -> dict[Path, str]:
    """Return each file's text as it should be."""
    return {
        PRODUCTION: json.dumps(config({}), indent=2, ensure_ascii=False) + "\n",
        DEVELOPMENT: json.dumps(config(json.loads(PROFILE.read_text())), indent=2, ensure_ascii=False) + "\n",
        PAGE: page(),
    }


def main() -> int:
    """Write the files; the exit code is 1 if a reason is for no rule."""
    about = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m tools.compliance", description=about)
    parser.add_argument("--with", action="append", default=[], choices=[*choices()], dest="choices", metavar="CHOICE")
    chosen = parser.parse_args().choices
    try:
        found = pages()
        if chosen:
            print(json.dumps(config({}, chosen), indent=2, ensure_ascii=False))
            return 0
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path, text in found.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
