"""State that is backed up or replicated, and alarms for what would fail unnoticed."""

from collections.abc import Iterator

from resilience.aws.failovers import standbys_of
from resilience.aws.holding_state import ARNS, follows_another
from resilience.aws.parts import parts
from resilience.aws.selections import takes
from resilience.aws.tags import needs_no_backup, tags_of
from resilience.aws.types import BACKUP_SELECTION, METRIC_ALARM, SECRET, TOPIC, TOPIC_SUBSCRIPTION, VAULT_NOTIFICATIONS
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()


@RULES.stack_rule(
    "stateful-resource-backed-up",
    "What holds state is in the selection of a backup plan.",
    Severity.HIGH,
    well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"),
    *ARNS,
    without=Setting([], "types that need no backup, such as `aws:s3/bucket:Bucket`", {"items": {"type": "string"}}),
)
def backed_up(resource: Resource, stack: Stack, config: Config) -> Iterator[str]:
    """Of a selection in its own region. Left out: replicas, and what has a tag such as `backup: "no: logs"`."""
    if resource.type in config["without"] or follows_another(resource, stack):
        return
    if any(needs_no_backup(tags) for tags in tags_of(resource)):
        return
    near = [each for each in stack.of_type(BACKUP_SELECTION) if each.region == resource.region]
    sure_first = sorted(near, key=lambda each: not each.refers_to(resource, "resources"))
    if not any(takes(each, resource) for each in sure_first):
        where = f" in {resource.region}" if resource.region else ""
        yield f"no backup selection{where} takes it, by ARN or by tags; a tag `backup` that begins with no says why not"


@RULES.stack_rule(
    "alarm-topic-has-subscribers",
    "Somebody hears of what is sent to a topic of alarms.",
    Severity.LOW,
    well_architected("REL06-BP03", "rel_monitor_aws_resources_notification_monitor"),
    TOPIC,
)
def heard(topic: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Of alarms, and of failed backups. Who subscribes by hand is not seen here."""
    senders = [*stack.referring_to(topic, METRIC_ALARM), *stack.referring_to(topic, VAULT_NOTIFICATIONS)]
    if senders and not parts(stack, topic, (TOPIC_SUBSCRIPTION,), "topic", "arn", "id"):
        yield f"nobody has subscribed; alarms and notifications that go to it: {len(senders)}"


@RULES.stack_rule(
    "secret-known-in-standby-region",
    "A secret is known in the region that stands in for its own.",
    Severity.LOW,
    well_architected("REL13-BP02", "rel_planning_for_recovery_disaster_recovery"),
    SECRET,
)
def known_in_standby(secret: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """For regions that failover records lead to from the secret's. When that region is gone, nobody can copy the
    secret any more."""
    replicas = [f"replicas.{number}.region" for number in range(secret.count("replicas"))]
    for region in sorted(standbys_of(secret.region, stack)):
        if not any(secret.get(path) == region for path in replicas):
            yield f"replicas lack {region}, which stands in for {secret.region}"
