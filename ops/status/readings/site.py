"""The switch and the failover function, both in the standby's region."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from ha_web.failover.runtime.config import SWITCH_KEY, VARIABLE

from ops.core.maintenance_note import KEY, parse
from ops.core.stack import Cluster, Stack
from ops.status.facts import Automation
from ops.status.reading import Ask, Reading, calls

RECENT = timedelta(minutes=15)
ABSENT = ("404", "NoSuchKey", "NotFound")


def switch(ask: Ask, stack: Stack, _cluster: Cluster) -> bool:
    """Return whether the switch sends users to the standby: one request to S3's data plane."""
    try:
        ask("s3", "head_object", Bucket=stack.switch, Key=SWITCH_KEY)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return False
        raise
    return True


def automation(ask: Ask, stack: Stack, _cluster: Cluster) -> Automation:
    """Return the failover function and what starts it."""
    function = ask("lambda", "get_function_configuration", FunctionName=stack.function)
    rules = ask("events", "list_rule_names_by_target", TargetArn=function["FunctionArn"])["RuleNames"]
    schedule, acts = "", False
    for name in rules:
        schedule = str(ask("events", "describe_rule", Name=name)["State"])
        targets = ask("events", "list_targets_by_rule", Rule=name)["Targets"]
        acts = any(_action(target) == "watch" for target in targets if target["Arn"] == function["FunctionArn"])
    configured = json.loads(function.get("Environment", {}).get("Variables", {}).get(VARIABLE, "{}"))
    return Automation(
        state=str(function.get("State", "Active")),
        schedule=schedule,
        acts=acts,
        errors=_errors(ask, stack.function),
        needed=(configured.get("capacity") or {}).get("needed"),
    )


def maintenance(ask: Ask, stack: Stack, cluster: Cluster) -> str:
    """Return since when the site is in maintenance, and by whom; empty if it isn't."""
    try:
        found = ask("s3", "get_object", Bucket=stack.records[cluster.region], Key=KEY)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return ""
        raise
    return parse(found["Body"].read()).text


def _action(target: dict[str, Any]) -> str:
    try:
        return str(json.loads(target.get("Input", "{}")).get("action", ""))
    except (ValueError, AttributeError):
        return ""


def _errors(ask: Ask, function: str) -> int:
    now = datetime.now(UTC)
    found = ask(
        "cloudwatch",
        "get_metric_statistics",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - RECENT,
        EndTime=now,
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return int(sum(point["Sum"] for point in found))


READINGS = (
    Reading("switch", calls(s3="head_object"), switch, lambda stack, _: bool(stack.switch)),
    Reading(
        "maintenance",
        calls(s3="get_object"),
        maintenance,
        lambda stack, cluster: cluster.region in stack.records,
    ),
    Reading(
        "automation",
        (
            *calls(events="list_rule_names_by_target describe_rule list_targets_by_rule"),
            *calls(cloudwatch="get_metric_statistics"),
            *calls(**{"lambda": "get_function_configuration"}),
        ),
        automation,
        lambda stack, _: bool(stack.function),
    ),
)
