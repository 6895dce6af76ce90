"""A web ACL for a load balancer: AWS's core rules, a rate limit for each client, and a log of what is blocked."""

import re
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope

DEFAULT_RATE_LIMIT = 2_000
LOWEST_RATE_LIMIT, HIGHEST_RATE_LIMIT = 10, 2_000_000_000
"""https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html"""

WINDOW_SECONDS = 300

LOG_DAYS = 90
"""Days that blocked requests are kept: long enough to look into an attack (our choice)."""
REDACTED = ("authorization", "cookie")
"""Headers that hold sessions and credentials."""

MANAGED_RULES = ("AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet")
"""AWS's baseline and its list of bad addresses, free but for the price of a rule:
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""


class WafArgs(TypedDict):
    """A web ACL in front of the load balancer. An empty mapping takes the defaults.

    Its core rules also refuse (403) requests with a body above 8 KB, such as uploads and long forms, and requests
    without a User-Agent header: an application that takes either needs a web ACL of its own.
    https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
    """

    rate_limit: NotRequired[int]
    """Requests that a client may send in any 5 minutes before it is blocked, 10 to 2,000,000,000. Default 2,000, as
    in AWS's example: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html"""
    client_header: NotRequired[str]
    """Header with the client's address, set by a proxy in front, like Cloudflare's `CF-Connecting-IP`: without it the
    requests of the proxy are counted, and the proxy is blocked. Use it only if nobody but the proxy can connect
    (`allowed_cidrs`, `client_certificates`). Default: none; the address of the connection counts."""


def waf_problems(args: WafArgs) -> list[str]:
    """Return a line for each value that AWS WAF would refuse."""
    limit, header = args.get("rate_limit", DEFAULT_RATE_LIMIT), args.get("client_header", "X-Forwarded-For")
    problems = []
    if not LOWEST_RATE_LIMIT <= limit <= HIGHEST_RATE_LIMIT:
        problems.append(
            f"waf.rate_limit is {limit}; it must be {LOWEST_RATE_LIMIT} to {HIGHEST_RATE_LIMIT} requests in 5 minutes"
        )
    if not re.fullmatch(r"[A-Za-z0-9-]{1,255}", header):
        problems.append(f'waf.client_header is "{header}"; it must be the name of a header: letters, digits and -')
    return problems


# The annotation is a string: evaluating aws.wafv2 imports 5 MB of source, of no use to clusters without a WAF.
def create_web_acl(scope: Scope, args: WafArgs, load_balancer_arn: pulumi.Input[str]) -> "aws.wafv2.WebAcl":
    """Create the ACL and attach it to the balancer. The rate rule comes first, so a flood reaches no other rule."""
    rate = {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {
            "rate_based_statement": {
                "limit": args.get("rate_limit", DEFAULT_RATE_LIMIT),
                "evaluation_window_sec": WINDOW_SECONDS,
                **_counted_by(args.get("client_header")),
            }
        },
        "visibility_config": _visibility(scope, "rate"),
    }
    managed = [_managed(scope, rule, priority) for priority, rule in enumerate(MANAGED_RULES, start=1)]
    rules: Any = [rate, *managed]  # nested dictionaries of strings, which the SDK takes but does not type
    acl = aws.wafv2.WebAcl(
        f"{scope.name}-web-acl",
        description=f"In front of the load balancer {scope.name}",
        scope="REGIONAL",
        default_action={"allow": {}},
        rules=rules,
        visibility_config={
            "cloudwatch_metrics_enabled": True,
            "sampled_requests_enabled": True,
            "metric_name": f"{scope.name}-web-acl",
        },
        **scope.regional_args("web-acl"),
    )
    aws.wafv2.WebAclAssociation(
        f"{scope.name}-web-acl-association",
        resource_arn=load_balancer_arn,
        web_acl_arn=acl.arn,
        **scope.untagged_args(),
    )
    _create_log(scope, acl)
    return acl


def _create_log(scope: Scope, acl: "aws.wafv2.WebAcl") -> None:
    """Log the requests that are blocked, without their cookies and credentials; WAF gives itself the right to write.

    https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    """
    group = aws.cloudwatch.LogGroup(
        f"{scope.name}-web-acl-log",
        name_prefix=f"aws-waf-logs-{scope.name}-",  # WAF takes no other beginning
        retention_in_days=LOG_DAYS,
        **scope.regional_args("web-acl-log"),
    )
    blocked: Any = {
        "behavior": "KEEP",
        "requirement": "MEETS_ANY",
        "conditions": [{"action_condition": {"action": "BLOCK"}}],
    }
    aws.wafv2.WebAclLoggingConfiguration(
        f"{scope.name}-web-acl-logging",
        resource_arn=acl.arn,
        log_destination_configs=[group.arn],
        logging_filter={"default_behavior": "DROP", "filters": [blocked]},
        redacted_fields=[{"single_header": {"name": name}} for name in REDACTED],
        **scope.untagged_args(),
    )


def _counted_by(header: str | None) -> dict[str, Any]:
    """Return the rate rule's key: the address of the connection, or the one in a header.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
    """
    if header is None:
        return {"aggregate_key_type": "IP"}
    # A header that holds no address was not set by the proxy, so it counts as a match.
    forwarded = {"header_name": header, "fallback_behavior": "MATCH"}
    return {"aggregate_key_type": "FORWARDED_IP", "forwarded_ip_config": forwarded}


def _managed(scope: Scope, rule: str, priority: int) -> dict[str, Any]:
    return {
        "name": rule,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {
            "managed_rule_group_statement": {"vendor_name": "AWS", "name": f"AWSManagedRules{rule}"},
        },
        "visibility_config": _visibility(scope, rule),
    }


def _visibility(scope: Scope, rule: str) -> dict[str, Any]:
    return {
        "cloudwatch_metrics_enabled": True,
        "sampled_requests_enabled": True,
        "metric_name": f"{scope.name}-{rule}",
    }
