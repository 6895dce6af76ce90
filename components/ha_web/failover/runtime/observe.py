"""The two health checks of the primary, and the state of what is in the standby region."""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import STORES, SWITCH_KEY, Config
from .notes import ABSENT, owed_notice, seen
from .plan import Group, Role, State, View

BEACON = {"192.0.2.1": View.HEALTHY, "192.0.2.2": View.FAILED}
"""What the beacon's addresses mean; they are of a range that belongs to nobody (RFC 5737)."""

PROBE_SECONDS = 4
"""Seconds for the request to all addresses of the load balancer at once. Route 53 waits as long for a connection:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""

MOST_ADDRESSES = 8
"""As many as Elastic Load Balancing answers with: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/"""

REFUSED_BY_WAF = (403, 429)
"""Statuses of a web ACL that blocks or limits the address of the function; they say nothing about the servers."""

Resolver = Callable[[str], Sequence[str]]
"""From a name to its IPv4 addresses; raises OSError."""


def resolve(name: str) -> list[str]:
    """Return a name's IPv4 addresses, by the resolver of where this runs."""
    found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    return sorted({str(address[4][0]) for address in found})


@dataclass(frozen=True)
class Views:
    """How the primary looks to Route 53's checkers in several regions, and to the standby."""

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

    @property
    def healthy(self) -> bool:
        """Whether both find it healthy."""
        return self.beacon is View.HEALTHY and self.probe is View.HEALTHY


def look(config: Config, resolver: Resolver = resolve) -> Views:
    """Check the primary once, both ways."""
    return Views(beacon(config.beacon, resolver), probe(config.probe))


def beacon(name: str, resolver: Resolver) -> View:
    """Return Route 53's view, from a record that follows its health check. Without an answer it is unknown."""
    try:
        seen = {BEACON.get(address, View.UNKNOWN) for address in resolver(name)}
    except OSError:
        return View.UNKNOWN
    return seen.pop() if len(seen) == 1 else View.UNKNOWN


def probe(way: Mapping[str, Any], resolver: Resolver = resolve) -> View:
    """Return the standby's own view: as for Route 53, an answer of 200 to 399 is healthy; for TCP, a connection.

    All addresses of the load balancer are asked at once, and one healthy answer is enough: a zone that is lost answers
    nothing. After PROBE_SECONDS, what has not answered has failed.
    """
    deadline = time.monotonic() + PROBE_SECONDS
    try:
        addresses = [*resolver(way["host"])][:MOST_ADDRESSES]
    except OSError:
        return View.FAILED
    answers: queue.SimpleQueue[View] = queue.SimpleQueue()
    for address in addresses:
        threading.Thread(target=lambda to=address: answers.put(_ask(way, to, deadline)), daemon=True).start()
    views = []
    for _ in addresses:
        try:
            views.append(answers.get(timeout=max(0.0, deadline - time.monotonic())))
        except queue.Empty:
            break
        if views[-1] is View.HEALTHY:
            return View.HEALTHY
    return View.UNKNOWN if View.UNKNOWN in views else View.FAILED


def _ask(way: Mapping[str, Any], address: str, deadline: float) -> View:
    """Ask one address of the load balancer."""
    try:
        with socket.create_connection((address, way["port"]), _left(deadline)) as plain:
            if way["protocol"] == "tcp":
                return View.HEALTHY
            connection = http.client.HTTPConnection(way["host"], way["port"])
            connection.sock = _tls(plain, way["host"], deadline) if way["protocol"] == "https" else plain
            connection.sock.settimeout(_left(deadline))
            try:
                connection.request("GET", way["path"], headers={"User-Agent": "ha-web-failover"})
                status = connection.getresponse().status
            finally:
                connection.close()
    except (OSError, http.client.HTTPException):
        return View.FAILED
    if status in REFUSED_BY_WAF:
        return View.UNKNOWN
    return View.HEALTHY if 200 <= status < 400 else View.FAILED


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())


def _tls(plain: socket.socket, host: str, deadline: float) -> ssl.SSLSocket:
    # The balancer is asked by its own name, which its certificate doesn't have; Route 53 doesn't verify it either.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain.settimeout(_left(deadline))
    return context.wrap_socket(plain, server_hostname=host)


def observe(config: Config, clients: Clients) -> State:
    """Return the state of the standby region. What can't be read is unknown, with its error, but for the switch."""
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
    known = reading("primary's servers", partial(seen, config, clients), None) if config.capacity else None
    servers = known.servers if known else None
    sent = switched(config, clients)
    untold = sent and reading("notice", partial(owed_notice, config, clients), None) is not None
    return State(sent, group, roles, tuple(errors), servers, untold)


def switched(config: Config, clients: Clients) -> bool:
    """Return whether the switch's object is there."""
    if config.switch is None:
        return False
    try:
        clients("s3").head_object(Bucket=config.switch["bucket"], Key=SWITCH_KEY)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return False
        raise
    return True


def group_of(part: Mapping[str, Any], clients: Clients) -> Group | None:
    """Return the Auto Scaling group's numbers; None if there is none of that name.

    A server counts once its load balancer finds it healthy, too: for the group it is in service as soon as it runs.
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
    """Return the role of the standby's replication group in its global datastore."""
    found = clients("elasticache").describe_replication_groups(ReplicationGroupId=part["id"])["ReplicationGroups"][0]
    member = found.get("GlobalReplicationGroupInfo") or {}
    if not member.get("GlobalReplicationGroupId"):
        return Role.ALONE
    if member.get("GlobalReplicationGroupMemberRole") == "PRIMARY":
        return Role.PRIMARY if found["Status"] == "available" else Role.PROMOTING
    return Role.SECONDARY if found["Status"] == "available" else Role.UNKNOWN


def database_role(part: Mapping[str, Any], clients: Clients) -> Role:
    """Return the role of the standby's cluster in its global cluster."""
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
    """Return the role of the standby's file system: secondary while it is the destination of a replication."""
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
