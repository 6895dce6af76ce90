"""Write `policies/resilience/standards.json`: which compliance standards the checks of the crosswalk are for.

`python -m tools.compliance_standards CONTROLS.jsonl GUIDE PROWLER`: what is read is public.

- CONTROLS.jsonl: Security Hub's controls, one a line with its `ApplicableStandards`, as iainelder/security-hub-controls
  keeps them. It decides which standard has a control.
- GUIDE: `doc_source` of awsdocs/aws-security-hub-user-guide at its last commit that has it. It has the requirements
  of NIST that a control is for; controls that came after it are of the standard without a requirement.
- PROWLER: `prowler/compliance/aws` of prowler-cloud/prowler. It says which of Prowler's checks a requirement has.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resilience.crosswalk import catalogues
from resilience.rules import ALL

FILE = Path(__file__).resolve().parents[1] / "policies" / "resilience" / "standards.json"

STANDARDS = {
    "fsbp": "AWS Foundational Security Best Practices",
    "nist": "NIST SP 800-53 Rev. 5",
    "cis": "CIS AWS Foundations Benchmark v5.0.0",
}
"""By the names that Security Hub gives them; a version may follow."""
OF_PROWLER = {"nist": "nist_800_53_revision_5_aws.json", "cis": "cis_5.0_aws.json"}
"""Prowler's file of each: of the same version of CIS as Security Hub's newest."""
SOURCES = [
    "https://github.com/iainelder/security-hub-controls of 2026-03-10: the standards that have a control",
    "https://github.com/awsdocs/aws-security-hub-user-guide of 2023-06-15: the requirements of NIST for a control",
    "https://github.com/prowler-cloud/prowler of 2026-08-21 (5.40): the requirements that have a check of Prowler's",
]

NIST = re.compile(r"NIST\.800-53\.r5 ([A-Z]{2}-\d+(?:\(\d+\))?)")
"""A requirement in the guide: `NIST.800-53.r5 SC-7(10)`."""

Requirements = dict[str, list[str]]
"""For a check, by standard, the requirements that it is for; none where only the standard is known."""


def standards(lines: Iterable[str]) -> dict[str, set[str]]:
    """Return for each control of Security Hub, in lower case, the standards that have it."""
    controls = [json.loads(line) for line in lines if line.strip()]
    return {
        control["Id"].lower(): {
            name for name, title in STANDARDS.items() if any(title in each for each in control["ApplicableStandards"])
        }
        for control in controls
    }


def nist_of_guide(pages: Iterable[str]) -> dict[str, list[str]]:
    """Return for each control of Security Hub, in lower case, the requirements of NIST that its section names."""
    found: dict[str, list[str]] = {}
    for page in pages:
        for section in page.replace("\\", "").split("\n## [")[1:]:
            control, _, text = section.partition("]")
            related = re.search(r"\*\*Related requirements:\*\*(.*)", text)
            found[control.lower()] = NIST.findall(related[1]) if related else []
    return found


def of_prowler(standard: str, requirements: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return for each check of Prowler's the requirements of a standard that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for requirement in requirements:
        for check in dict.fromkeys(requirement["Checks"]):
            found[check].append(nist_id(requirement["Id"]) if standard == "nist" else requirement["Id"])
    return found


def nist_id(name: str) -> str:
    """Return NIST's own form of an id: `AC-3(7)` for `ac_3_7`."""
    family, number, *rest = name.split("_")
    return f"{family.upper()}-{number}{''.join(f'({each})' for each in rest)}"


def pattern(check: str) -> re.Pattern[str]:
    """Return what a check of the crosswalk stands for: `..._port_22/3389` and `ec2_ami_*` are several."""
    parts = re.split(r"(\*|\.\.\.|<\w+>|\w+/\w+(?=$))", check)
    return re.compile("".join(".*" if re.fullmatch(r"\*|\.\.\.|<\w+>", part) else _choice(part) for part in parts))


def _choice(part: str) -> str:
    head, slash, last = part.rpartition("/")
    stem, underscore, first = head.rpartition("_")
    return f"{re.escape(stem + underscore)}(?:{first}|{last})" if slash else re.escape(part)


def security_hub_checks(known: Mapping[str, set[str]], guide: Mapping[str, list[str]]) -> dict[str, Requirements]:
    """Return the requirements of each control that the crosswalk or a rule names.

    A control that came after the list was made is one of AWS's best practices.
    """
    named = [check.id for check in catalogues()["security-hub"].checks]
    named += [rule.reference.id for rule in ALL if re.fullmatch(r"[A-Za-z0-9]+\.\d+", rule.reference.id)]
    return {
        control: {
            name: sorted(set(guide.get(control.lower(), ()))) if name == "nist" else []
            for name in STANDARDS
            if name in known.get(control.lower(), {"fsbp"})
        }
        for control in dict.fromkeys(named)
    }


def prowler_checks(by_standard: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Requirements]:
    """Return the requirements of each of Prowler's checks in the crosswalk that has some."""
    made: dict[str, Requirements] = {}
    for check in catalogues()["prowler"].checks:
        is_one = pattern(check.id).fullmatch
        found = {
            standard: sorted({each for name, ids in checks.items() if is_one(name) for each in ids})
            for standard, checks in by_standard.items()
        }
        if any(found.values()):
            made[check.id] = {standard: ids for standard, ids in found.items() if ids}
    return made


def text(checks: Mapping[str, Mapping[str, Requirements]]) -> str:
    """Return the file: a check a line, so that a review shows which changed."""
    head = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in (("titles", STANDARDS), ("sources", SOURCES))]
    parts = []
    for name, of in checks.items():
        lines = [f"   {json.dumps(check)}: {json.dumps(given)}" for check, given in of.items()]
        parts.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "\n".join(["{", *head, ' "checks": {', ",\n".join(parts), " }", "}"]) + "\n"


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.compliance_standards", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("controls", "guide", "prowler"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    try:
        known = standards(args.controls.read_text().splitlines())
        guide = nist_of_guide(page.read_text() for page in sorted(args.guide.glob("*-controls.md")))
        prowler = {
            standard: of_prowler(standard, json.loads((args.prowler / name).read_text())["Requirements"])
            for standard, name in OF_PROWLER.items()
        }
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    made = {"security-hub": security_hub_checks(known, guide), "prowler": prowler_checks(prowler)}
    FILE.write_text(text(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
