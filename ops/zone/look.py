"""Reads what leaving a zone is planned from: shifts, servers by zone, and what the others would have to carry."""

import json
from collections import Counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ha_web.failover.runtime.config import VARIABLE

from ops.core.account import Account
from ops.core.errors import DOWN, NOT_ASKED, OpsError, explained
from ops.core.stack import Cluster, Stack
from ops.status.facts import Facts as OfStatus
from ops.status.reading import Ask
from ops.status.readings.zones import group_of, quota, servers, zone_ids
from ops.status.verdict import needed
from ops.zone.calls import LOOKING
from ops.zone.facts import AUTOSHIFT, Facts, Resource, Shift

CROSSES = "load_balancing.cross_zone.enabled"
ENDS_CONNECTIONS = "target_health_state.unhealthy.connection_termination.enabled"
NETWORK = "/net/"
UNKNOWN = "ResourceNotFoundException"
"""What ARC says of a resource whose zonal shift is off."""


def place_of(stack: Stack, zone: str, account: Account) -> tuple[Cluster, str]:
    """Return the cluster that a zone is of, and the zone's id. Raises OpsError for a zone of none."""
    for cluster in stack.clusters.values():
        if zone in cluster.zones:
            return cluster, zone
    for cluster in stack.clusters.values():
        if zone.startswith(cluster.region):
            ids = zone_ids(_ask(account, cluster), stack, cluster)
            if ids.get(zone) in cluster.zones:
                return cluster, ids[zone]
    known = "; ".join(f"{cluster.region}: {', '.join(cluster.zones)}" for cluster in stack.clusters.values())
    raise OpsError(f"ZONE {zone}: {stack.site} has no servers there; its zones are {known}", DOWN)


def look(stack: Stack, account: Account, cluster: Cluster) -> Facts:
    """Return what is known of a region. Raises OpsError."""
    try:
        return _look(stack, account, cluster)
    except (ClientError, BotoCoreError) as error:
        raise OpsError(explained(error, cluster.region), NOT_ASKED) from error
    except LookupError as error:
        raise OpsError(f"{cluster.region}: {error}", NOT_ASKED) from None


def _look(stack: Stack, account: Account, cluster: Cluster) -> Facts:
    ask = _ask(account, cluster)
    group, ids = group_of(ask, cluster), zone_ids(ask, stack, cluster)
    fleet = servers(ask, stack, cluster)
    counted = [each for each in group["Instances"] if each["LifecycleState"].startswith(("Pending", "InService"))]
    members = Counter(ids.get(each["AvailabilityZone"], each["AvailabilityZone"]) for each in counted)
    zones = sorted(ids.get(zone, zone) for zone in fleet.serving)
    return Facts(
        region=cluster.region,
        balancer=_resource(ask, cluster.balancer.split("/")[-2], cluster.balancer),
        group=_resource(ask, cluster.group, group["AutoScalingGroupARN"]),
        serving={**dict.fromkeys(zones, 0), **{ids.get(zone, zone): count for zone, count in fleet.serving.items()}},
        members={**dict.fromkeys(zones, 0), **members},
        desired=fleet.desired,
        maximum=fleet.maximum,
        needed=needed(OfStatus(stack.site, stack.strategy, {}, needed=_configured(stack, account)), fleet),
        crosses=_crosses(ask, cluster),
        ends_connections=_ends_connections(ask, cluster),
        quota=_quota(ask, stack, cluster),
        names={identifier: name for name, identifier in ids.items()},
    )


def _ask(account: Account, cluster: Cluster) -> Ask:
    services = {call.service for call in LOOKING} - {"lambda"}
    return Ask({name: account.client(name, cluster.region) for name in services}, LOOKING)


def _resource(ask: Ask, name: str, arn: str) -> Resource:
    try:
        found = ask("arc-zonal-shift", "get_managed_resource", resourceIdentifier=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] != UNKNOWN:
            raise
        return Resource(name, arn, managed=False)
    shifts = [_shift(each) for each in found.get("zonalShifts", [])]
    shifts += [Shift(each["awayFrom"], AUTOSHIFT) for each in found.get("autoshifts", [])]
    return Resource(name, arn, shifts=tuple(shifts), autoshift=found.get("zonalAutoshiftStatus") == "ENABLED")


def _shift(found: dict[str, Any]) -> Shift:
    return Shift(
        found["awayFrom"],
        found.get("shiftType", "ZONAL_SHIFT"),
        found["zonalShiftId"],
        found["expiryTime"].timestamp(),
        found["comment"],
    )


def _configured(stack: Stack, account: Account) -> int | None:
    """Return how many servers carry the load, as the failover function has it; None where that can't be told."""
    if not stack.function or stack.standby is None:
        return None
    try:
        client = account.client("lambda", stack.standby.region, brief=True)
        found = client.get_function_configuration(FunctionName=stack.function)
        variables = found.get("Environment", {}).get("Variables", {})
        wanted = (json.loads(variables.get(VARIABLE, "{}")).get("capacity") or {}).get("needed")
    except (ClientError, BotoCoreError, ValueError):
        return None  # the other region may be lost; the rule of thumb is asked then
    return int(wanted) if wanted else None


def _crosses(ask: Ask, cluster: Cluster) -> bool:
    """Return whether the balancer sends to servers of other zones.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#cross-zone-load-balancing
    """
    said = _attribute(ask("elbv2", "describe_target_group_attributes", TargetGroupArn=cluster.target_group), CROSSES)
    if said == "use_load_balancer_configuration" and NETWORK in cluster.balancer:
        found = ask("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=cluster.balancer)
        said = _attribute(found, CROSSES)
    return said != "false"


def _ends_connections(ask: Ask, cluster: Cluster) -> bool:
    if NETWORK not in cluster.balancer:
        return False
    found = ask("elbv2", "describe_target_group_attributes", TargetGroupArn=cluster.target_group)
    return _attribute(found, ENDS_CONNECTIONS) != "false"  # AWS's default is true


def _attribute(found: dict[str, Any], key: str) -> str:
    return str({each["Key"]: each["Value"] for each in found["Attributes"]}.get(key, ""))


def _quota(ask: Ask, stack: Stack, cluster: Cluster) -> Any:
    try:
        return quota(ask, stack, cluster)
    except (ClientError, BotoCoreError, LookupError, ValueError):
        return None  # whoever may not read quotas may leave a zone all the same
