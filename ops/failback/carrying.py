"""Carries a failback out. Each step waits until what it began has come about, and may be repeated."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import ClientError
from ha_web.failover.runtime.apply import UNDER_WAY, Clock
from ha_web.failover.runtime.config import SWITCH_KEY
from ha_web.failover.runtime.observe import group_of
from ha_web.failover.runtime.plan import Role

from ops.core.errors import LOCKED, OpsError
from ops.core.operate import Do
from ops.core.plan import Step
from ops.core.waiting import wait_until
from ops.failback import planning
from ops.failback.look import Places, rule_of
from ops.failover.arrival import Dns
from ops.failover.holding import Holding
from ops.status.readings.data import NO_SUCH_GROUP

PATIENCE = 1800
"""Seconds for a step to come about: a switchover of Aurora waits for the last writes."""

EVERY = 5


@dataclass
class Carrying(Holding):
    """A failback under way."""

    places: Places
    function_arn: str
    dns: Dns
    show: Callable[[str], None]
    clock: Clock
    take_over: bool = False
    _held: ExitStack = field(default_factory=ExitStack)

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            planning.DISARM: self._disarm,
            planning.SERVERS: self._servers,
            planning.SESSIONS: self._sessions,
            planning.DATABASE: self._database,
            planning.SWITCH: self._switch,
            planning.DELETE: self._delete,
            planning.FILES: self._files,
            planning.ARM: self._arm,
            planning.ARRIVAL: lambda _: self.dns.arrive("primary", self.clock, self.show),
        }

    def _disarm(self, _step: Step) -> str:
        """Disable the rule; a run that has begun acts no more while the note is there."""
        config, standby = self.places.config, self.places.standby
        if not self._keep_away(config, standby, PATIENCE):
            raise OpsError("the automation fails over just now: wait until it has ended", LOCKED)
        standby("events").disable_rule(Name=rule_of(standby, self.function_arn)[0])
        return ""

    def _servers(self, step: Step) -> str:
        wanted, group = int(step.about["servers"]), self.places.servers()
        self.places.primary("autoscaling").set_desired_capacity(
            AutoScalingGroupName=self.places.group, DesiredCapacity=wanted
        )

        def serve() -> bool:
            found = group_of(group, self.places.primary)
            return found is not None and found.in_service >= wanted

        return self._until(serve, f"{wanted} servers serve")

    def _sessions(self, _step: Step) -> str:
        part = self.places.config.sessions or {}
        with unless_under_way():
            self.places.primary("elasticache").failover_global_replication_group(
                GlobalReplicationGroupId=part["global_id"],
                PrimaryRegion=self.places.region,
                PrimaryReplicationGroupId=self.places.store,
            )
        return self._until(lambda: self.places.sessions() is Role.PRIMARY, "the session store is the primary")

    def _database(self, _step: Step) -> str:
        """Move the database without loss: a switchover, asked of the region that is the primary now."""
        part = self.places.config.database or {}
        with unless_under_way():
            self.places.standby("rds").switchover_global_cluster(
                GlobalClusterIdentifier=part["global_id"], TargetDbClusterIdentifier=self.places.database_arn()
            )
        return self._until(lambda: self.places.database() is Role.PRIMARY, "the database is the primary")

    def _switch(self, _step: Step) -> str:
        assert self.places.config.switch is not None
        self.places.standby("s3").delete_object(Bucket=self.places.config.switch["bucket"], Key=SWITCH_KEY)
        return ""

    def _delete(self, _step: Step) -> str:
        assert self.places.config.sessions is not None
        name, client = self.places.config.sessions["id"], self.places.standby("elasticache")
        with unless_under_way():
            client.delete_replication_group(ReplicationGroupId=name)

        def gone() -> bool:
            try:
                client.describe_replication_groups(ReplicationGroupId=name)
            except ClientError as error:
                if error.response["Error"]["Code"] != NO_SUCH_GROUP:
                    raise
                return True
            return False

        return self._until(gone, "it is deleted")

    def _files(self, _step: Step) -> str:
        assert self.places.config.storage is not None
        self.places.standby("efs").update_file_system_protection(
            FileSystemId=self.places.config.storage["id"], ReplicationOverwriteProtection="DISABLED"
        )
        return ""

    def _arm(self, _step: Step) -> str:
        self.places.standby("events").enable_rule(Name=rule_of(self.places.standby, self.function_arn)[0])
        return ""

    def _until(self, true: Callable[[], bool], what: str) -> str:
        wait_until(true, what, self.clock, self.show, every=EVERY, patience=PATIENCE)
        return what


@contextmanager
def unless_under_way() -> Iterator[None]:
    """Pass over a refusal because something is in progress: mostly this very step, begun before an interruption."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in UNDER_WAY:
            raise
