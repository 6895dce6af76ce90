"""Looking: at the primary, from outside and from the standby; and at what stands in the standby region."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import STORES, SWITCH_KEY, Config
from .plan import Group, Role, State, View

BEACON = {"192.0.2.1": View.HEALTHY, "192.0.2.2": View.FAILED}
"""What the beacon's addresses mean; they are of a range that belongs to nobody (RFC 5737)."""

PROBE_SECONDS = 4
"""Route 53's own limit for a connection:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""

Resolver = Callable[[str], Sequence[str]]
"""From a name to its IPv4 addresses; raises OSError."""


def resolve(name: str) -> list[str]:
    """A name's IPv4 addresses, by the resolver of where this runs."""
    found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    return sorted({str(address[4][0]) for address in found})


@dataclass(frozen=True)
class Views:
    """How the primary looks to Route 53's checkers all over the world, and to the standby."""

    beacon: View
    probe: View

    @property
    def failed(self) -> bool:
        """Whether both say so: one of them may be wrong, or cut off itself."""
        return self.beacon is View.FAILED and self.probe is View.FAILED

    @property
    def any_failed(self) -> bool:
        """Whether one of them says so."""
        return View.FAILED in (self.beacon, self.probe)


def look(config: Config, resolver: Resolver = resolve) -> Views:
    """Look at the primary once, both ways."""
    return Views(beacon(config.beacon, resolver), probe(config.probe))


def beacon(name: str, resolver: Resolver) -> View:
    """Route 53's view, told by a record that follows its health check. No answer is no news."""
    try:
        seen = {BEACON.get(address, View.UNKNOWN) for address in resolver(name)}
    except OSError:
        return View.UNKNOWN
    return seen.pop() if len(seen) == 1 else View.UNKNOWN


def probe(way: Mapping[str, Any]) -> View:
    """The standby's own view: as Route 53 asks, an answer of 200 to 399 is healthy; connecting is enough for TCP."""
    host, port = way["host"], way["port"]
    try:
        if way["protocol"] == "tcp":
            socket.create_connection((host, port), PROBE_SECONDS).close()
            return View.HEALTHY
        connection = _connection(way["protocol"], host, port)
        try:
            connection.request("GET", way["path"], headers={"User-Agent": "ha-web-failover"})
            return View.HEALTHY if 200 <= connection.getresponse().status < 400 else View.FAILED
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return View.FAILED


def _connection(protocol: str, host: str, port: int) -> http.client.HTTPConnection:
    if protocol == "http":
        return http.client.HTTPConnection(host, port, timeout=PROBE_SECONDS)
    # The balancer is asked by its own name, which its certificate doesn't have; Route 53 doesn't look at it either.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=PROBE_SECONDS, context=context)


def observe(config: Config, clients: Clients) -> State:
    """What stands in the standby region. What can't be read is unknown, with its error; the switch must be read."""
    errors: list[str] = []

    def reading(what: str, read: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return read()
        except (ClientError, BotoCoreError) as error:
            errors.append(f"{what}: {error}")
            return otherwise

    group = reading("capacity", partial(group_of, config.capacity, clients), None) if config.capacity else None
    roles = {
        store: reading(store, partial(ROLES[store], getattr(config, store), clients), Role.UNKNOWN)
        for store in STORES
        if getattr(config, store) is not None
    }
    return State(switched(config, clients), group, roles, tuple(errors))


def switched(config: Config, clients: Clients) -> bool:
    """Whether the switch's object is there."""
    try:
        clients("s3").head_object(Bucket=config.switch["bucket"], Key=SWITCH_KEY)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return False
        raise
    return True


def group_of(part: Mapping[str, Any], clients: Clients) -> Group | None:
    """The Auto Scaling group's numbers; None if there is none of that name.

    A server serves once its balancer says so, too: to the group it is in service as soon as it runs.
    """
    found = clients("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[part["group"]])
    if not found["AutoScalingGroups"]:
        return None
    group = found["AutoScalingGroups"][0]
    standing = [i for i in group["Instances"] if (i["LifecycleState"], i["HealthStatus"]) == ("InService", "Healthy")]
    serving = {server["InstanceId"] for server in standing}
    for arn in group.get("TargetGroupARNs", []):
        targets = clients("elbv2").describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        serving &= {each["Target"]["Id"] for each in targets if each["TargetHealth"]["State"] == "healthy"}
    return Group(group["MinSize"], group["DesiredCapacity"], group["MaxSize"], len(serving))


def sessions_role(part: Mapping[str, Any], clients: Clients) -> Role:
    """The role of the standby's replication group in its global datastore."""
    found = clients("elasticache").describe_replication_groups(ReplicationGroupId=part["id"])["ReplicationGroups"][0]
    member = found.get("GlobalReplicationGroupInfo") or {}
    if not member.get("GlobalReplicationGroupId"):
        return Role.ALONE
    if member.get("GlobalReplicationGroupMemberRole") == "PRIMARY":
        return Role.PRIMARY if found["Status"] == "available" else Role.PROMOTING
    return Role.SECONDARY if found["Status"] == "available" else Role.UNKNOWN


def database_role(part: Mapping[str, Any], clients: Clients) -> Role:
    """The role of the standby's cluster in its global cluster."""
    try:
        found = clients("rds").describe_global_clusters(GlobalClusterIdentifier=part["global_id"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "GlobalClusterNotFoundFault":
            raise
        return Role.ALONE
    cluster = found["GlobalClusters"][0]
    under_way = cluster.get("FailoverState") or {}
    member = next((m for m in cluster["GlobalClusterMembers"] if m["DBClusterArn"] == part["arn"]), None)
    if member is None:
        return Role.ALONE
    if under_way.get("Status") in ("pending", "failing-over") and under_way.get("ToDbClusterArn") == part["arn"]:
        return Role.PROMOTING
    return Role.PRIMARY if member["IsWriter"] else Role.SECONDARY


def storage_role(part: Mapping[str, Any], clients: Clients) -> Role:
    """Whether the standby's file system still is the destination of a replication."""
    try:
        found = clients("efs").describe_replication_configurations(FileSystemId=part["id"])["Replications"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ReplicationNotFound":
            raise
        return Role.ALONE
    ends = [end for replication in found for end in replication["Destinations"] if end["FileSystemId"] == part["id"]]
    if not ends:
        return Role.ALONE
    return Role.PROMOTING if ends[0]["Status"] == "DELETING" else Role.SECONDARY


ROLES: dict[str, Callable[[Mapping[str, Any], Clients], Role]] = {
    "sessions": sessions_role,
    "database": database_role,
    "storage": storage_role,
}
