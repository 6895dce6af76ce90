"""The stack that is operated, from its outputs: told by the engine, by a file, or by the copy that each `up` leaves."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.core.errors import NOT_ASKED, OpsError

OUTPUTS_KEY = "outputs.json"
"""The copy in the bucket of OperationsRecords, in each region."""

PATIENCE = 60.0
"""Seconds for the engine to tell the outputs: it reads the whole state. Mostly it takes two."""


@dataclass(frozen=True)
class Cluster:
    """A region's cluster."""

    role: str
    """`primary` or `standby`: as declared, whoever serves now."""
    region: str
    group: str
    """Auto Scaling group."""
    target_group: str
    """ARN."""
    balancer: str
    """ARN of the load balancer."""
    balancer_name: str
    """DNS name of the load balancer."""
    store: str
    """Replication group of ElastiCache, or cluster of MemoryDB."""
    zones: tuple[str, ...]
    """Ids of the zones."""
    database: str = ""
    """DNS name of the writer; empty without a database."""
    files: str = ""
    """File system; empty without one."""


@dataclass(frozen=True)
class Stack:
    """What operations know of a stack."""

    site: str
    clusters: Mapping[str, Cluster]
    hosted_zone: str = ""
    """Empty behind Cloudflare."""
    switch: str = ""
    """Bucket of the switch; empty without one."""
    function: str = ""
    """The failover function; empty without one."""
    health_checks: Mapping[str, str] = field(default_factory=dict)
    vaults: Mapping[str, str] = field(default_factory=dict)
    """Backup vaults by region."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """ARNs of topics by role."""
    records: Mapping[str, str] = field(default_factory=dict)
    """Buckets of OperationsRecords by region."""
    restore_role: str = ""
    strategy: str = ""
    recovery: Mapping[str, Any] = field(default_factory=dict)
    objectives: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    game_day: Mapping[str, Any] = field(default_factory=dict)
    """Experiments: `region`, `zone`, and ids of `templates` by scenario; empty without any."""

    @property
    def primary(self) -> Cluster:
        """The cluster that serves unless users are sent to the standby."""
        return self.clusters["primary"]

    @property
    def standby(self) -> Cluster | None:
        """The other region's cluster, if the strategy has one."""
        return self.clusters.get("standby")

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions, the primary first."""
        return tuple(cluster.region for cluster in self.clusters.values())


NEEDED = ("site", "clusters")

FIELDS = {
    "region": "region",
    "group": "auto_scaling_group_name",
    "target_group": "target_group_arn",
    "balancer": "load_balancer_arn",
    "balancer_name": "load_balancer_dns_name",
    "store": "session_store_id",
}


def parse(outputs: Any, source: str) -> Stack:
    """Return a stack from its outputs. Raises OpsError that names what is missing."""
    if not isinstance(outputs, dict) or any(key not in outputs for key in NEEDED):
        missing = ", ".join(key for key in NEEDED if not isinstance(outputs, dict) or key not in outputs)
        raise OpsError(
            f"{source}: has no output {missing}; a stack of this program has it after its first `up`", NOT_ASKED
        )
    try:
        clusters = {role: _cluster(role, each) for role, each in outputs["clusters"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise OpsError(f"{source}: the output clusters can't be read ({error})", NOT_ASKED) from None
    if "primary" not in clusters:
        raise OpsError(f"{source}: the output clusters has no primary", NOT_ASKED)
    ordered = {role: clusters[role] for role in sorted(clusters, key=lambda role: role != "primary")}
    return Stack(
        site=str(outputs["site"]),
        clusters=ordered,
        hosted_zone=outputs.get("hosted_zone_id") or "",
        switch=outputs.get("failover_switch") or "",
        function=outputs.get("failover_function") or "",
        health_checks=outputs.get("health_check_ids") or {},
        vaults=outputs.get("backup_vaults") or {},
        topics=outputs.get("alarm_topics") or {},
        records=outputs.get("operations_buckets") or {},
        restore_role=outputs.get("restore_role") or "",
        strategy=outputs.get("strategy") or "",
        recovery=outputs.get("recovery") or {},
        objectives=outputs.get("objectives") or {},
        game_day=outputs.get("game_day") or {},
    )


def _cluster(role: str, given: Mapping[str, Any]) -> Cluster:
    return Cluster(
        role=role,
        **{name: str(given[key]) for name, key in FIELDS.items()},
        zones=tuple(given.get("zone_ids", ())),
        database=given.get("database_endpoint") or "",
        files=given.get("file_system_id") or "",
    )


Get = Callable[[str, str, str], bytes]
"""Reads an object: Region, bucket, key."""


def read(source: str, stack: str, get: Get) -> Stack:
    """Return the stack that `source` tells of.

    Args:
        source: empty to ask the engine, `-` for standard input, a file with `pulumi stack output --json`, or
            `s3://REGION/BUCKET`, the copy that each `up` leaves.
        stack: the name of the stack, for the engine.
        get: reads an object of S3.
    """
    if not source:
        return parse(_from_engine(stack), f"stack {stack}")
    try:
        if source == "-":
            text: str | bytes = sys.stdin.read()
        elif source.startswith("s3://"):
            region, _, bucket = source.removeprefix("s3://").partition("/")
            if not bucket:
                raise OpsError(f"--outputs {source}: write s3://REGION/BUCKET", NOT_ASKED)
            text = get(region, bucket.partition("/")[0], bucket.partition("/")[2] or OUTPUTS_KEY)
        else:
            text = Path(source).read_text()
        return parse(json.loads(text), source)
    except OSError as error:
        raise OpsError(f"--outputs {source}: {error.strerror or error}", NOT_ASKED) from None
    except ValueError as error:
        raise OpsError(f"--outputs {source}: is no JSON ({error})", NOT_ASKED) from None


def _from_engine(stack: str) -> Any:
    """Ask the engine, by its command: this process starts without Pulumi."""
    command = ["pulumi", "stack", "output", "--json", "--non-interactive", "--stack", stack]
    try:
        # Nobody would see that it asks for a passphrase; and its state may be in a region that is silent.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise OpsError(
            f"stack {stack}: `pulumi` has not answered for {PATIENCE:g} s; --outputs s3://REGION/BUCKET needs no state",
            NOT_ASKED,
        ) from None
    except OSError as error:
        raise OpsError(f"`pulumi` can't be started ({error.strerror}); give --outputs", NOT_ASKED) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        helps = "--outputs reads a file, or s3://REGION/BUCKET, the copy that each `up` leaves"
        raise OpsError(f"stack {stack}: {said[0].removeprefix('error: ')}; {helps}", NOT_ASKED)
    return json.loads(done.stdout)
