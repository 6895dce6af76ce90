"""Reads what a failback is planned from: both regions' stores and servers, the switch, the files, the rule."""

from dataclasses import dataclass

from botocore.exceptions import ClientError
from ha_web.failover.runtime.clients import Clients
from ha_web.failover.runtime.config import Config
from ha_web.failover.runtime.observe import database_role, group_of, probe, sessions_role, storage_role, switched
from ha_web.failover.runtime.plan import Role, View

from ops.core.operate import Operator
from ops.core.policy import Call
from ops.failback.planning import DATABASE, SESSIONS, Facts, Follower
from ops.failover.arrival import Dns
from ops.failover.look import clients_in
from ops.status.reading import Ask
from ops.status.readings.data import DATABASE_LAG, NO_SUCH_GROUP, SESSIONS_LAG, lag


@dataclass(frozen=True)
class Places:
    """Both regions, and the names of what is in the primary's."""

    config: Config
    standby: Clients
    primary: Clients
    region: str
    """The primary's."""
    group: str
    store: str

    @classmethod
    def of(cls, me: Operator, config: Config) -> "Places":
        """Return a stack's."""
        first = me.stack.primary
        clients = clients_in(me.account, config.region), clients_in(me.account, first.region)
        return cls(config, *clients, first.region, first.group, first.store)

    def servers(self) -> dict[str, str]:
        """Return the primary's Auto Scaling group, as the function's code takes it."""
        return {"group": self.group}

    def sessions(self) -> Role:
        """Return what the primary region's session store is."""
        return sessions_role({"id": self.store}, self.primary)

    def database(self) -> Role:
        """Return what the primary region's database is. The standby's region is asked: it has the primary now."""
        part = self.config.database or {}
        return database_role({"global_id": part["global_id"], "arn": self.database_arn()}, self.standby)

    def database_arn(self) -> str:
        """Return the ARN of the primary region's cluster; empty if it is in no global cluster."""
        part = self.config.database or {}
        if part.get("source_arn"):
            return str(part["source_arn"])
        found = self.standby("rds").describe_global_clusters(GlobalClusterIdentifier=part["global_id"])
        arns = [str(member["DBClusterArn"]) for member in found["GlobalClusters"][0]["GlobalClusterMembers"]]
        return next((arn for arn in arns if arn.split(":")[3] == self.region), "")


def look(places: Places, function_arn: str, dns: Dns) -> Facts:
    """Return the facts. Raises what AWS raises: a failback needs both regions."""
    config = places.config
    own = group_of(config.capacity, places.standby) if config.capacity else None
    rule, armed = rule_of(places.standby, function_arn)
    role = _standby_sessions(places)
    files = storage_role(config.storage, places.standby) if config.storage else None
    return Facts(
        config=config,
        region=places.region,
        answers=probe(config.probe) is not View.FAILED,
        switched=switched(config, places.standby),
        group=group_of(places.servers(), places.primary),
        serving=own.in_service if own else 0,
        stores=_stores(places, role),
        alone=role is Role.ALONE,
        absent=config.sessions is not None and role is None,
        files=files,
        kept=files is Role.ALONE and _is_kept(places),
        rule=rule,
        armed=armed,
        leads_to=dns.serving(),
    )


def _standby_sessions(places: Places) -> Role | None:
    """Return what the standby's session store is; None if there is none."""
    if places.config.sessions is None:
        return None
    try:
        return sessions_role(places.config.sessions, places.standby)
    except ClientError as error:
        if error.response["Error"]["Code"] != NO_SUCH_GROUP:
            raise
        return None


def _stores(places: Places, standby: Role | None) -> dict[str, Follower]:
    found: dict[str, Follower] = {}
    ask = Ask({"cloudwatch": places.primary("cloudwatch")}, (Call("cloudwatch", "get_metric_data"),))
    if standby not in (None, Role.ALONE):
        role = places.sessions()
        found[SESSIONS] = Follower(role, lag(ask, *SESSIONS_LAG) if role is Role.SECONDARY else None)
    if places.config.database is not None:
        role = places.database()
        found[DATABASE] = Follower(role, lag(ask, *DATABASE_LAG) if role is Role.SECONDARY else None)
    return found


def _is_kept(places: Places) -> bool:
    assert places.config.storage is not None
    name = places.config.storage["id"]
    [found] = places.standby("efs").describe_file_systems(FileSystemId=name)["FileSystems"]
    protection = str(found.get("FileSystemProtection", {}).get("ReplicationOverwriteProtection", "ENABLED"))
    return protection == "ENABLED"


def rule_of(standby: Clients, function_arn: str) -> tuple[str, bool]:
    """Return the rule that starts the function, and whether it does; an empty name without one."""
    names = standby("events").list_rule_names_by_target(TargetArn=function_arn)["RuleNames"]
    if not names:
        return "", True
    return str(names[0]), standby("events").describe_rule(Name=names[0])["State"] == "ENABLED"
