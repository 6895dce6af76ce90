"""A notice of what RDS says of a database: that it failed, failed over, is maintained or changed."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope

CLUSTER_CATEGORIES = ["failover", "failure", "maintenance"]
INSTANCE_CATEGORIES = ["configuration change", "failure", "maintenance"]
"""What is told of the cluster and of its instances: what Security Hub asks for (RDS.19, RDS.20), and failovers.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html"""


class DatabaseNoticeArgs(TypedDict):
    """The database, and who is notified."""

    cluster_id: pulumi.Input[str]
    """Identifier of the Aurora cluster (`Database.cluster_id`)."""
    instance_ids: list[pulumi.Input[str]]
    """Identifiers of its instances (`Database.instance_ids`), at least one."""
    topic_arn: pulumi.Input[str]
    """ARN of an SNS topic of this region that RDS may publish to, such as NotificationTopic's."""
    region: NotRequired[str]
    """AWS Region of the database. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class DatabaseNotice(pulumi.ComponentResource):
    """Notifies a topic of events of an Aurora database, as RDS reports them.

    Of the cluster: failovers, failures, maintenance. Of each instance: failures, maintenance, changes of its
    configuration. Alarms tell that a database is slow or gone; this tells what AWS did to it, and announces maintenance
    before it begins.

    RDS writes the mail, and takes no text for it (the runbook is docs/runbooks/database.md). A rule of EventBridge
    could have one, for the same events, but Security Hub looks for these subscriptions, and both would tell all twice.
    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-rds.html

    Errors (ConfigurationError, at preview): an unknown key; no instance.
    """

    subscription_names: list[pulumi.Output[str]]
    """Names of the event subscriptions: of the cluster, then of the instances."""

    def __init__(self, name: str, args: DatabaseNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'DatabaseNotice "{name}"')
        args = problems.checked(args, DatabaseNoticeArgs)
        if not args["instance_ids"]:
            problems.add("instance_ids is empty; without ids RDS would tell of every database of the account")
        problems.raise_if_any()
        super().__init__("ha-web:index:DatabaseNotice", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))

        cluster = aws.rds.EventSubscription(
            f"{name}-database-cluster",
            sns_topic=args["topic_arn"],
            source_type="db-cluster",
            source_ids=[args["cluster_id"]],
            event_categories=CLUSTER_CATEGORIES,
            **scope.regional_args("database-cluster"),
        )
        instances = aws.rds.EventSubscription(
            f"{name}-database-instances",
            sns_topic=args["topic_arn"],
            source_type="db-instance",
            source_ids=args["instance_ids"],
            event_categories=INSTANCE_CATEGORIES,
            **scope.regional_args("database-instances"),
        )

        self.subscription_names = [cluster.name, instances.name]
        self.register_outputs({key: getattr(self, key) for key in DatabaseNotice.__annotations__})
