"""Findings are read from the engine's events."""

import json

import pytest
from resilience.export.findings import Finding, findings

URN = "urn:pulumi:prod::shop::ha-web:index:Site$aws:lb/loadBalancer:LoadBalancer::web"


def event(**said: str) -> str:
    """A line of an event log."""
    given = {
        "policyName": "balancer-deletion-protection",
        "resourceUrn": URN,
        "message": "enableDeletionProtection is off [ELB.6]\n",
        "enforcementLevel": "mandatory",
        **said,
    }
    return json.dumps({"sequence": 1, "policyEvent": given})


def test_a_finding_has_the_name_and_the_type_of_its_resource() -> None:
    [found] = findings([event()])

    assert (found.resource, found.type, found.message) == (
        "web",
        "aws:lb/loadBalancer:LoadBalancer",
        "enableDeletionProtection is off [ELB.6]",
    )


def test_what_the_engine_says_twice_is_found_once() -> None:
    assert len(findings([event(), event()])) == 1


def test_other_lines_and_other_events_are_passed_over() -> None:
    assert findings(["Previewing update", '{"sequence": 0, "preludeEvent": {}}', ""]) == []


def test_a_line_that_is_no_event_is_named() -> None:
    with pytest.raises(ValueError, match="line 2 is no JSON"):
        findings([event(), "{"])


def test_what_is_about_the_whole_stack_has_its_name() -> None:
    assert Finding("exemptions-in-use", "", "x", "advisory").resource == "stack"
