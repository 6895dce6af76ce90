"""Rules as Pulumi's policies: levels, config, exemptions, what is not known yet, remediation."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi_policy as policy
import pytest
from pulumi_policy.deserialize import deserialize_properties, serialize_properties
from pulumi_policy.proxy import unknown_checking_proxy
from resilience.adapter import CannotTell, RuleFailed, policies_of
from resilience.aws.types import STACK
from resilience.reference import security_hub
from resilience.resource import Resource, Stack
from resilience.rule import Config, Rule, Setting, Severity

from tests.policies.judged import UNKNOWN

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
URN = f"urn:pulumi:dev::site::{BALANCER}::web"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}
"""A secret value as it comes over the wire."""


def too_slow(balancer: Resource, config: Config) -> Iterable[str]:
    if balancer.get("idleTimeout", 60) > config["seconds"]:
        yield f"idleTimeout is {balancer.get('idleTimeout', 60)}"


def alone(balancer: Resource, stack: Stack, _: Config) -> Iterable[str]:
    if len(stack.of_type(BALANCER)) == 1 and not balancer.get("internal"):
        yield "it is the only one"


def faster(_: Resource, config: Config) -> Mapping[str, Any] | None:
    return {"idleTimeout": config["seconds"], "tags": {"key": "hidden", "mended": "yes"}}


def of(check: Any = too_slow, **more: Any) -> Rule:
    """A rule of a check, by which it judges one resource, or of `stack_check`."""
    reference = security_hub("ELB.6")
    settings = {"seconds": Setting(60, "seconds", {"minimum": 5})}
    made = {"check": check, "severity": Severity.HIGH, "settings": settings, **more}
    return Rule("balancer-is-quick", "A balancer is quick.", reference=reference, types=(BALANCER,), **made)


STACK_RULE = of(None, stack_check=alone)


def args(props: dict[str, Any], config: dict[str, Any] | None = None, type_: str = BALANCER) -> Any:
    """Pulumi's arguments to a policy for a resource named `web`."""
    return policy.ResourceValidationArgs(type_, unknown_checking_proxy(props), URN, "web", None, None, config, {})  # type: ignore[arg-type] # no rule asks for options


def stack_args(props: dict[str, Any], config: dict[str, Any] | None = None) -> Any:
    """Pulumi's arguments to a policy for a stack with that resource only."""
    only = policy.PolicyResource(BALANCER, unknown_checking_proxy(props), URN, "web", None, None, None, [], {})  # type: ignore[arg-type] # no rule asks for options
    return policy.StackValidationArgs([only], config, {})


def said(of_rule: policy.Policy, told: Any) -> list[tuple[str, str | None]]:
    """A policy's messages, each with the URN that it is about."""
    reports: list[tuple[str, str | None]] = []
    of_rule.validate(told, lambda message, urn=None: reports.append((message, urn)))  # type: ignore[attr-defined] # both kinds of policies have it
    return reports


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, policy.EnforcementLevel.MANDATORY),
        (Severity.HIGH, policy.EnforcementLevel.MANDATORY),
        (Severity.MEDIUM, policy.EnforcementLevel.ADVISORY),
        (Severity.LOW, policy.EnforcementLevel.ADVISORY),
    ],
)
def test_critical_and_high_findings_stop_a_deployment(severity: Severity, level: policy.EnforcementLevel) -> None:
    [made, _] = policies_of([of(severity=severity)])

    assert (made.name, made.description, made.enforcement_level) == ("balancer-is-quick", "A balancer is quick.", level)


def test_a_finding_names_the_reference() -> None:
    [made, _] = policies_of([of()])

    assert said(made, args({"idleTimeout": 90.0})) == [("idleTimeout is 90 [ELB.6]", None)]


def test_resources_of_other_types_are_not_judged() -> None:
    [made, _] = policies_of([of()])

    assert said(made, args({"idleTimeout": 90.0}, type_="aws:ec2/vpc:Vpc")) == []


def test_a_setting_decides() -> None:
    [made, _] = policies_of([of()])

    assert said(made, args({"idleTimeout": 90.0}, {"seconds": 100.0})) == []


def test_the_schema_tells_the_engine_what_may_be_set() -> None:
    [made, _] = policies_of([of()])

    assert made.config_schema
    assert made.config_schema.properties["seconds"] == {"type": "number", "minimum": 5}
    assert made.config_schema.properties["exempt"]["items"]["required"] == ["resource", "reason"]


def test_a_finding_of_a_stack_rule_is_of_its_resource() -> None:
    [made, _] = policies_of([STACK_RULE])

    assert said(made, stack_args({})) == [("it is the only one [ELB.6]", URN)]


def test_what_is_not_known_yet_is_told() -> None:
    [made, _] = policies_of([of()])

    with pytest.raises(CannotTell) as told:
        said(made, args({"idleTimeout": UNKNOWN}))

    assert told.value.message == "cannot tell until deployed: idleTimeout is known only then"


def test_what_a_stack_rule_does_not_know_yet_is_told_with_the_resource() -> None:
    [made, _] = policies_of([STACK_RULE])

    with pytest.raises(CannotTell) as told:
        said(made, stack_args({"internal": UNKNOWN}))

    assert told.value.message == "cannot tell until deployed: internal of web is known only then"


def broken(*_: Any) -> Iterable[str]:
    raise ValueError("correct-horse is no number")


@pytest.mark.parametrize(("rule", "told"), [(of(broken), args({})), (of(None, stack_check=broken), stack_args({}))])
def test_a_mistake_in_a_rule_is_told_without_the_values_that_it_met(rule: Rule, told: Any) -> None:
    [made, _] = policies_of([rule])

    with pytest.raises(RuleFailed) as failed:
        said(made, told)

    assert "the rule failed on web and was skipped there (ValueError, test_adapter.py, line" in failed.value.message
    assert "correct-horse" not in failed.value.message


@pytest.mark.parametrize("resource", ["web", "w*", URN, "*::web"])
@pytest.mark.parametrize(("rule", "told"), [(of(), args), (STACK_RULE, stack_args)])
def test_an_exemption_by_name_urn_or_pattern_is_shown_with_its_reason(rule: Rule, told: Any, resource: str) -> None:
    [made, shown] = policies_of([rule])
    config = {"exempt": [{"resource": resource, "reason": "uploads of an hour"}]}

    assert said(made, told({"idleTimeout": 90.0}, config)) == []
    [(message, urn)] = said(shown, stack_args({}))

    assert message.startswith("exempt from balancer-is-quick: uploads of an hour (")
    assert urn == URN


def test_an_exemption_of_another_resource_exempts_nobody() -> None:
    [made, shown] = policies_of([of()])

    assert said(made, args({"idleTimeout": 90.0}, {"exempt": [{"resource": "api", "reason": "uploads of an hour"}]}))
    assert said(shown, stack_args({})) == []


def test_an_exemption_that_was_not_needed_is_not_shown() -> None:
    [made, shown] = policies_of([of()])

    said(made, args({}, {"exempt": [{"resource": "web", "reason": "uploads of an hour"}]}))

    assert said(shown, stack_args({})) == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [(of(), args({}, {"secnds": 3}, STACK)), (STACK_RULE, stack_args({"internal": True}, {"secnds": 3}))],
)
def test_a_setting_that_a_rule_does_not_have_is_told_once(rule: Rule, told: Any) -> None:
    [made, _] = policies_of([rule])

    assert said(made, told) == [("policy config: there is no setting `secnds`; did you mean `seconds`?", None)]


def test_a_rule_without_a_remedy_offers_none() -> None:
    [made, _] = policies_of([of()])

    assert isinstance(made, policy.ResourceValidationPolicy)
    assert not made.has_remediation()


def remediated(props: dict[str, Any], config: dict[str, Any] | None = None, remedy: Any = faster) -> Any:
    """The properties after a rule's remedy, on the wire; as Pulumi's analyzer calls it."""
    [made, _] = policies_of([of(remedy=remedy)])
    assert isinstance(made, policy.ResourceValidationPolicy)
    inputs = deserialize_properties(props, True)
    given = policy.ResourceValidationArgs(BALANCER, inputs, URN, "web", None, None, config, {})  # type: ignore[arg-type] # no rule asks for options
    result: Any = made.remediate(given)
    return None if result is None else serialize_properties(result)


def test_a_remedy_changes_what_it_mends_and_keeps_the_rest() -> None:
    assert remediated({"idleTimeout": 90.0, "subnets": ["a", UNKNOWN]}) == {
        "idleTimeout": 60,
        "subnets": ["a", UNKNOWN],
        "tags": {"key": "hidden", "mended": "yes"},
    }


def test_what_breaks_no_rule_is_not_mended() -> None:
    assert remediated({"idleTimeout": 30.0}) is None


def test_a_remedy_that_mends_nothing_changes_nothing() -> None:
    assert remediated({"idleTimeout": 90.0}, remedy=lambda *_: None) is None


def test_a_remedy_keeps_secrets_secret() -> None:
    assert remediated({"idleTimeout": 90.0, "name": SECRET, "tags": {"key": SECRET}}) == {
        "idleTimeout": 60,
        "name": SECRET,
        "tags": {"key": SECRET, "mended": "yes"},
    }


def test_a_remedy_may_return_everything_it_was_given() -> None:
    props = {"idleTimeout": 90.0, "name": SECRET, "ids": [SECRET]}

    def whole(balancer: Resource, _: Config) -> Mapping[str, Any]:
        return {**balancer.props["__target"], "idleTimeout": 60, "ids": ["hidden", "new"]}

    assert remediated(props, remedy=whole) == {**props, "idleTimeout": 60, "ids": [SECRET, "new"]}


def test_what_is_not_known_yet_is_told_and_not_mended() -> None:
    with pytest.raises(CannotTell):
        remediated({"idleTimeout": UNKNOWN})


def test_what_is_exempt_is_not_mended() -> None:
    assert remediated({"idleTimeout": 90.0}, {"exempt": [{"resource": "web", "reason": "uploads of an hour"}]}) is None
