"""Web ACLs in the emulated plugin."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider import lifecycle
from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network
from tests.rehearsal.aws_plugin.asked import calls, listening, refused
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"


def seen(name: str) -> dict[str, Any]:
    return {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": True}


def managed(*counted: str) -> dict[str, Any]:
    overrides = [{"name": name, "actionToUse": {"count": {}}} for name in counted]
    group = {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet", "ruleActionOverrides": overrides}
    return {
        "name": "core",
        "priority": 1,
        "overrideAction": {"none": {}},
        "statement": {"managedRuleGroupStatement": group},
        "visibilityConfig": seen("core"),
    }


def rate(limit: int) -> dict[str, Any]:
    path = {
        "positionalConstraint": "STARTS_WITH",
        "searchString": "/healthz",
        "fieldToMatch": {"uriPath": {}},
        "textTransformations": [{"priority": 0, "type": "NONE"}],
    }
    elsewhere = {"notStatement": {"statement": {"byteMatchStatement": path}}}
    return {
        "name": "rate",
        "priority": 2,
        "action": {"block": {}},
        "statement": {
            "rateBasedStatement": {
                "limit": limit,
                "aggregateKeyType": "IP",
                "evaluationWindowSec": 300,
                "scopeDownStatement": elsewhere,
            }
        },
        "visibilityConfig": seen("rate"),
    }


def arguments(**more: Any) -> dict[str, Any]:
    return {
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "visibilityConfig": seen("all"),
        "rules": [managed("SizeRestrictions_BODY"), rate(2000)],
        **more,
    }


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def acl(program: Program, unique: str) -> Resource:
    bodies = [{"key": "no", "content": "not today", "contentType": "TEXT_PLAIN"}]
    limits = {"requestBodies": [{"apiGateway": {"defaultSizeInspectionLimit": "KB_32"}}]}
    more = {"customResponseBodies": bodies, "associationConfig": limits, "tags": {"a": "b"}}
    return program.up(ACL, unique, **arguments(**more))


def found(aws: Client, acl: Resource) -> dict[str, Any]:
    answer: dict[str, Any] = aws("wafv2").get_web_acl(Name=acl.state["name"], Scope="REGIONAL", Id=acl.id)
    return {**answer["WebACL"], "LockToken": answer["LockToken"]}


def test_a_web_acl_has_managed_rules_and_a_rate_limit(acl: Resource, aws: Client) -> None:
    core, limit = found(aws, acl)["Rules"]
    assert core["OverrideAction"] == {"None": {}}
    assert core["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"][0]["ActionToUse"] == {"Count": {}}
    statement = limit["Statement"]["RateBasedStatement"]
    inner = statement["ScopeDownStatement"]["NotStatement"]["Statement"]["ByteMatchStatement"]
    assert (statement["Limit"], inner["FieldToMatch"]) == (2000, {"UriPath": {}})
    assert acl.state["arn"] == found(aws, acl)["ARN"]
    assert acl.settled()


def test_behind_a_proxy_the_rate_is_counted_by_a_header(program: Program, aws: Client, unique: str) -> None:
    counted = rate(100)
    statement = counted["statement"]["rateBasedStatement"]
    forwarded = {"headerName": "CF-Connecting-IP", "fallbackBehavior": "MATCH"}
    statement |= {"aggregateKeyType": "FORWARDED_IP", "forwardedIpConfig": forwarded}
    acl = program.up(ACL, unique, **arguments(rules=[counted]))
    [rule] = found(aws, acl)["Rules"]
    told = rule["Statement"]["RateBasedStatement"]["ForwardedIPConfig"]
    assert told == {"HeaderName": "CF-Connecting-IP", "FallbackBehavior": "MATCH"}
    assert acl.settled()


def test_bodies_are_told_by_their_keys(acl: Resource, aws: Client) -> None:
    there = found(aws, acl)
    assert there["CustomResponseBodies"] == {"no": {"Content": "not today", "ContentType": "TEXT_PLAIN"}}
    assert there["AssociationConfig"] == {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_32"}}}


def test_an_update_tells_the_whole_acl_and_takes_a_new_lock(acl: Resource, aws: Client) -> None:
    before = acl.state["lockToken"]
    changed = acl.update(rules=[managed(), rate(500)], customResponseBodies=None, tags={"a": "c"})
    limit = "rules[1].statement.rateBasedStatement.limit"
    assert {"customResponseBodies": "DELETE", "tags.a": "UPDATE", limit: "UPDATE"}.items() <= changed.items()
    there = found(aws, acl)
    assert there["Rules"][1]["Statement"]["RateBasedStatement"]["Limit"] == 500
    assert not there.get("CustomResponseBodies")
    assert acl.state["lockToken"] == there["LockToken"] != before
    assert acl.settled()


def test_someone_elses_change_is_read_and_does_not_lock_the_program_out(acl: Resource, aws: Client) -> None:
    there = found(aws, acl)
    kept = {key: there[key] for key in ("Name", "Id", "DefaultAction", "VisibilityConfig", "LockToken")}
    aws("wafv2").update_web_acl(Scope="REGIONAL", Rules=there["Rules"][:1], **kept)
    stale = acl.state["lockToken"]
    assert acl.update(description="ours") == {"description": "ADD"}
    assert acl.state["lockToken"] != stale
    assert len(found(aws, acl)["Rules"]) == 2
    aws("wafv2").update_web_acl(Scope="REGIONAL", Rules=[], **{**kept, "LockToken": found(aws, acl)["LockToken"]})
    drift = acl.read()
    assert drift is not None
    assert {"rules[0]", "rules[1]", "description"} <= drift.keys()
    acl.delete()
    assert acl.gone()


def test_an_acl_is_replaced_for_another_scope_or_name(acl: Resource) -> None:
    assert acl.changes(scope="CLOUDFRONT") == {"scope": "UPDATE_REPLACE"}
    assert acl.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_an_acl_guards_a_balancer_until_it_is_taken_away(
    program: Program, acl: Resource, network: Network, aws: Client
) -> None:
    arn = network.balancer()["LoadBalancerArn"]
    association = program.up(ASSOCIATION, webAclArn=acl.state["arn"], resourceArn=arn)
    assert aws("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Id"] == acl.id
    assert association.settled()
    assert association.changes(resourceArn=f"{arn}0") == {"resourceArn": "UPDATE_REPLACE"}
    other = program.up(ACL, "other", **arguments())
    aws("wafv2").disassociate_web_acl(ResourceArn=arn)
    aws("wafv2").associate_web_acl(WebACLArn=other.state["arn"], ResourceArn=arn)
    assert association.read() == {"webAclArn": "UPDATE_REPLACE"}
    association.delete()
    assert association.gone()


def test_an_acl_logs_what_its_filter_keeps_to_a_group_of_the_right_name(
    program: Program, acl: Resource, aws: Client
) -> None:
    group = program.up("aws:cloudwatch/logGroup:LogGroup", "log", name="aws-waf-logs-site")
    kept = {"behavior": "KEEP", "requirement": "MEETS_ANY", "conditions": [{"actionCondition": {"action": "BLOCK"}}]}
    logging = program.up(
        LOGGING,
        resourceArn=acl.state["arn"],
        logDestinationConfigs=[group.state["arn"]],
        loggingFilter={"defaultBehavior": "DROP", "filters": [kept]},
        redactedFields=[{"singleHeader": {"name": "cookie"}}],
    )
    found = aws("wafv2").get_logging_configuration(ResourceArn=acl.state["arn"])["LoggingConfiguration"]
    assert found["LoggingFilter"]["Filters"][0]["Behavior"] == "KEEP"
    assert found["RedactedFields"] == [{"SingleHeader": {"Name": "cookie"}}]
    assert logging.settled()
    assert logging.changes(logDestinationConfigs=["arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-x"]) == {
        "logDestinationConfigs[0]": "UPDATE_REPLACE"
    }
    logging.update(loggingFilter=None, redactedFields=None)
    found = aws("wafv2").get_logging_configuration(ResourceArn=acl.state["arn"])["LoggingConfiguration"]
    assert not {"LoggingFilter", "RedactedFields"} & {name for name, value in found.items() if value}
    assert logging.settled()
    logging.delete()
    assert logging.gone()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("site", "does not begin with aws-waf-logs-"), ("aws-waf-logs-gone", "does not exist")],
)
def test_a_destination_that_waf_would_not_take_is_refused(acl: Resource, aws: Client, name: str, reason: str) -> None:
    arn = f"arn:aws:logs:{aws('wafv2').meta.region_name}:123456789012:log-group:{name}"
    settings = {"ResourceArn": acl.state["arn"], "LogDestinationConfigs": [arn]}
    with pytest.raises(ClientError, match=reason):
        aws("wafv2").put_logging_configuration(LoggingConfiguration=settings)


def test_what_aws_would_refuse_is_refused_at_preview(program: Program) -> None:
    wrong = rate(2000)
    wrong["statement"]["rateBasedStatement"]["agregateKeyType"] = "IP"
    (where, why), *_ = program.resource(ACL).refusals(arguments(rules=[wrong]))
    assert where == "rules[0].statement.rateBasedStatement.agregateKeyType"
    assert 'did you mean "aggregateKeyType"' in why
    (where, why), *_ = program.resource(ACL).refusals(arguments(rules=[rate(1)]))
    assert where == "rules.statement.rateBasedStatement.limit"
    assert why == "1 must have value greater than or equal to 10"
    (where, why), *_ = program.resource(ACL).refusals(arguments(ruleJson="[]"))
    assert (where, "doesn't send it to AWS" in why) == ("ruleJson", True)


def test_a_deletion_waits_until_nothing_is_protected_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    answers = {
        "GetWebACL": {"LockToken": str(uuid.uuid4())},
        "DeleteWebACL": [refused("WAFAssociatedItemException"), refused("WAFUnavailableEntityException"), {}],
    }
    context = listening(ACL, {"name": "a", "scope": "REGIONAL"}, answers, id=str(uuid.uuid4()))
    entry = registry.type_of(ACL)
    for step in entry.deletes:
        assert lifecycle._patiently(context, entry, step) is None
    assert calls(context.asked) == ["GetWebACL", "DeleteWebACL", "DeleteWebACL", "DeleteWebACL"]
