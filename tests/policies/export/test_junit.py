"""Findings as JUnit: a case a rule, which fails where it stops the deployment."""

from xml.etree import ElementTree

from resilience.export.findings import Finding
from resilience.export.junit import junit
from resilience.rules import ALL

WEB = "urn:pulumi:prod::shop::aws:lb/loadBalancer:LoadBalancer::web"
STOPS = Finding("balancer-deletion-protection", WEB, "is <off>", "mandatory")
ADVISES = Finding("log-group-expires", "urn:pulumi:prod::shop::aws:cloudwatch:LogGroup::web", "not set", "advisory")


def test_every_rule_is_a_case() -> None:
    cases = ElementTree.fromstring(junit([])).iter("testcase")

    assert [case.get("name") for case in cases] == [rule.name for rule in ALL]


def test_only_what_stops_a_deployment_fails() -> None:
    root = ElementTree.fromstring(junit([STOPS, ADVISES]))

    failed = {case.get("name"): case.findtext("failure") for case in root.iter("testcase") if len(case)}
    assert failed == {STOPS.rule: "web: is <off>", ADVISES.rule: None}
    [advised] = [case for case in root.iter("testcase") if case.get("name") == ADVISES.rule]
    assert advised.findtext("system-out") == "web: not set"
    assert sum(int(suite.get("failures", "0")) for suite in root.iter("testsuite")) == 1
