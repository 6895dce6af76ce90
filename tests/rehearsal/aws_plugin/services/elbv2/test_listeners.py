"""Listeners and their rules: what the real provider refuses of them, and what it tells AWS."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.aws_plugin.provider.refusals import of_entry
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import calls, of_update

LISTENER = "aws:lb/listener:Listener"
RULE = "aws:lb/listenerRule:ListenerRule"
TO = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/b/1"
STORE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:truststore/a/1"
REWRITE = {"type": "url-rewrite", "urlRewriteConfig": {"rewrites": {"regex": "^/a", "replace": "/b"}}}


@pytest.mark.parametrize(("token", "argument"), [(LISTENER, "defaultActions"), (RULE, "actions")])
@pytest.mark.parametrize(
    ("action", "reasons"),
    [
        ({"type": "forward"}, ["forward needs targetGroupArn or forward"]),
        ({"type": "forward", "targetGroupArn": TO}, []),
        ({"type": "redirect"}, ["redirect needs redirect"]),
        ({"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}, []),
        ({"type": "fixed-response"}, ["fixed-response needs fixedResponse"]),
        ({"type": "authenticate-cognito"}, ["authenticate-cognito needs authenticateCognito"]),
        ({"type": "authenticate-oidc"}, ["authenticate-oidc needs authenticateOidc"]),
        ({"type": "jwt-validation"}, ["jwt-validation needs jwtValidation"]),
    ],
)
def test_an_action_has_the_block_of_its_type(
    token: str, argument: str, action: dict[str, Any], reasons: list[str]
) -> None:
    found = of_entry(registry.type_of(token).refuse, {argument: [action]})
    assert [each.reason for each in found] == reasons


@pytest.mark.parametrize(
    ("mutual", "reasons"),
    [
        ({"mode": "verify"}, ["verify needs trustStoreArn"]),
        ({"mode": "verify", "trustStoreArn": STORE}, []),
        ({"mode": "passthrough"}, []),
        ({"mode": "passthrough", "trustStoreArn": STORE}, ["trustStoreArn is only of verify"]),
        ({"mode": "off", "ignoreClientCertificateExpiry": False}, ["ignoreClientCertificateExpiry is only of verify"]),
    ],
)
def test_only_verification_has_a_trust_store(mutual: dict[str, Any], reasons: list[str]) -> None:
    found = of_entry(registry.type_of(LISTENER).refuse, {"mutualAuthentication": mutual})
    assert [each.reason for each in found] == reasons


def test_a_policy_of_alpn_that_is_removed_stays_and_is_a_difference_for_ever() -> None:
    old = {"loadBalancerArn": "arn", "protocol": "TLS", "port": 443, "alpnPolicy": "HTTP2Only"}
    [made] = of_update(LISTENER, old, alpnPolicy=None)
    assert "AlpnPolicy" not in made
    now = {name: value for name, value in old.items() if name != "alpnPolicy"}
    assert between(registry.type_of(LISTENER), now, old, now, REGION, {}).inputs == {"alpnPolicy": "DELETE"}


def test_a_rule_gets_its_priority_before_its_actions_and_loses_its_rewriting() -> None:
    old = {"listenerArn": "arn", "priority": 1, "transforms": [REWRITE]}
    made = of_update(RULE, old, priority=2, transforms=None)
    assert calls(made) == ["SetRulePriorities", "ModifyRule"]
    assert made[1] == {"call": "ModifyRule", "RuleArn": "it", "ResetTransforms": True}
    [made_other] = of_update(RULE, old, actions=[{"type": "forward", "targetGroupArn": TO}])
    assert "ResetTransforms" not in made_other
