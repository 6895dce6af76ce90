"""Auto Scaling groups: over zones, large enough, and healed."""

from collections.abc import Iterator

from resilience.aws.placement import count_of_zones
from resilience.aws.types import (
    GROUP,
    GROUP_ATTACHMENT,
    SCALING_POLICY,
    SCALING_SCHEDULE,
    TRAFFIC_SOURCE_ATTACHMENT,
)
from resilience.aws.values import amount, is_on
from resilience.known import has_items, is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

GRACE_PERIOD = 300
"""The provider's default, in seconds. https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling/group/"""

BEHIND_A_BALANCER = ("targetGroupArns", "loadBalancers", "trafficSources")
BALANCERS_CHECKS = {"ELB", "VPC_LATTICE"}

VITAL_PROCESSES = {"Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy", "AddToLoadBalancer"}
"""Without one of them a lost server stays lost. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html"""


def is_idle(group: Resource) -> bool:
    """Return whether no server runs by design, as in a pilot light: minimum and desired size are both 0."""
    return amount(group, "minSize", 0) == 0 and amount(group, "desiredCapacity", -1) == 0


@RULES.stack_rule(
    "group-spans-zones",
    "An Auto Scaling group spans two zones at least.",
    Severity.HIGH,
    security_hub("AutoScaling.2"),
    GROUP,
    zones=Setting(2, "the fewest zones of a group", {"minimum": 2}),
)
def spans_zones(group: Resource, _: Stack, config: Config) -> Iterator[str]:
    """Several subnets may lie in one zone, so it is zones that count."""
    zones = count_of_zones(group, "vpcZoneIdentifiers", "availabilityZones")
    if zones is not None and zones < config["zones"]:
        yield f"vpcZoneIdentifiers or availabilityZones are in {zones} zone(s); at least {config['zones']:g} are needed"


@RULES.rule(
    "group-survives-a-zone",
    "The fewest servers of an Auto Scaling group are enough to lose a zone of them.",
    Severity.HIGH,
    well_architected("REL11-BP05", "rel_withstand_component_failures_static_stability"),
    GROUP,
    servers=Setting(2, "the fewest servers of a group; three in as many zones lose a third at most", {"minimum": 1}),
)
def survives_a_zone(group: Resource, config: Config) -> Iterator[str]:
    """A group that is idle by plan is not judged: `minSize` and `desiredCapacity` are both 0, as in a pilot light."""
    least = amount(group, "minSize")
    if least < config["servers"] and not is_idle(group):
        yield f"minSize is {least}; losing a zone takes at least {config['servers']:g}"


@RULES.rule(
    "group-has-headroom",
    "An Auto Scaling group may grow beyond its fewest servers.",
    Severity.MEDIUM,
    well_architected("REL07-BP01", "rel_adapt_to_changes_autoscale_adapt"),
    GROUP,
)
def has_headroom(group: Resource, _: Config) -> Iterator[str]:
    """A lost zone's load comes to the servers of the others."""
    least, most = amount(group, "minSize"), amount(group, "maxSize")
    if least == most and most > 0:
        yield f"maxSize is {most} as minSize is; the group can't grow under load or for a lost zone"


@RULES.stack_rule(
    "group-scales",
    "An Auto Scaling group has a scaling policy or a schedule.",
    Severity.MEDIUM,
    well_architected("REL07-BP03", "rel_adapt_to_changes_proactive_adapt_auto"),
    GROUP,
)
def scales(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Idle groups, and those that can't grow, have nothing to scale."""
    if amount(group, "minSize") == amount(group, "maxSize"):
        return
    for type_ in (SCALING_POLICY, SCALING_SCHEDULE):
        for scaling in stack.of_type(type_):
            if scaling.refers_to(group, "autoscalingGroupName") or named_by(scaling, group):
                return
    if not is_idle(group):
        yield "no autoscaling Policy or Schedule is for this group; its size stays until a person changes it"


def named_by(scaling: Resource, group: Resource) -> bool:
    """Return whether a policy names the group in plain text; a group that AWS is yet to name has no such name."""
    path = "autoscalingGroupName"
    both_known = is_known(scaling, path) and is_known(group, "name")
    return both_known and scaling.get(path) == group.get("name")


@RULES.rule(
    "group-heals-by-balancer",
    "A group behind a balancer replaces the servers that the balancer finds unhealthy.",
    Severity.HIGH,
    security_hub("AutoScaling.1"),
    GROUP,
)
def heals_by_balancer(group: Resource, _: Config) -> Iterator[str]:
    """Without that, a server whose application hangs is never replaced."""
    if any(has_items(group, each) for each in BEHIND_A_BALANCER):
        yield from checks_by_ec2(group)


def checks_by_ec2(group: Resource) -> Iterator[str]:
    """The problem with the type of a group's health check, if its servers are behind a balancer."""
    kind = group.get("healthCheckType", "EC2")
    if not BALANCERS_CHECKS & {each.strip() for each in str(kind).split(",")}:
        yield f'healthCheckType is "{kind}"; behind a balancer it should be "ELB"'


@RULES.stack_rule(
    "attachment-heals-by-balancer",
    "A group that is attached to a balancer replaces the servers that the balancer finds unhealthy.",
    Severity.HIGH,
    security_hub("AutoScaling.1"),
    GROUP_ATTACHMENT,
    TRAFFIC_SOURCE_ATTACHMENT,
)
def attachment_heals_by_balancer(attachment: Resource, _: Stack, __: Config) -> Iterator[str]:
    """The same as for a group that names its target groups itself."""
    for group in attachment.linked(GROUP, "autoscalingGroupName"):
        for message in checks_by_ec2(group):
            yield f"{group.name}: {message}"


@RULES.rule(
    "group-grace-period",
    "A new server has time to start before its health counts, and not too much of it.",
    Severity.MEDIUM,
    well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
    GROUP,
    seconds=Setting(600, "the longest time that a server which never gets healthy is kept, in seconds", {"minimum": 1}),
)
def grace_period(group: Resource, config: Config) -> Iterator[str]:
    """Without any, a balancer's check ends each server while it boots; with too much, a broken one stays."""
    grace = amount(group, "healthCheckGracePeriod", GRACE_PERIOD)
    if grace <= 0 and group.get("healthCheckType", "EC2") != "EC2":
        yield "healthCheckGracePeriod is 0; servers are replaced while they boot"
    if grace > config["seconds"]:
        yield f"healthCheckGracePeriod is {grace} s; at most {config['seconds']:g} s are allowed"


@RULES.rule(
    "group-keeps-healing",
    "No process of an Auto Scaling group is suspended that replaces lost servers.",
    Severity.HIGH,
    well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
    GROUP,
)
def keeps_healing(group: Resource, _: Config) -> Iterator[str]:
    """Others may be suspended: alarms, schedules, balancing over zones."""
    if stopped := sorted(VITAL_PROCESSES & set(group.items("suspendedProcesses"))):
        yield f"suspendedProcesses has {', '.join(stopped)}; a lost server is not replaced"


@RULES.rule(
    "group-evades-a-failed-zone",
    "A group launches in other zones when one can't launch.",
    Severity.MEDIUM,
    well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good"),
    GROUP,
)
def evades_a_failed_zone(group: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html"""
    path = "availabilityZoneDistribution.capacityDistributionStrategy"
    if group.get(path) == "balanced-only":
        yield f'{path} is "balanced-only"; the group goes on trying in a failed zone'


@RULES.rule(
    "group-waits-for-its-servers",
    "A group is deleted after its servers, not before.",
    Severity.LOW,
    well_architected("REL08-BP05", "rel_tracking_change_management_automated_changemgmt"),
    GROUP,
)
def waits_for_servers(group: Resource, _: Config) -> Iterator[str]:
    """Else servers may be left that nobody manages."""
    for path in ("forceDelete", "forceDeleteWarmPool"):
        if is_on(group, path):
            yield f"{path} is on; servers may be left running without their group"


@RULES.rule(
    "group-publishes-metrics",
    "A group publishes how many of its servers are in service.",
    Severity.LOW,
    well_architected("REL06-BP01", "rel_monitor_aws_resources_monitor_resources"),
    GROUP,
)
def publishes_metrics(group: Resource, _: Config) -> Iterator[str]:
    """CloudWatch has no group metrics unless asked for; an alarm on them stays silent."""
    if not group.has("enabledMetrics") or "GroupInServiceInstances" not in group.items("enabledMetrics"):
        yield "enabledMetrics lacks GroupInServiceInstances"
