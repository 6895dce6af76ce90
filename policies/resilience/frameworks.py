"""A policy config with the rules of some frameworks only: `python -m resilience.frameworks fsbp checkov > config.json`.

Rules that a framework doesn't have are switched off, and its advice that is only given on request is switched on.
"""

import argparse
import json
from collections.abc import Collection

from resilience.crosswalk import ids_by_rule
from resilience.reference import PILLARS
from resilience.rule import Rule
from resilience.rules import ALL

OF_CATALOGUES = {
    "fsbp": "security-hub",
    "checkov": "checkov",
    "prowler": "prowler",
    "trusted-advisor": "trusted-advisor",
}
"""Frameworks that are a catalogue of the crosswalk."""
WELL_ARCHITECTED = "well-architected"
FRAMEWORKS = (*OF_CATALOGUES, WELL_ARCHITECTED)


def config(frameworks: Collection[str]) -> dict[str, str]:
    """The levels of all rules for these frameworks."""
    return {
        rule.name: "disabled" if not belongs(rule, frameworks) else "advisory"
        for rule in ALL
        if not belongs(rule, frameworks) or not rule.by_default
    }


def belongs(rule: Rule, frameworks: Collection[str]) -> bool:
    """Return whether one of the frameworks has what the rule judges."""
    catalogues = {OF_CATALOGUES[name] for name in frameworks if name in OF_CATALOGUES}
    if catalogues & ids_by_rule().get(rule.name, {}).keys():
        return True
    of_pillar = rule.reference.id[:3] in PILLARS and "-BP" in rule.reference.id
    return of_pillar if WELL_ARCHITECTED in frameworks else False


def main() -> None:
    """Print the config."""
    about = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m resilience.frameworks", description=about)
    parser.add_argument("framework", nargs="+", choices=FRAMEWORKS)
    print(json.dumps(config(parser.parse_args().framework), indent=2))


if __name__ == "__main__":
    main()
