"""EC2: On-Demand Capacity Reservations. No emulator has them."""

from dataclasses import replace

from rehearsal.aws_plugin.entry import Call, Type
from rehearsal.aws_plugin.services.ec2.vpc import ec2_arn, ec2_tags

TYPES = [
    Type(
        "aws:ec2/capacityReservation:CapacityReservation",
        "ec2",
        create=Call("CreateCapacityReservation", recorded=True, nonzero=("ebsOptimized", "ephemeralStorage")),
        id="cr-{unique}",
        update=(
            Call(
                "ModifyCapacityReservation",
                {"CapacityReservationId": "{id}"},
                recorded=True,
                along={"*": ("endDateType", "instanceCount")},
            ),
        ),
        delete=Call("CancelCapacityReservation", {"CapacityReservationId": "{id}"}, recorded=True),
        tags=replace(ec2_tags("capacity-reservation"), recorded=True),
        outputs={"arn": ec2_arn("capacity-reservation"), "ownerId": "{account}"},
    )
]
