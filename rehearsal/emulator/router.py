"""The choice of the emulator that answers an operation: a table, and a pure function over it."""

from enum import StrEnum


class Emulator(StrEnum):
    """The emulator that answers."""

    MOTO = "moto"
    MINISTACK = "ministack"
    NOBODY = "nobody"


OWN_SERVICES = frozenset(
    {"arc-region-switch", "arc-zonal-shift", "autoscaling", "imagebuilder", "memorydb", "resiliencehubv2"}
)
"""Services that no emulator has, or that both get so wrong that `corrections` has the whole of what there is."""

MINISTACK_SERVICES = frozenset(
    {*("cloudwatch", "sns", "sqs", "events"), *("s3", "s3control"), "dynamodb", "efs", "elasticache", "rds"}
)
"""Services that ministack does better. The first four belong together: alarms notify topics, topics fill queues."""

MINISTACK_OPERATIONS: dict[str, frozenset[str]] = {
    "backup": frozenset(
        {
            *("CreateBackupPlan", "GetBackupPlan", "UpdateBackupPlan", "DeleteBackupPlan", "ListBackupPlans"),
            *("ListBackupPlanVersions", "CreateBackupSelection", "GetBackupSelection"),
            *("DeleteBackupSelection", "ListBackupSelections"),
        }
    ),
}
"""Operations of a service that is moto's otherwise: moto has no update of a plan and no selections."""


def emulator_for(service: str, operation: str) -> Emulator:
    """Choose the emulator for an operation, by botocore's name of the service."""
    if service in OWN_SERVICES:
        return Emulator.NOBODY
    if service in MINISTACK_SERVICES or operation in MINISTACK_OPERATIONS.get(service, ()):
        return Emulator.MINISTACK
    return Emulator.MOTO
