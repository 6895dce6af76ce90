"""Web ACLs: that they stop something, and that one sees what."""

import json
from collections.abc import Iterator
from typing import Any

from resilience.aws.types import WEB_ACL
from resilience.aws.values import is_on
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Domain, Severity
from resilience.rules import table

RULES = Domain("Web ACLs", table.WEB_ACLS)

KNOWN_BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
"""Log4j and others of its kind.
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html"""


@RULES.rule(
    "web-acl-has-rules",
    "A web ACL has rules.",
    Severity.MEDIUM,
    security_hub("WAF.10"),
    WEB_ACL,
)
def has_rules(acl: Resource, _: Config) -> Iterator[str]:
    """Without one it lets everything through."""
    if not acl.count("rules") and not acl.has("ruleJson"):
        yield "rules is empty; it stops nothing"


@RULES.rule(
    "web-acl-stops-known-attacks",
    "A web ACL has AWS's rules against known attacks.",
    Severity.MEDIUM,
    well_architected("SEC05-BP03", "sec_network_protection_inspection"),
    WEB_ACL,
)
def stops_known_attacks(acl: Resource, _: Config) -> Iterator[str]:
    """Such as Log4j: the rule group of known bad inputs, with its own actions."""
    for number in range(acl.count("rules")):
        at = f"rules.{number}"
        named = acl.get(f"{at}.statement.managedRuleGroupStatement.name") == KNOWN_BAD_INPUTS
        if named and not acl.has(f"{at}.overrideAction.count"):
            return
    if acl.has("ruleJson") and KNOWN_BAD_INPUTS in str(acl.get("ruleJson")):
        return
    yield f"rules has no {KNOWN_BAD_INPUTS} that blocks"


@RULES.rule(
    "web-acl-rule-acts",
    "Each rule of a web ACL says what it does.",
    Severity.MEDIUM,
    well_architected("SEC05-BP03", "sec_network_protection_inspection"),
    WEB_ACL,
)
def rule_acts(acl: Resource, _: Config) -> Iterator[str]:
    """A rule has an action, and a group of rules an override, be it none."""
    for number in range(acl.count("rules")):
        if not any(acl.has(f"rules.{number}.{path}") for path in ("action", "overrideAction")):
            yield f"rules.{number} has neither action nor overrideAction"


@RULES.rule(
    "web-acl-measured",
    "Each rule of a web ACL has a metric.",
    Severity.LOW,
    security_hub("WAF.12"),
    WEB_ACL,
)
def measured(acl: Resource, _: Config) -> Iterator[str]:
    """An attack, and a rule that blocks customers, show there first."""
    paths = ["visibilityConfig", *(f"rules.{number}.visibilityConfig" for number in range(acl.count("rules")))]
    for path in paths:
        if acl.has(path) and not is_on(acl, f"{path}.cloudwatchMetricsEnabled"):
            yield f"{path}.cloudwatchMetricsEnabled is off"
    for rule in _written(acl):
        if not rule.get("VisibilityConfig", {}).get("CloudWatchMetricsEnabled"):
            yield f"ruleJson: VisibilityConfig.CloudWatchMetricsEnabled of {rule.get('Name')} is off"


def _written(acl: Resource) -> list[dict[str, Any]]:
    """The rules that the program gives as JSON."""
    if not acl.has("ruleJson"):
        return []
    try:
        found = json.loads(acl.get("ruleJson"))
    except ValueError:
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
