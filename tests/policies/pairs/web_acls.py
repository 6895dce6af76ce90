from typing import Any

from resilience.resource import Resource

from tests.policies.judged import Pair, resource

ACL = "wafv2/webAcl:WebAcl"
LOGGING = "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOGGED = resource(ACL)


def acl(name: str = "AWSManagedRulesKnownBadInputsRuleSet", **rule: Any) -> Resource:
    """A web ACL with one group of AWS's rules."""
    statement = {"managedRuleGroupStatement": {"name": name, "vendorName": "AWS"}}
    return resource(ACL, rules=[{"name": "attacks", "statement": statement, **rule}])


PAIRS = {
    "web-acl-has-rules": Pair(good=acl(), bad=resource(ACL, rules=[]), says="rules is empty"),
    "web-acl-stops-known-attacks": Pair(
        good=acl(overrideAction={"none": {}}),
        bad=acl(overrideAction={"count": {"customRequestHandling": None}}),
        says="no AWSManagedRulesKnownBadInputsRuleSet that blocks",
    ),
    "web-acl-rule-acts": Pair(
        good=acl(overrideAction={"none": {}}),
        bad=acl(),
        says="rules.0 has neither action nor overrideAction",
    ),
    "web-acl-logged": Pair(
        good=[LOGGED, resource(LOGGING, links={"resourceArn": [LOGGED]})],
        bad=resource(ACL),
        says="no aws:wafv2/webAclLoggingConfiguration",
    ),
    "web-acl-measured": Pair(
        good=acl(visibilityConfig={"cloudwatchMetricsEnabled": True}),
        bad=acl(visibilityConfig={"cloudwatchMetricsEnabled": False}),
        says="rules.0.visibilityConfig.cloudwatchMetricsEnabled is off",
    ),
}
