"""What an update sends: as the real provider, only what changed, and what AWS or the provider wants with it."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import request
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.entry import Call
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.plugin import sdk
from tests.conftest import REGION

CLUSTER = {
    "clusterIdentifier": "db",
    "engine": "aurora-postgresql",
    "engineVersion": "16.4",
    "masterUsername": "root",
    "masterPassword": "a long password",
    "backupRetentionPeriod": 7,
    "deletionProtection": True,
}
LISTENER = {
    "loadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1",
    "port": 443,
    "protocol": "HTTPS",
    "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "certificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    "defaultActions": [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "404"}}],
}
TARGETS = {
    "name": "web",
    "port": 8080,
    "protocol": "HTTP",
    "vpcId": "vpc-1",
    "deregistrationDelay": 30,
    "slowStart": 60,
}


def sent(monkeypatch: pytest.MonkeyPatch, token: str, old: dict[str, Any], **changed: Any) -> list[dict[str, Any]]:
    """The requests that an update makes."""
    found: list[dict[str, Any]] = []

    def keep(_: Context, call: Call, made: dict[str, Any]) -> dict[str, Any]:
        found.append({"call": call.operation, **made})
        return {}

    monkeypatch.setattr(Context, "send", keep)
    new = {name: value for name, value in {**old, **changed}.items() if value is not None}
    context = Context(registry.type_of(token), sdk.resource(token), None, REGION, new, "it", id="it", old=old)
    context.changed = frozenset(changed)
    request.update(context)
    return found


def test_an_update_of_a_cluster_sends_neither_the_password_nor_what_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sent(monkeypatch, "aws:rds/cluster:Cluster", CLUSTER, deletionProtection=False) == [
        {"call": "ModifyDBCluster", "DBClusterIdentifier": "it", "DeletionProtection": False}
    ]


def test_a_password_that_is_only_written_travels_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    old = {**CLUSTER, "masterPassword": None, "masterPasswordWo": "a new password", "masterPasswordWoVersion": 1}
    assert sent(monkeypatch, "aws:rds/cluster:Cluster", old, masterPasswordWoVersion=2) == [
        {"call": "ModifyDBCluster", "DBClusterIdentifier": "it", "MasterUserPassword": "a new password"}
    ]
    token = "aws:rds/cluster:Cluster"
    news = {**old, "masterPasswordWo": "another password"}
    assert between(registry.type_of(token), old, {}, news, REGION, {}).inputs == {}


def test_a_listeners_update_sends_its_port_and_certificate_and_no_unchanged_action(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [made] = sent(monkeypatch, "aws:lb/listener:Listener", LISTENER, sslPolicy="ELBSecurityPolicy-2016-08")
    assert {"Port", "Protocol", "SslPolicy", "Certificates"} <= set(made)
    assert "DefaultActions" not in made


def test_an_attribute_that_is_as_it_was_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    [made] = sent(monkeypatch, "aws:lb/targetGroup:TargetGroup", TARGETS, slowStart=90)
    assert made["Attributes"] == [{"Key": "slow_start.duration_seconds", "Value": "90"}]


def test_a_call_that_puts_the_whole_resource_sends_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"ruleName": "r", "name": "r", "description": "a", "scheduleExpression": "rate(1 day)"}
    [made] = sent(monkeypatch, "aws:cloudwatch/eventRule:EventRule", old, description="b")
    assert (made["Description"], made["ScheduleExpression"]) == ("b", "rate(1 day)")
