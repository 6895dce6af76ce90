"""A policy config with the rules of some frameworks only: `python -m resilience.frameworks fsbp checkov > config.json`.

Rules that a framework doesn't have are switched off, and its advice that is only given on request is switched on.
"""

import argparse
import json
from collections.abc import Collection, Mapping

from resilience import standards
from resilience.crosswalk import ids_by_rule
from resilience.reference import PILLARS
from resilience.rule import Rule
from resilience.rules import ALL

CATALOGUES = ("checkov", "prowler", "trusted-advisor")
"""Frameworks that are a whole catalogue of the crosswalk."""
WELL_ARCHITECTED = "well-architected"
FRAMEWORKS = (*standards.STANDARDS, *CATALOGUES, WELL_ARCHITECTED)


def requirements(rule: Rule) -> Mapping[str, tuple[str, ...]]:
    """For each standard that the rule is of, its requirements; none where only the standard is known."""
    ids = {name: set(of) for name, of in ids_by_rule().get(rule.name, {}).items()}
    ids.setdefault("security-hub", set()).add(rule.reference.id)
    return standards.requirements(ids)


def config(frameworks: Collection[str]) -> dict[str, str]:
    """The levels of all rules for these frameworks."""
    return {
        rule.name: "disabled" if not belongs(rule, frameworks) else "advisory"
        for rule in ALL
        if not belongs(rule, frameworks) or not rule.by_default
    }


def belongs(rule: Rule, frameworks: Collection[str]) -> bool:
    """Return whether one of the frameworks has what the rule judges."""
    of_catalogues = ids_by_rule().get(rule.name, {}).keys() & set(CATALOGUES)
    of_pillar = rule.reference.id[:3] in PILLARS and "-BP" in rule.reference.id
    has = {*of_catalogues, *requirements(rule), *([WELL_ARCHITECTED] if of_pillar else [])}
    return not has.isdisjoint(frameworks)


def main() -> None:
    """Print the config."""
    about = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m resilience.frameworks", description=about)
    parser.add_argument("framework", nargs="+", choices=FRAMEWORKS)
    print(json.dumps(config(parser.parse_args().framework), indent=2))


if __name__ == "__main__":
    main()
