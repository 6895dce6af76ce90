"""Which emulator answers which operation: a table, and a pure function over it."""

from enum import StrEnum


class Emulator(StrEnum):
    """Who answers."""

    MOTO = "moto"
    MINISTACK = "ministack"


MINISTACK_SERVICES = frozenset({"cloudwatch", "dynamodb", "efs", "elasticache", "events", "rds", "sns", "sqs"})
"""Services that ministack does better. CloudWatch, SNS, SQS and EventBridge belong together: alarms notify topics."""

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
    if service in MINISTACK_SERVICES or operation in MINISTACK_OPERATIONS.get(service, ()):
        return Emulator.MINISTACK
    return Emulator.MOTO
