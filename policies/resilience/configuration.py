"""Checks a policy configuration against the rules: `python -m resilience.configuration FILE` prints its problems.

Pulumi's engine checks the values of settings, but accepts a rule or a setting that doesn't exist: a typo would
silently leave a threshold at its default.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pulumi_policy import EnforcementLevel

from resilience.exemptions import SETTING
from resilience.rule import Rule
from resilience.rules import ALL

LEVEL = "enforcementLevel"
LEVELS = tuple(level.value for level in EnforcementLevel)
EVERY_RULE = "all"
"""Pulumi's name for the enforcement level of all rules."""
ENVIRONMENTS = "environments"
"""Pulumi's key for environments of Pulumi Cloud."""


def problems(config: Mapping[str, Any], rules: Iterable[Rule]) -> Iterator[str]:
    """The problems of a whole policy configuration: unknown rules, unknown settings, wrong enforcement levels."""
    by_name = {rule.name: rule for rule in rules}
    for name, given in config.items():
        if name == ENVIRONMENTS:
            continue
        rule = by_name.get(name)
        if rule is None and name != EVERY_RULE:
            yield f"{name}: there is no such rule{_suggestion(name, by_name)}"
            continue
        yield from (f"{name}: {problem}" for problem in _level_problems(given, rule))
        if rule and isinstance(given, Mapping):
            yield from (f"{name}: {problem}" for problem in unknown_settings(rule, given))


def unknown_settings(rule: Rule, given: Mapping[str, Any]) -> Iterator[str]:
    """The problems of a rule's configuration: settings that the rule doesn't have."""
    known = (*rule.settings, SETTING, LEVEL)
    for name in given:
        if name not in known:
            yield f"there is no setting `{name}`{_suggestion(name, known)}"


def _level_problems(given: Any, rule: Rule | None) -> Iterator[str]:
    level = given.get(LEVEL, LEVELS[0]) if isinstance(given, Mapping) else given
    if level not in LEVELS:
        yield f"`{level}` is not an enforcement level; use {', '.join(LEVELS[:-1])} or {LEVELS[-1]}"
    elif level == "remediate" and rule and rule.remedy is None:
        yield "this rule has no remediation; the catalogue marks those that have"


def _suggestion(name: str, known: Iterable[str]) -> str:
    found = get_close_matches(name, list(known), 1)
    return f"; did you mean `{found[0]}`?" if found else ""


def main() -> int:
    """Check one file; the exit code is 1 if it has problems."""
    parser = argparse.ArgumentParser(
        prog="python -m resilience.configuration", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("file", type=Path, help="the JSON file that --policy-pack-config gets")
    file = parser.parse_args().file
    found = list(problems(json.loads(file.read_text()), ALL))
    for problem in found:
        print(f"{file}: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
