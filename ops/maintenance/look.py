"""Reads what turning a page on or off is planned from: listeners with their rules, the automation, the note."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.failover.runtime.config import Config, ConfigError, load

from ops.core import maintenance_note
from ops.core.account import Account
from ops.core.errors import NOT_ASKED, OpsError, explained
from ops.core.stack import Cluster, Stack
from ops.failback.look import rule_of
from ops.failover.look import clients_in
from ops.maintenance.page import Page
from ops.maintenance.planning import MOST_PATHS, Balancer, Facts, Listener

TAG = "ha-web:maintenance"
"""Tag of the rules that are this command's: its value says which."""

OF_CLOUDFLARE = "/readyz"
"""What the monitor of CloudflareEdge asks for, if no other path is set."""


def look(stack: Stack, account: Account, keep: Sequence[str] = ()) -> Facts:
    """Return what is known.

    Args:
        keep: further paths that come through.

    Raises:
        OpsError: a region can't be asked. A page in one region only would be worse than none.
    """
    paths = dict.fromkeys(keep)
    if not stack.hosted_zone:
        paths[OF_CLOUDFLARE] = None
    balancers = []
    for cluster in stack.clusters.values():
        try:
            found, path = _balancer(account.client("elbv2", cluster.region), cluster)
        except (ClientError, BotoCoreError) as error:
            raise OpsError(explained(error, cluster.region), NOT_ASKED) from error
        balancers.append(found)
        paths |= {path: None} if path else {}
    schedule, armed, config = _automation(stack, account)
    if config and config.probe.get("path"):
        paths[str(config.probe["path"])] = None
    return Facts(
        tuple(balancers),
        maintenance_note.read(account, stack.records),
        schedule,
        armed,
        tuple(sorted(paths))[:MOST_PATHS],
    )


def _automation(stack: Stack, account: Account) -> tuple[str, bool, Config | None]:
    """Return the rule that starts the failover function, whether it is enabled, and the function's configuration."""
    if not stack.function or stack.standby is None:
        return "", False, None
    clients = clients_in(account, stack.standby.region)
    try:
        found = clients("lambda").get_function_configuration(FunctionName=stack.function)
        rule, armed = rule_of(clients, found["FunctionArn"])
        return rule, bool(rule) and armed, load(found.get("Environment", {}).get("Variables", {}))
    except (ClientError, BotoCoreError) as error:
        raise OpsError(explained(error, stack.standby.region), NOT_ASKED) from error
    except ConfigError as error:
        raise OpsError(f"{stack.function}: its configuration can't be used: {error}", NOT_ASKED) from None


def _balancer(client: Any, cluster: Cluster) -> tuple[Balancer, str]:
    """Return a region's load balancer, and the path that it asks servers for."""
    name, application = cluster.balancer.split("/")[-2], "/net/" not in cluster.balancer
    health = client.describe_target_health(TargetGroupArn=cluster.target_group)["TargetHealthDescriptions"]
    healthy = sum(each["TargetHealth"]["State"] == "healthy" for each in health)
    if not application:
        return Balancer(cluster.region, name, application=False, healthy=healthy), ""
    [group] = client.describe_target_groups(TargetGroupArns=[cluster.target_group])["TargetGroups"]
    listeners = client.describe_listeners(LoadBalancerArn=cluster.balancer)["Listeners"]
    forwarding = [each for each in listeners if each["DefaultActions"][-1]["Type"] == "forward"]
    found = tuple(_listener(client, each["ListenerArn"], cluster.target_group) for each in forwarding)
    return Balancer(cluster.region, name, listeners=found, healthy=healthy), group.get("HealthCheckPath") or ""


def _listener(client: Any, arn: str, target_group: str) -> Listener:
    rules = [rule for rule in client.describe_rules(ListenerArn=arn)["Rules"] if not rule["IsDefault"]]
    ours = _ours(client, [rule["RuleArn"] for rule in rules])
    others = [int(rule["Priority"]) for rule in rules if rule["RuleArn"] not in ours]
    by_kind = {ours[rule["RuleArn"]]: rule for rule in rules if rule["RuleArn"] in ours}
    passes, answers = by_kind.get("pass", {}), by_kind.get("page", {})
    return Listener(
        arn,
        target_group,
        passes=passes.get("RuleArn", ""),
        answers=answers.get("RuleArn", ""),
        page=_page(answers),
        paths=_paths(passes),
        lowest=min(others, default=0),
    )


def _ours(client: Any, rules: Sequence[str]) -> dict[str, str]:
    """Return which rules are this command's, with what they are for."""
    found: dict[str, str] = {}
    for first in range(0, len(rules), 20):  # as many as DescribeTags takes
        told = client.describe_tags(ResourceArns=[*rules[first : first + 20]])["TagDescriptions"]
        found |= {
            each["ResourceArn"]: tag["Value"] for each in told for tag in each.get("Tags", []) if tag["Key"] == TAG
        }
    return found


def _page(rule: Mapping[str, Any]) -> Page | None:
    said = rule.get("Actions", [{}])[-1].get("FixedResponseConfig")
    return Page(said.get("MessageBody", ""), said.get("ContentType", "")) if said else None


def _paths(rule: Mapping[str, Any]) -> tuple[str, ...]:
    for condition in rule.get("Conditions", []):
        values = condition.get("PathPatternConfig", {}).get("Values") or condition.get("Values", [])
        return tuple(sorted(values))
    return ()
