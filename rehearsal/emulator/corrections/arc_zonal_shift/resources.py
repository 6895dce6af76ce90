"""What ARC manages: the load balancers and Auto Scaling groups of a Region that have zonal shift enabled.

https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.html
"""

from dataclasses import dataclass

from rehearsal.emulator.corrections.autoscaling.groups import groups_of
from rehearsal.emulator.corrections.zonal_shifts import zone_names
from rehearsal.emulator.emulators import listed, moto_models
from rehearsal.emulator.wire import AwsError

ATTRIBUTE = "zonal_shift.config.enabled"
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/zonal-shift.html"""


@dataclass(frozen=True)
class Managed:
    """A managed resource."""

    arn: str
    name: str
    zones: tuple[str, ...]
    """Ids."""


def managed(region: str) -> list[Managed]:
    """All managed resources of a Region."""
    ids = {name: identifier for identifier, name in zone_names(region).items()}
    found = []
    for balancer in listed("elbv2", region, "describe_load_balancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        if moto_models("elbv2", region).load_balancers[arn].attrs.get(ATTRIBUTE) == "true":
            zones = tuple(sorted(ids[zone["ZoneName"]] for zone in balancer["AvailabilityZones"]))
            found.append(Managed(arn, balancer["LoadBalancerName"], zones))
    for group in groups_of(region):
        if group.settings["AvailabilityZoneImpairmentPolicy"].get("ZonalShiftEnabled"):
            found.append(Managed(group.arn, group.name, tuple(sorted({ids[zone] for zone in group.zones.values()}))))
    return found


def managed_as(region: str, identifier: str) -> Managed:
    """The managed resource of an ARN, or the error that AWS gives."""
    for each in managed(region):
        if each.arn == identifier:
            return each
    raise AwsError("ResourceNotFoundException", f"{identifier} is not a managed resource in {region}", 404)
