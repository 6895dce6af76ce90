"""A whole web cluster in one region: network, load balancer, session store and fleet, wired together."""

from typing import Any, cast

import pulumi

from ha_web.application.boot import STOPPING
from ha_web.core.problems import Problems
from ha_web.core.regions import region_of
from ha_web.core.wording import nearest, quoted
from ha_web.database.args import DatabaseArgs
from ha_web.database.database import Database
from ha_web.database.rules import DEFAULT_INSTANCE_CLASS, restored_name_problem
from ha_web.fleet.application import DEFAULT_DRAIN_SECONDS
from ha_web.fleet.capacity import capacity_of
from ha_web.fleet.fleet import DEFAULT_TARGET_PORT, Fleet, FleetArgs
from ha_web.fleet.security_groups import TargetProtocol
from ha_web.fleet.server_role import FileSystemAccessArgs
from ha_web.load_balancer.load_balancer import IDLE_SECONDS, LoadBalancer, LoadBalancerArgs
from ha_web.load_balancer.protocols import Protocol
from ha_web.load_balancer.target_group import dns_failover_percent
from ha_web.network.network import Network, NetworkArgs
from ha_web.sessions import elasticache_rules, memorydb_rules
from ha_web.sessions.elasticache import SessionStore, SessionStoreArgs
from ha_web.sessions.memorydb import DurableSessionStore, DurableSessionStoreArgs
from ha_web.storage.shared_storage import SharedStorage, SharedStorageArgs
from ha_web.web_cluster_args import WebClusterArgs, WebDatabaseArgs

FIRST = ""
"""Name, among a cluster's databases, of the one that is not restored."""

LONGER_THAN_IDLE = 15
"""Seconds that servers keep an idle connection open for longer than the load balancer, which would otherwise send a
request into a connection that is being closed.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html (HTTP 502)"""

ENVIRONMENT_NAMES = (
    "HA_WEB_REGION",
    "PORT",
    "SESSION_HOST",
    "SESSION_PORT",
    "SESSION_USER",
    "SESSION_SECRET_ARN",
    "SESSION_CLUSTER",
    "SESSION_EXPIRY",
    "DATABASE_HOST",
    "DATABASE_READER_HOST",
    "DATABASE_PORT",
    "DATABASE_NAME",
    "DATABASE_SECRET_ARN",
    "STORAGE_FILE_SYSTEM",
    "STORAGE_ACCESS_POINT",
    "KEEP_ALIVE_SECONDS",
    "STOP_SECONDS",
)
"""Environment variables that the cluster keeps for itself. They hold the ARNs of secrets, never a password."""


class WebCluster(pulumi.ComponentResource):
    """Network, LoadBalancer, SessionStore and Fleet in one region, able to lose a zone; Database and SharedStorage too.

    In Python the blocks are attributes, with all their outputs: `network`, `load_balancer`, `sessions`, `fleet`,
    `database` and `storage`; `databases` has all of them by name. Other languages have the outputs below.

    The application is configured by environment variables. PORT is the port to listen on, HA_WEB_REGION the AWS Region.
    SESSION_HOST, SESSION_PORT, SESSION_USER and SESSION_SECRET_ARN lead to the session store; SESSION_EXPIRY is
    `application` where the store expires nothing by itself. DATABASE_HOST, DATABASE_READER_HOST, DATABASE_PORT,
    DATABASE_NAME and DATABASE_SECRET_ARN lead to the database, if there is one. An `application` also has
    KEEP_ALIVE_SECONDS, for which it keeps idle connections open, and STOP_SECONDS, in which it must end after SIGTERM.
    With `write_forwarding` DATABASE_HOST has two names, `writer,readers`, in the form that libpq takes: a client
    connects to the first that it can, and does so again after a failover. Each secret has the keys `username` and
    `password`. STORAGE_FILE_SYSTEM and STORAGE_ACCESS_POINT name the file system for the start script to mount.

    After damage to the data, `restored_databases` are made beside `database`, and `serving_database` says which of them
    the servers use: they are replaced one after the other, and nothing that holds data is (docs/runbooks/restore.md).

    **Holds state**: sessions, database, files and access logs; see SessionStore, DurableSessionStore, Database,
    SharedStorage and LoadBalancer.
    """

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    zone_ids: list[str]
    """Ids of the zones, sorted."""
    zone_names: list[str]
    """Names of the zones in this account, in the order of `zone_ids`."""
    public_subnet_ids: list[pulumi.Output[str]]
    """Subnets of the load balancer, one a zone."""
    server_subnet_ids: list[pulumi.Output[str]]
    """Subnets of the servers, one a zone."""
    data_subnet_ids: list[pulumi.Output[str]]
    """Subnets of the session store, the database and the file system, one a zone."""
    server_route_table_ids: list[pulumi.Output[str]]
    """Route tables of the server subnets, one a zone."""
    load_balancer_arn: pulumi.Output[str]
    """ARN of the load balancer."""
    load_balancer_arn_suffix: pulumi.Output[str]
    """Part of the ARN that is the load balancer's dimension in CloudWatch."""
    load_balancer_dns_name: pulumi.Output[str]
    """DNS name of the load balancer, the target of alias records."""
    load_balancer_zone_id: pulumi.Output[str]
    """Id of the hosted zone of that DNS name, for alias records."""
    load_balancer_security_group_id: pulumi.Output[str]
    """Security group of the load balancer."""
    listener_arn: pulumi.Output[str]
    """ARN of the listener that forwards to the servers, to add rules to."""
    target_group_arn: pulumi.Output[str]
    """ARN of the servers' target group."""
    target_group_arn_suffix: pulumi.Output[str]
    """Part of the ARN that is the target group's dimension in CloudWatch."""
    log_bucket: pulumi.Output[str] | None
    """Name of the bucket of the access logs, if there is one."""
    web_acl_arn: pulumi.Output[str] | None
    """ARN of the web ACL, if there is one."""
    session_store_id: pulumi.Output[str]
    """Id of the session store's replication group, or name of its MemoryDB cluster."""
    session_endpoint: pulumi.Output[str]
    """DNS name of the session store's primary."""
    session_reader_endpoint: pulumi.Output[str] | None
    """DNS name of the session store's replicas; durable sessions have none."""
    session_secret_arn: pulumi.Output[str]
    """ARN of the secret with the session store's user and password."""
    session_key_arn: pulumi.Output[str]
    """ARN of the KMS key that encrypts the session store and its secret."""
    session_client_security_group_id: pulumi.Output[str]
    """Security group for further clients of the session store."""
    session_node_ids: list[pulumi.Output[str]]
    """Ids of the session store's nodes."""
    database_arn: pulumi.Output[str] | None
    """ARN of the database cluster, if there is one."""
    database_endpoint: pulumi.Output[str] | None
    """DNS name of the database's writer, if there is a database."""
    database_secret_arn: pulumi.Output[str] | None
    """ARN of the secret with the database's user and password, if there is a database."""
    database_client_security_group_id: pulumi.Output[str] | None
    """Security group for further clients of the database, if there is one."""
    file_system_id: pulumi.Output[str] | None
    """Id of the file system, if there is one."""
    access_point_id: pulumi.Output[str] | None
    """Id of the access point that servers mount the file system through, if there is one."""
    auto_scaling_group_name: pulumi.Output[str]
    """Name of the Auto Scaling group."""
    auto_scaling_group_arn: pulumi.Output[str]
    """ARN of the Auto Scaling group."""
    server_security_group_id: pulumi.Output[str]
    """Security group of the servers."""
    server_role_name: pulumi.Output[str]
    """Name of the servers' IAM role, to attach policies to."""
    image_id: pulumi.Output[str]
    """Id of the image that servers start from."""

    image_releases: pulumi.Output[dict[str, str]]
    """Ids of the images that the last releases took, by release and parameter."""

    def __init__(self, name: str, args: WebClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:WebCluster", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.network = self._create_network()
        self.load_balancer = self._create_load_balancer()
        self.sessions = self._create_session_store()
        self.databases = self._create_databases()
        self.database = self.databases.get(self._args.get("serving_database", FIRST))
        self.storage = self._create_storage()
        self.fleet = self._create_fleet()
        self._set_outputs()
        self.register_outputs({key: getattr(self, key) for key in WebCluster.__annotations__})

    def _shared(self) -> dict[str, Any]:
        """Return region and tags, the arguments of every block."""
        return {key: self._args[key] for key in ("region", "tags") if key in self._args}  # type: ignore[literal-required]  # both are keys

    def _create_network(self) -> Network:
        wired = {"instance_types": [self._args["fleet"]["instance_type"]], "node_types": _node_types(self._args)}
        args = cast(NetworkArgs, {**self._args["network"], **wired, **self._shared()})
        return Network(self._name, args, self._child)

    def _create_load_balancer(self) -> LoadBalancer:
        fleet, zones = self._args["fleet"], len(self.network.zone_ids)
        minimum, maximum = capacity_of(fleet.get("minimum"), fleet.get("maximum"), zones)
        wired: dict[str, Any] = {
            "vpc_id": self.network.vpc_id,
            "subnet_ids": self.network.public_subnet_ids,
            "dns_failover_percent": dns_failover_percent(minimum, max(minimum, maximum, 1)),
        }
        settings = self._args.get("load_balancer", {})
        if settings.get("tls_to_servers"):
            wired["target_port"] = self._args["fleet"]["application"]["tls_port"]
        args = cast(LoadBalancerArgs, {**self._draining(), **settings, **wired, **self._shared()})
        return LoadBalancer(self._name, args, self._child)

    def _draining(self) -> dict[str, int]:
        """Return the load balancer's times that follow from how long the application's requests may take."""
        drain = self._args["fleet"].get("application", {}).get("drain_seconds")
        return {} if drain is None else {"deregistration_delay": drain, "idle_timeout": max(drain, IDLE_SECONDS)}

    def _in_data_subnets(self, block: str) -> dict[str, Any]:
        """Return the arguments of a block that is in the data subnets."""
        wired = {"vpc_id": self.network.vpc_id, "subnet_ids": self.network.data_subnet_ids}
        return {**self._args.get(block, {}), **wired, **self._shared()}  # type: ignore[dict-item]  # blocks are keys

    def _create_session_store(self) -> SessionStore | DurableSessionStore:
        if "durable_sessions" in self._args:
            args = self._in_data_subnets("durable_sessions")
            return DurableSessionStore(self._name, cast(DurableSessionStoreArgs, args), self._child)
        return SessionStore(self._name, cast(SessionStoreArgs, self._in_data_subnets("sessions")), self._child)

    def _create_databases(self) -> dict[str, Database]:
        """Create the database, and those beside it that begin with a backup."""
        wanted = {FIRST: self._args["database"]} if "database" in self._args else {}
        wanted |= self._args.get("restored_databases", {})
        wired = self._in_data_subnets("database")
        own = self._args.get("database", {})
        shared = {key: value for key, value in wired.items() if key not in own}
        made: dict[str, Database] = {}
        for name, args in wanted.items():
            begins = _begins_with(args, list(made.values()))
            full = cast(DatabaseArgs, {**args, **begins, **shared})
            made[name] = Database(f"{self._name}-database{f'-{name}' if name else ''}", full, self._child)
        return made

    def _create_storage(self) -> SharedStorage | None:
        if "storage" not in self._args:
            return None
        args = {**self._in_data_subnets("storage"), "zone_ids": self.network.zone_ids}
        return SharedStorage(f"{self._name}-storage", cast(SharedStorageArgs, args), self._child)

    def _create_fleet(self) -> Fleet:
        given, balancer = self._args["fleet"], self.load_balancer
        settings = self._args.get("load_balancer", {})
        udp = settings.get("protocol") is Protocol.UDP
        # Servers that still run use the former database until they are replaced.
        with_secret = [self.sessions, *self.databases.values()]
        with_clients = [*with_secret, *([self.storage] if self.storage else [])]
        wired: dict[str, Any] = {
            "vpc_id": self.network.vpc_id,
            "subnet_ids": self.network.server_subnet_ids,
            "zones": len(self.network.zone_ids),
            "load_balancer_security_group_id": balancer.security_group_id,
            "target_group_arns": [balancer.target_group_arn],
            "target_port": settings.get("target_port", DEFAULT_TARGET_PORT),
            "target_protocol": TargetProtocol.UDP if udp else TargetProtocol.TCP,
            "request_count_label": balancer.request_count_label,
            "environment": {**given.get("environment", {}), **self._environment()},
            "security_group_ids": [
                *(block.client_security_group_id for block in with_clients),
                *given.get("security_group_ids", []),
            ],
            "secret_arns": [*(block.secret_arn for block in with_secret), *given.get("secret_arns", [])],
            "key_arns": [*(block.key_arn for block in with_secret), *given.get("key_arns", [])],
            "file_systems": [*self._file_systems(), *given.get("file_systems", [])],
        }
        if balancer.request_count_label is None:
            wired["requests_per_target"] = None
        return Fleet(self._name, cast(FleetArgs, {**given, **wired, **self._shared()}), self._child)

    def _file_systems(self) -> list[FileSystemAccessArgs]:
        """Return the file systems of the cluster that servers may mount."""
        if self.storage is None:
            return []
        points = [self.storage.access_point_arn, self.storage.restored_access_point_arn]
        access = [
            {"file_system_arn": self.storage.file_system_arn, "access_point_arn": arn}
            for arn in points
            if arn is not None
        ]
        return cast(list[FileSystemAccessArgs], access)

    def _environment(self) -> dict[str, pulumi.Input[str]]:
        """Return the environment variables that the cluster sets for the application."""
        settings = self._args.get("load_balancer", {})
        environment: dict[str, pulumi.Input[str]] = {
            "SESSION_HOST": self.sessions.primary_endpoint,
            "SESSION_PORT": _text(self.sessions.port),
            "SESSION_USER": self.sessions.user_name,
            "SESSION_SECRET_ARN": self.sessions.secret_arn,
            "HA_WEB_REGION": region_of(self._args.get("region"), self),
            "PORT": str(settings.get("target_port", DEFAULT_TARGET_PORT)),
        }
        if application := self._args["fleet"].get("application"):
            idle = settings.get("idle_timeout", self._draining().get("idle_timeout", IDLE_SECONDS))
            environment |= {
                "KEEP_ALIVE_SECONDS": str(idle + LONGER_THAN_IDLE),
                "STOP_SECONDS": str(application.get("drain_seconds", DEFAULT_DRAIN_SECONDS) + STOPPING),
            }
        if "multi_region_cluster_name" in self._args.get("durable_sessions", {}):
            environment["SESSION_EXPIRY"] = "application"  # such a store has no TTL
        if self.database:
            # A secondary's writer doesn't resolve, and its readers forward writes to the primary. Which region is the
            # secondary is decided outside of the program: with write forwarding, servers of both try both in turn.
            readers = self.database.reader_endpoint
            serving = self._args.get("serving_database")
            used = self._args.get("restored_databases", {}).get(serving) if serving else self._args.get("database")
            forwards = used.get("write_forwarding", False) if used else False
            environment |= {
                "DATABASE_HOST": _in_turn(self.database.endpoint, readers) if forwards else self.database.endpoint,
                "DATABASE_READER_HOST": readers,
                "DATABASE_PORT": _text(self.database.port),
                "DATABASE_NAME": self.database.database_name,
                "DATABASE_SECRET_ARN": self.database.secret_arn,
            }
        if self.storage:
            environment |= {
                "STORAGE_FILE_SYSTEM": self.storage.file_system_id,
                "STORAGE_ACCESS_POINT": self.storage.access_point_id,
            }
        return environment

    def _set_outputs(self) -> None:
        network, balancer, store, fleet = self.network, self.load_balancer, self.sessions, self.fleet
        self.vpc_id, self.zone_ids, self.zone_names = network.vpc_id, network.zone_ids, network.zone_names
        self.public_subnet_ids = network.public_subnet_ids
        self.server_subnet_ids = network.server_subnet_ids
        self.data_subnet_ids = network.data_subnet_ids
        self.server_route_table_ids = network.server_route_table_ids
        self.load_balancer_arn, self.load_balancer_arn_suffix = balancer.arn, balancer.arn_suffix
        self.load_balancer_dns_name, self.load_balancer_zone_id = balancer.dns_name, balancer.zone_id
        self.load_balancer_security_group_id = balancer.security_group_id
        self.listener_arn = balancer.listener_arn
        self.target_group_arn = balancer.target_group_arn
        self.target_group_arn_suffix = balancer.target_group_arn_suffix
        self.log_bucket, self.web_acl_arn = balancer.log_bucket, balancer.web_acl_arn
        if isinstance(store, DurableSessionStore):
            self.session_store_id, self.session_reader_endpoint = store.cluster_name, None
        else:
            self.session_store_id, self.session_reader_endpoint = store.replication_group_id, store.reader_endpoint
        self.session_endpoint = store.primary_endpoint
        self.session_secret_arn, self.session_key_arn = store.secret_arn, store.key_arn
        self.session_client_security_group_id = store.client_security_group_id
        self.session_node_ids = store.node_ids
        database, storage = self.database, self.storage
        self.database_arn = database.cluster_arn if database else None
        self.database_endpoint = database.endpoint if database else None
        self.database_secret_arn = database.secret_arn if database else None
        self.database_client_security_group_id = database.client_security_group_id if database else None
        self.file_system_id = storage.file_system_id if storage else None
        self.access_point_id = storage.access_point_id if storage else None
        self.auto_scaling_group_name, self.auto_scaling_group_arn = fleet.group_name, fleet.group_arn
        self.server_security_group_id, self.server_role_name = fleet.security_group_id, fleet.role_name
        self.image_id = fleet.image_id
        self.image_releases = fleet.image_releases


def _node_types(args: WebClusterArgs) -> list[str]:
    """Return the types of session nodes and database instances, as far as they are known before deployment."""
    types: list[Any] = []
    if "durable_sessions" in args:
        types.append(args["durable_sessions"].get("node_type", memorydb_rules.DEFAULT_NODE_TYPE))
    elif "secondary_of" not in args.get("sessions", {}):  # a secondary has the primary's type
        types.append(args.get("sessions", {}).get("node_type", elasticache_rules.DEFAULT_NODE_TYPE))
    if "database" in args:
        types.append(args["database"].get("instance_class", DEFAULT_INSTANCE_CLASS))
    return [each for each in types if isinstance(each, str)]


def _in_turn(first: pulumi.Output[str], second: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(first, ",", second)


def _text(port: pulumi.Output[int]) -> pulumi.Output[str]:
    return port.apply(lambda number: str(int(number)))


def _begins_with(args: WebDatabaseArgs, before: list[Database]) -> dict[str, Any]:
    """Return the backup that a database begins with: a time is one of the database before it, if none is named."""
    restored = args.get("restored_from")
    if restored is None or "time" not in restored or "source_cluster_id" in restored:
        return {}
    # The database that it was made from may be gone by now; of one that exists, the backup doesn't matter any more.
    return {"restored_from": {**restored, "source_cluster_id": before[-1].cluster_id if before else "removed"}}


def _checked(name: str, args: WebClusterArgs) -> WebClusterArgs:
    problems = Problems(f'WebCluster "{name}"')
    args = problems.checked(args, WebClusterArgs)
    given = args["fleet"].get("environment", {})
    problems.add(
        *(f"fleet.environment.{key} is given; the cluster sets it" for key in ENVIRONMENT_NAMES if key in given)
    )
    if "sessions" in args and "durable_sessions" in args:
        problems.add("sessions and durable_sessions are both given; a cluster has one session store")
    if args.get("load_balancer", {}).get("tls_to_servers") and "tls_port" not in args["fleet"].get("application", {}):
        problems.add(
            "load_balancer.tls_to_servers is true; fleet.application.tls_port is missing, where servers take it"
        )
    restored, serving = args.get("restored_databases", {}), args.get("serving_database")
    for key, database in restored.items():
        problems.add(restored_name_problem(key))
        if "restored_from" not in database and "secondary_of" not in database:
            problems.add(f"restored_databases.{key} has no restored_from, and would be empty")
    if serving is not None and serving not in restored:
        problems.add(f"serving_database is {quoted(serving)}; {nearest(serving, restored)}")
    if restored and "database" not in args and serving is None:
        problems.add("serving_database is missing; without database a restored one must serve")
    problems.raise_if_any()
    return args
