"""Auto Scaling groups with Spot Instances, which AWS takes back with two minutes' notice."""

from collections.abc import Iterator

from resilience.aws.types import GROUP
from resilience.aws.values import amount, is_on
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

DISTRIBUTION = "mixedInstancesPolicy.instancesDistribution"
OVERRIDES = "mixedInstancesPolicy.launchTemplate.overrides"

ON_DEMAND_PERCENTAGE = 100
ON_DEMAND_BASE = 0
"""AWS's defaults. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html"""


def on_demand_percentage(group: Resource) -> float:
    """Percentage of On-Demand Instances among the servers above the base."""
    return amount(group, f"{DISTRIBUTION}.onDemandPercentageAboveBaseCapacity", ON_DEMAND_PERCENTAGE)


@RULES.rule(
    "spot-group-rebalances",
    "A group replaces a Spot Instance as soon as AWS says that it may take it back.",
    Severity.MEDIUM,
    well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
    GROUP,
)
def rebalances(group: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-capacity-rebalancing.html"""
    if on_demand_percentage(group) < 100 and not is_on(group, "capacityRebalance"):
        yield "capacityRebalance is off; a Spot Instance is replaced only when it is gone"


@RULES.rule(
    "spot-group-keeps-a-base",
    "A group does not consist of Spot Instances alone.",
    Severity.MEDIUM,
    well_architected("REL11-BP05", "rel_withstand_component_failures_static_stability"),
    GROUP,
    servers=Setting(1, "the fewest On-Demand Instances that a group begins with", {"minimum": 1}),
)
def keeps_a_base(group: Resource, config: Config) -> Iterator[str]:
    """AWS may take back all of one kind at once."""
    base = amount(group, f"{DISTRIBUTION}.onDemandBaseCapacity", ON_DEMAND_BASE)
    if on_demand_percentage(group) == 0 and base < config["servers"]:
        yield f"{DISTRIBUTION}.onDemandBaseCapacity is {base}; at least {config['servers']:g} should stay"


@RULES.rule(
    "spot-group-has-instance-types",
    "A group with Spot Instances may use several instance types.",
    Severity.MEDIUM,
    security_hub("AutoScaling.6"),
    GROUP,
    types=Setting(2, "the fewest instance types", {"minimum": 2}),
)
def has_instance_types(group: Resource, config: Config) -> Iterator[str]:
    """Spot capacity runs out by type and zone. Requirements (`instanceRequirements`) stand for many types."""
    if on_demand_percentage(group) == 100:
        return
    types = 0
    for number in range(group.count(OVERRIDES)):
        if group.has(f"{OVERRIDES}.{number}.instanceRequirements"):
            return
        types += group.has(f"{OVERRIDES}.{number}.instanceType")
    if types < config["types"]:
        yield f"{OVERRIDES} has {types} instance type(s); at least {config['types']:g} are needed"
