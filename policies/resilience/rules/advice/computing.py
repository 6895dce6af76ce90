"""Servers, functions and containers: roles, tracing, signatures, disks."""

import json
import re
from collections.abc import Iterator

from resilience.aws.placement import count_of_zones
from resilience.aws.types import (
    CONTAINER_SERVICE,
    DISTRIBUTION,
    FUNCTION,
    GROUP,
    INSTANCE,
    SPOT_FLEET,
    TASK_DEFINITION,
)
from resilience.known import is_known, known_items
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Severity, Topic

RULES = Topic()

AT_REST = well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt")
MANY_ZONES = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")
PARAVIRTUAL = re.compile(r"(c1|c3|hi1|hs1|m1|m2|m3|t1)\.")
ALWAYS_OPTIMIZED = re.compile(r"(?!t2\.|m4\.|c4\.|r4\.|m3|c3|r3)")
"""Types from the fifth generation on are, and most of the fourth.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-optimized.html"""
FEWEST_ZONES = 2
FEWEST_TYPES = 2


@RULES.rule(
    "server-has-a-role",
    "A server has a role.",
    Severity.LOW,
    well_architected("SEC02-BP02", "sec_identities_unique"),
    INSTANCE,
)
def has_a_role(server: Resource, _: Config) -> Iterator[str]:
    """Without one, somebody will put keys on it. One from a template has the template's."""
    if not server.has("iamInstanceProfile") and not server.has("launchTemplate"):
        yield "iamInstanceProfile is missing"


@RULES.rule(
    "server-disk-optimized",
    "A server has bandwidth for its disks of its own.",
    Severity.LOW,
    well_architected("REL07-BP01", "rel_adapt_to_changes_autoscale_adapt"),
    INSTANCE,
)
def disk_optimized(server: Resource, _: Config) -> Iterator[str]:
    """Most types have it always; of the others it is asked for."""
    old = server.has("instanceType") and not ALWAYS_OPTIMIZED.match(str(server.get("instanceType")))
    if old and not server.get("ebsOptimized"):
        yield f"ebsOptimized is off, and {server.get('instanceType')} has it not by itself"


@RULES.rule(
    "server-type-current",
    "A server's type is not of the paravirtual generation.",
    Severity.LOW,
    security_hub("EC2.24"),
    INSTANCE,
)
def type_current(server: Resource, _: Config) -> Iterator[str]:
    """There are few of them left, and images for them fewer."""
    if PARAVIRTUAL.match(str(server.get("instanceType", ""))):
        yield f"instanceType is {server.get('instanceType')}, of a generation that has ended"


@RULES.rule(
    "server-has-one-interface",
    "A server is in one network.",
    Severity.LOW,
    security_hub("EC2.17"),
    INSTANCE,
)
def one_interface(server: Resource, _: Config) -> Iterator[str]:
    """With two, it is a way around the rules between them."""
    if (number := server.count("networkInterfaces")) > 1:
        yield f"networkInterfaces has {number}"


@RULES.rule(
    "spot-fleet-encrypted", "Disks of a Spot Fleet are encrypted.", Severity.LOW, security_hub("EC2.173"), SPOT_FLEET
)
def spot_fleet_encrypted(fleet: Resource, _: Config) -> Iterator[str]:
    """Those of a launch template are told with it."""
    for number in range(fleet.count("launchSpecifications")):
        at = f"launchSpecifications.{number}"
        for kind in ("rootBlockDevices", "ebsBlockDevices"):
            for disk in range(fleet.count(f"{at}.{kind}")):
                if not fleet.get(f"{at}.{kind}.{disk}.encrypted"):
                    yield f"{at}.{kind}.{disk}.encrypted is off"


@RULES.rule(
    "group-has-instance-types",
    "A group can start servers of several types.",
    Severity.LOW,
    security_hub("AutoScaling.6"),
    GROUP,
)
def has_instance_types(group: Resource, _: Config) -> Iterator[str]:
    """One type may be short in a region's bad hour. Attributes in place of types are many types."""
    at = "mixedInstancesPolicy.launchTemplate.overrides"
    if group.has(f"{at}.0.instanceRequirements") or group.count(at) >= FEWEST_TYPES:
        return
    yield "mixedInstancesPolicy has no two types; a shortage of one stops the group"


@RULES.rule(
    "function-code-signed",
    "The code of a function is signed.",
    Severity.LOW,
    well_architected("SEC06-BP04", "sec_protect_compute_validate_software_integrity"),
    FUNCTION,
)
def code_signed(function: Resource, _: Config) -> Iterator[str]:
    """An image is not asked."""
    if not function.has("codeSigningConfigArn") and function.get("packageType") != "Image":
        yield "codeSigningConfigArn is missing"


@RULES.rule(
    "function-environment-own-key",
    "The environment of a function is encrypted with a key of the account's own.",
    Severity.LOW,
    AT_REST,
    FUNCTION,
)
def environment_own_key(function: Resource, _: Config) -> Iterator[str]:
    """AWS's own key opens to everybody who may read the function."""
    if function.has("environment") and not function.has("kmsKeyArn"):
        yield "kmsKeyArn is missing"


@RULES.rule(
    "function-layers-of-one-account",
    "A function's layers are of its own account, or AWS's.",
    Severity.LOW,
    well_architected("SEC06-BP04", "sec_protect_compute_validate_software_integrity"),
    FUNCTION,
)
def layers_of_one_account(function: Resource, _: Config) -> Iterator[str]:
    """A layer's owner decides what runs in the function. One of this program is not known yet."""
    accounts = {arn.split(":")[4] for arn in known_items(function, "layers") if arn.count(":") > 4}
    own = function.get("role").split(":")[4] if is_known(function, "role") and ":" in function.get("role") else None
    for account in sorted(accounts - {own}) if own else ():
        yield f"layers has one of account {account}"


@RULES.stack_rule(
    "container-service-spans-zones",
    "A container service is in two zones at least.",
    Severity.MEDIUM,
    MANY_ZONES,
    CONTAINER_SERVICE,
)
def service_spans_zones(service: Resource, _: Stack, __: Config) -> Iterator[str]:
    """By its subnets; on servers of its own, by the strategy that spreads tasks."""
    if service.count("networkConfiguration.subnets"):
        zones = count_of_zones(service, "networkConfiguration.subnets")
        if zones is not None and zones < FEWEST_ZONES:
            yield f"networkConfiguration.subnets are in {zones} zone(s); {FEWEST_ZONES} at least are needed"
    on_servers = service.get("launchType") == "EC2" and service.get("schedulingStrategy", "REPLICA") == "REPLICA"
    fields = [
        service.get(f"orderedPlacementStrategies.{number}.field")
        for number in range(service.count("orderedPlacementStrategies"))
    ]
    if on_servers and fields and "attribute:ecs.availability-zone" not in fields:
        yield "orderedPlacementStrategies doesn't spread over attribute:ecs.availability-zone"


@RULES.rule(
    "container-log-does-not-block",
    "A container doesn't wait for its log.",
    Severity.LOW,
    well_architected("REL05-BP01", "rel_mitigate_interaction_failure_graceful_degradation"),
    TASK_DEFINITION,
)
def log_does_not_block(task: Resource, _: Config) -> Iterator[str]:
    """With awslogs in blocking mode, CloudWatch's outage is the service's."""
    try:
        containers = json.loads(task.get("containerDefinitions"))
    except (TypeError, ValueError):
        return
    for each in containers if isinstance(containers, list) else ():
        logs = each.get("logConfiguration") or {}
        if logs.get("logDriver") == "awslogs" and (logs.get("options") or {}).get("mode") != "non-blocking":
            yield f"containerDefinitions: logConfiguration of {each.get('name')} is blocking; mode non-blocking"


@RULES.rule(
    "distribution-fails-over",
    "A distribution has a second origin.",
    Severity.LOW,
    well_architected("REL11-BP02", "rel_withstand_component_failures_failover2good"),
    DISTRIBUTION,
)
def distribution_fails_over(distribution: Resource, _: Config) -> Iterator[str]:
    """An origin group tries the second where the first fails."""
    if not distribution.count("originGroups"):
        yield "originGroups is empty; without its origin it serves only what it has kept"
