"""JUnit XML of the findings, for build servers: `python -m resilience.export.junit EVENTS > findings.xml`.

A rule is a test case: it fails where it stops the deployment; advice, and what can't be told yet, is its output.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from resilience.export.findings import Finding, findings
from resilience.rules import DOMAINS


def junit(found: Iterable[Finding]) -> str:
    """The report: a suite a domain, a case a rule."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for each in found:
        by_rule[each.rule].append(each)
    root = ElementTree.Element("testsuites", name="resilience")
    for domain in DOMAINS:
        suite = ElementTree.SubElement(root, "testsuite", name=domain.title, tests=str(len(domain)))
        failures = 0
        for rule in domain:
            case = ElementTree.SubElement(suite, "testcase", classname=domain.title, name=rule.name)
            said = by_rule.get(rule.name, ())
            stopping = [each for each in said if each.level == "mandatory" and not each.is_unknown]
            if stopping:
                failures += 1
                failure = ElementTree.SubElement(case, "failure", message=rule.sentence, type=rule.severity.value)
                failure.text = _lines(stopping)
            if advice := [each for each in said if each not in stopping]:
                ElementTree.SubElement(case, "system-out").text = _lines(advice)
        suite.set("failures", str(failures))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _lines(found: Iterable[Finding]) -> str:
    return "\n".join(f"{each.resource}: {each.message}" for each in found)


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(
        prog="python -m resilience.export.junit", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("events", type=Path, help="output of `pulumi preview --json`, or a file of --event-log")
    file = parser.parse_args().events
    try:
        found = findings(file.read_text().splitlines())
    except (OSError, ValueError) as error:
        parser.error(f"{file}: {error}")
    print(junit(found), end="")


if __name__ == "__main__":
    main()
