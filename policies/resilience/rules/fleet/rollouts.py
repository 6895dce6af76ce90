"""Rollouts: instance refresh and replacement of servers in an Auto Scaling group."""

from collections.abc import Iterator

from resilience.aws.types import GROUP, LAUNCH_TEMPLATE, PARAMETER
from resilience.aws.values import amount, is_on
from resilience.known import is_known
from resilience.reference import well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Setting, Severity, Topic
from resilience.rules.fleet.groups import is_idle

RULES = Topic()

MOVING_VERSIONS = ("$Latest", "$Default")
MIXED = "mixedInstancesPolicy.launchTemplate"

REFRESH_HEALTHY = 90
"""The provider's default, in percent. https://www.pulumi.com/registry/packages/aws/api-docs/autoscaling/group/"""

HEALTHY = Setting(100, "the least share of the servers that stays in service, in percent", {"minimum": 0})


@RULES.rule(
    "group-pins-its-version",
    "An Auto Scaling group names the number of its launch template's version.",
    Severity.MEDIUM,
    well_architected("REL08-BP04", "rel_tracking_change_management_immutable_infrastructure"),
    GROUP,
)
def pins_its_version(group: Resource, _: Config) -> Iterator[str]:
    """Else an untried version is launched whenever a server is replaced. A number that is not known yet is one."""
    for place in template_places(group):
        version = f"{place}.version"
        if not group.has(version):
            yield f"{version} is not set, which means $Default; name a number"
        elif is_known(group, version) and group.get(version) in MOVING_VERSIONS:
            yield f"{version} is {group.get(version)}; name a number"


def template_places(group: Resource) -> list[str]:
    """Paths at which a group names launch templates."""
    overrides = range(group.count(f"{MIXED}.overrides"))
    places = [
        "launchTemplate",
        f"{MIXED}.launchTemplateSpecification",
        *(f"{MIXED}.overrides.{number}.launchTemplateSpecification" for number in overrides),
    ]
    return [place for place in places if group.has(place)]


@RULES.rule(
    "template-pins-its-image",
    "A launch template names its image by id.",
    Severity.LOW,
    well_architected("REL08-BP04", "rel_tracking_change_management_immutable_infrastructure"),
    LAUNCH_TEMPLATE,
)
def pins_its_image(template: Resource, _: Config) -> Iterator[str]:
    """A parameter that is resolved at each launch may give two servers of one version two images."""
    if is_known(template, "imageId") and str(template.get("imageId")).startswith("resolve:"):
        yield "imageId is resolved at each launch; name the image that was tried"


@RULES.rule(
    "group-launches-before-it-terminates",
    "A group launches a server before it terminates the one to be replaced.",
    Severity.MEDIUM,
    well_architected("REL11-BP05", "rel_withstand_component_failures_static_stability"),
    GROUP,
    percent=HEALTHY,
)
def launches_first(group: Resource, config: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-maintenance-policy-overview-and-considerations.html"""
    path = "instanceMaintenancePolicy.minHealthyPercentage"
    if is_idle(group):
        return
    if not group.has(path):
        yield f"{path} is not set; the group terminates first, {config['percent']:g} keeps its capacity"
    elif amount(group, path) < config["percent"]:
        yield f"{path} is {group.get(path)}; at least {config['percent']:g} keeps the group's capacity"


@RULES.stack_rule(
    "group-rolls-out",
    "A new version of its launch template is rolled out to the servers of a group.",
    Severity.MEDIUM,
    well_architected("REL08-BP04", "rel_tracking_change_management_immutable_infrastructure"),
    GROUP,
)
def rolls_out(group: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """Without an instance refresh, only servers that are launched later have it.

    It is the provider's, or a release's: a parameter whose value names the group and the version that it serves.
    """
    if group.has("instanceRefresh") or is_idle(group) or any(stack.referring_to(group, PARAMETER, "insecureValue")):
        return
    yield "instanceRefresh is not set, and no release names the group; servers keep the version they were launched with"


@RULES.rule(
    "refresh-keeps-capacity",
    "An instance refresh keeps the capacity of its group.",
    Severity.MEDIUM,
    well_architected("REL11-BP05", "rel_withstand_component_failures_static_stability"),
    GROUP,
    percent=HEALTHY,
)
def refresh_keeps_capacity(group: Resource, config: Config) -> Iterator[str]:
    """A refresh has a minimum of its own, whatever the group's maintenance policy says."""
    path = "instanceRefresh.preferences.minHealthyPercentage"
    if group.has("instanceRefresh") and (least := amount(group, path, REFRESH_HEALTHY)) < config["percent"]:
        yield f"{path} is {least}; at least {config['percent']:g} keeps the group's capacity"


@RULES.rule(
    "refresh-rolls-back",
    "An instance refresh that fails does not end with two versions in service.",
    Severity.MEDIUM,
    well_architected("OPS06-BP04", "ops_mit_deploy_risks_auto_testing_and_rollback"),
    GROUP,
)
def refresh_rolls_back(group: Resource, _: Config) -> Iterator[str]:
    """AWS rolls back to the version that the group names.

    For a group whose template the provider updates that is the new version already, so the program must be rolled back
    as well: https://github.com/hashicorp/terraform-provider-aws/issues/34189. A release leaves the group the version
    before until it has succeeded.
    """
    path = "instanceRefresh.preferences.autoRollback"
    if group.has("instanceRefresh") and not is_on(group, path):
        yield f"{path} is off; a refresh that fails stops half way"
