"""The engine's questions are answered as Pulumi's own server answers them, with each resource built once."""

from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from resilience import adapter, server
from resilience.aws.types import STACK
from resilience.resource import Stack
from resilience.rule import Severity

from tests.policies.judged import UNKNOWN
from tests.policies.test_adapter import BALANCER, STACK_RULE, URN, faster, of

RULES = [of(remedy=faster), of(None, stack_check=STACK_RULE.stack_check)]
HUSH = {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": "hush"}


def struct(**values: Any) -> struct_pb2.Struct:
    """Properties as they come over the wire."""
    made = struct_pb2.Struct()
    made.update(values)
    return made


def asked(type_: str = BALANCER, **props: Any) -> proto.AnalyzeRequest:
    """A question about one resource."""
    return proto.AnalyzeRequest(type=type_, urn=URN, name="web", properties=struct(**props))


def configured(*rules: Any, level: int = proto.MANDATORY, **config: Any) -> server.Analyzer:
    """An analyzer whose policy got a level and settings."""
    made = server.Analyzer("pack", rules)
    given = proto.PolicyConfig(enforcementLevel=proto.EnforcementLevel.ValueType(level), properties=struct(**config))
    made.Configure(proto.ConfigureAnalyzerRequest(policyConfig={"balancer-is-quick": given}), None)
    return made


def test_a_finding_has_the_rule_its_level_and_its_severity() -> None:
    [found] = server.Analyzer("pack", [of()]).Analyze(asked(idleTimeout=90), None).diagnostics

    assert (found.policyName, found.policyPackName) == ("balancer-is-quick", "pack")
    assert found.message == "A balancer is quick.\nidleTimeout is 90 [ELB.6]"
    assert (found.enforcementLevel, found.severity) == (proto.MANDATORY, proto.POLICY_SEVERITY_HIGH)


def test_a_resource_of_another_type_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_seen", lambda *_, **__: pytest.fail("decoded"))

    assert not server.Analyzer("pack", [of()]).Analyze(asked("aws:s3/bucket:Bucket"), None).diagnostics


def test_settings_and_levels_come_from_the_configuration() -> None:
    assert not configured(of(), seconds=120).Analyze(asked(idleTimeout=90), None).diagnostics
    [found] = configured(of(), level=proto.ADVISORY).Analyze(asked(idleTimeout=90), None).diagnostics
    assert found.enforcementLevel == proto.ADVISORY
    assert not configured(of(), level=proto.DISABLED).Analyze(asked(idleTimeout=90), None).diagnostics


def test_a_setting_that_does_not_exist_is_told_once_with_the_stack() -> None:
    [told] = configured(of(), secnds=60).Analyze(asked(STACK), None).diagnostics

    assert "there is no setting `secnds`" in told.message


def test_what_is_not_known_yet_is_advice() -> None:
    [told] = server.Analyzer("pack", [of()]).Analyze(asked(idleTimeout=UNKNOWN), None).diagnostics

    assert "cannot tell until deployed: idleTimeout is known only then" in told.message
    assert told.enforcementLevel == proto.ADVISORY


def test_a_remedy_changes_the_properties_and_keeps_secrets_secret() -> None:
    analyzer = configured(of(remedy=faster), level=proto.REMEDIATE)

    [mended] = analyzer.Remediate(asked(idleTimeout=90, tags={"key": HUSH}), None).remediations

    assert mended.properties["idleTimeout"] == 60
    assert dict(mended.properties["tags"]["key"]) == {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": "hidden"}


def test_nothing_is_changed_unless_the_level_says_so() -> None:
    assert not server.Analyzer("pack", [of(remedy=faster)]).Remediate(asked(idleTimeout=90), None).remediations


def test_what_a_remedy_leaves_wrong_stops_the_deployment() -> None:
    [found] = configured(of(remedy=faster), level=proto.REMEDIATE).Analyze(asked(idleTimeout=90), None).diagnostics

    assert found.enforcementLevel == proto.MANDATORY


def test_a_stack_is_built_once_for_all_its_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Stack] = []
    stack_of = adapter.stack_of

    def building(resources: Any) -> Stack:
        built.append(stack_of(resources))
        return built[-1]

    monkeypatch.setattr(adapter, "stack_of", building)
    other = proto.AnalyzerResource(type="aws:s3/bucket:Bucket", urn="urn::logs", name="logs", properties=struct())
    balancer = proto.AnalyzerResource(type=BALANCER, urn=URN, name="web", properties=struct())
    balancer.propertyDependencies["accessLogs"].urns.extend(["urn::logs", "urn::gone"])
    analyzer = server.Analyzer("pack", [STACK_RULE, of(None, stack_check=STACK_RULE.stack_check)])

    found = analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=[balancer, other]), None).diagnostics

    assert [each.urn for each in found] == [URN, URN]
    assert len(built) == 1


def test_a_provider_is_decoded_once_for_all_its_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = proto.AnalyzerProviderResource(type="pulumi:providers:aws", urn="urn::aws-once", name="aws")
    provider.properties.update({"region": "eu-west-1"})
    decoded: list[Any] = []
    decode = server._decoded
    seen: list[str | None] = []

    def decoding(given: Any, **how: Any) -> Any:
        decoded.append(given)
        return decode(given, **how)

    def looks(each: Any, _: Any) -> Any:
        seen.append(each.region)
        return ()

    monkeypatch.setattr(server, "_decoded", decoding)
    analyzer = configured(of(looks))
    for _ in range(3):
        request = asked(idleTimeout=90)
        request.provider.CopyFrom(provider)
        analyzer.Analyze(request, None)

    assert seen == ["eu-west-1"] * 3
    assert len(decoded) == 3 + 1


def test_a_property_leads_to_the_resources_that_it_depends_on() -> None:
    seen: list[list[str]] = []

    def looks(balancer: Any, *_: Any) -> Any:
        seen.append([each.name for each in balancer.links["accessLogs"]])
        return ()

    other = proto.AnalyzerResource(type="aws:s3/bucket:Bucket", urn="urn::logs", name="logs", properties=struct())
    balancer = proto.AnalyzerResource(type=BALANCER, urn=URN, name="web", properties=struct())
    balancer.propertyDependencies["accessLogs"].urns.extend(["urn::logs", "urn::gone"])

    server.Analyzer("pack", [of(None, stack_check=looks)]).AnalyzeStack(
        proto.AnalyzeStackRequest(resources=[balancer, other]), None
    )

    assert seen == [["logs"]]


def test_the_engine_is_told_what_there_is() -> None:
    info = server.Analyzer("pack", [of(), of(None, stack_check=STACK_RULE.stack_check, by_default=False)])
    told = info.GetAnalyzerInfo(None, None)

    kinds = [(each.policy_type, each.enforcementLevel) for each in told.policies]
    assert kinds == [
        (proto.POLICY_TYPE_RESOURCE, proto.MANDATORY),
        (proto.POLICY_TYPE_STACK, proto.DISABLED),
        (proto.POLICY_TYPE_STACK, proto.ADVISORY),
    ]
    assert told.policies[0].configSchema.properties["seconds"]["minimum"] == 5
    assert told.supportsConfig


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_its_name_in_the_protocol(severity: Severity) -> None:
    [found] = server.Analyzer("pack", [of(severity=severity)]).Analyze(asked(idleTimeout=90), None).diagnostics

    assert proto.PolicySeverity.Name(found.severity) == f"POLICY_SEVERITY_{severity.upper()}"
