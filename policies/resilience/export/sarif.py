"""SARIF 2.1.0 of the findings, for code scanning: `python -m resilience.export.sarif EVENTS > findings.sarif`.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resilience.crosswalk import ids_by_rule
from resilience.export.findings import Finding, findings
from resilience.rule import Rule, Severity
from resilience.rules import ALL

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""Code hosts sort by this score: critical from 9.0, high from 7.0, medium from 4.0."""


def sarif(found: Iterable[Finding], program: str = "Pulumi.yaml") -> dict[str, Any]:
    """The log; `program` is the file that all findings are shown at, for a resource has no line."""
    by_name = {rule.name: rule for rule in ALL}
    shown = [each for each in found if each.rule in by_name and not each.is_unknown]
    named = list(dict.fromkeys(each.rule for each in shown))
    driver = {
        "name": "resilience",
        "informationUri": "https://www.pulumi.com/docs/insights/policy/",
        "rules": [_rule(by_name[name]) for name in named],
    }
    results = [_result(each, named.index(each.rule), program) for each in shown]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(rule: Rule) -> dict[str, Any]:
    ids = [check for of in ids_by_rule().get(rule.name, {}).values() for check in of]
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.sentence},
        "helpUri": rule.reference.url,
        "properties": {
            "security-severity": SCORES[rule.severity],
            "tags": list(dict.fromkeys([rule.reference.id, *ids])),
        },
    }


def _result(finding: Finding, index: int, program: str) -> dict[str, Any]:
    logical = {"fullyQualifiedName": finding.urn, "name": finding.resource, "kind": "resource"}
    physical = {"artifactLocation": {"uri": program}, "region": {"startLine": 1}}
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error" if finding.level == "mandatory" else "warning",
        "message": {"text": f"{finding.resource}: {finding.message}"},
        "locations": [{"physicalLocation": physical, "logicalLocations": [logical]}],
        "partialFingerprints": {"resource/v1": f"{finding.rule}:{finding.urn}"},
    }


def main() -> None:
    """Print the log."""
    parser = argparse.ArgumentParser(
        prog="python -m resilience.export.sarif", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("events", type=Path, help="output of `pulumi preview --json`, or a file of --event-log")
    parser.add_argument("--program", default="Pulumi.yaml", help="the file to show findings at")
    given = parser.parse_args()
    try:
        found = findings(given.events.read_text().splitlines())
    except (OSError, ValueError) as error:
        parser.error(f"{given.events}: {error}")
    print(json.dumps(sarif(found, given.program), indent=2))


if __name__ == "__main__":
    main()
