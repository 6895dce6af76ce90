"""One database over two regions: an Aurora global database."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.database.rules import ENGINE_VERSION, GLOBAL_FAMILIES, global_id, global_problems


class GlobalDatabaseArgs(TypedDict):
    """The database that gets secondaries, and its settings that a global database restricts."""

    source_cluster_arn: pulumi.Input[str]
    """ARN of the primary (`Database.cluster_arn`). Only used at creation."""
    instance_class: NotRequired[str]
    """The primary's instance class, so that a preview can refuse one that a global database doesn't take. Default: not
    checked."""
    engine_version: NotRequired[str]
    """The primary's engine version, for the same check. Default: that of Database, 17.7."""
    region: NotRequired[str]
    """AWS Region of the primary. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class GlobalDatabase(pulumi.ComponentResource):
    """An Aurora global database: joins a `Database` to secondaries in other regions, to which Aurora's storage
    replicates, typically within a second.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html

    It holds no data itself: creating it doesn't change the primary, and destroying it leaves the members as independent
    databases. That is why it has no deletion protection; its members do.

    Which member is the primary is decided outside of the program (`FailoverGlobalCluster`, `SwitchoverGlobalCluster`):
    an `up` afterwards changes nothing.

    Errors (ConfigurationError, at preview): an unknown key; a class or version that can't be in a global database.
    """

    global_cluster_id: pulumi.Output[str]
    """Id of the global database, the same in every region."""
    global_cluster_arn: pulumi.Output[str]
    """Its ARN, which has no region."""
    engine_version: pulumi.Output[str]
    """Version of the members, for new secondaries."""
    writer_endpoint: pulumi.Output[str]
    """DNS name of the current primary's writer, whichever region it is in: for clients outside of both regions. Servers
    use their own region's `Database.endpoint`."""

    def __init__(self, name: str, args: GlobalDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:GlobalDatabase", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        cluster = aws.rds.GlobalCluster(
            f"{name}-global",
            # The provider doesn't generate a name for it, and names are shared by all regions of an account.
            global_cluster_identifier=global_id(pulumi.get_project(), pulumi.get_stack(), name),
            source_db_cluster_identifier=args["source_cluster_arn"],
            force_destroy=True,  # the members are detached, the writer last; none is deleted
            **scope.regional_args("global", ignore_changes=["source_db_cluster_identifier"]),
        )

        self.global_cluster_id = cluster.id
        self.global_cluster_arn = cluster.arn
        self.engine_version = cluster.engine_version_actual
        self.writer_endpoint = cluster.endpoint
        self.register_outputs({key: getattr(self, key) for key in GlobalDatabase.__annotations__})


def _checked(name: str, args: GlobalDatabaseArgs) -> GlobalDatabaseArgs:
    problems = Problems(f'GlobalDatabase "{name}"')
    args = problems.checked(args, GlobalDatabaseArgs)
    any_class = f"db.{GLOBAL_FAMILIES[0]}.large"
    problems.add(*global_problems(args.get("instance_class", any_class), args.get("engine_version", ENGINE_VERSION)))
    problems.raise_if_any()
    return args
