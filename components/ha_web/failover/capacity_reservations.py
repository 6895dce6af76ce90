"""EC2 capacity that is reserved for a standby: its servers can be launched whoever else wants some."""

import math
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope

LINUX = "Linux/UNIX"
"""Platform of Amazon Linux, Ubuntu and others without a licence of their own.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cr-usage-overview.html"""


def reserved_by_zone(servers: int, zones: int) -> int:
    """Return the servers to reserve in each zone: Auto Scaling decides which zone gets one that is over."""
    return math.ceil(servers / zones)


class CapacityReservationsArgs(TypedDict):
    """Number and type of the servers, and their zones."""

    servers: int
    """Servers to reserve capacity for, those that run already included; rounded up to the same number in each zone."""
    instance_type: str
    """EC2 instance type of the servers, such as `m7g.large`."""
    zone_names: list[pulumi.Input[str]]
    """Names of their Availability Zones: `eu-central-1a`."""
    platform: NotRequired[str]
    """Platform of their image, in EC2's words. Default `Linux/UNIX`."""
    region: NotRequired[str]
    """AWS Region of the reservations. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class CapacityReservations(pulumi.ComponentResource):
    """On-Demand Capacity Reservations, one a zone, for as many servers as a failover needs.

    When a Region fails, everybody launches in the next one, and EC2 may have none of a type. Reserved capacity is paid
    for as if the servers ran, whether they do or not; servers that run use it and are paid for once. Reservations are
    open: a launch of this type and platform in the zone, in this account, takes from them, an Auto Scaling group's too.
    An `up` fails with InsufficientInstanceCapacity where EC2 can't reserve so many now.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html

    Errors (ConfigurationError, at preview): an unknown key; no server; no zone.
    """

    reservation_ids: list[pulumi.Output[str]]
    """Ids of the reservations, in the order of the zones."""

    def __init__(self, name: str, args: CapacityReservationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:CapacityReservations", name, None, opts)
        scope, zones = Scope(name, self, args.get("region"), args.get("tags", {})), args["zone_names"]

        self.reservation_ids = [
            aws.ec2.CapacityReservation(
                f"{name}-{number}",
                availability_zone=zone,
                instance_count=reserved_by_zone(args["servers"], len(zones)),
                instance_platform=args.get("platform", LINUX),
                instance_type=args["instance_type"],
                instance_match_criteria="open",
                end_date_type="unlimited",
                **scope.regional_args(str(number)),
            ).id
            for number, zone in enumerate(zones, start=1)
        ]
        self.register_outputs({key: getattr(self, key) for key in CapacityReservations.__annotations__})


def _checked(name: str, args: CapacityReservationsArgs) -> CapacityReservationsArgs:
    problems = Problems(f'CapacityReservations "{name}"')
    args = problems.checked(args, CapacityReservationsArgs)
    if args["servers"] < 1:
        problems.add(f"servers is {args['servers']}; without any there is nothing to reserve")
    if not args["zone_names"]:
        problems.add("zone_names is empty; capacity is reserved zone by zone")
    problems.raise_if_any()
    return args
