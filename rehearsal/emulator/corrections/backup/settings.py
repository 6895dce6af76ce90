"""AWS Backup: for which services an account is opted in, in each Region."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call

API = "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_"

OPTED_IN = ("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "RDS", "Storage Gateway", "VirtualMachine")
LEFT_OUT = ("CloudFormation", "DocumentDB", "Neptune", "Redshift", "S3", "SAP HANA on Amazon EC2", "Timestream")
"""What AWS Backup protects in an account that has set nothing, and what waits for an opt-in:
https://docs.aws.amazon.com/aws-backup/latest/devguide/getting-started.html#service-opt-in"""

PREFERENCES: dict[str, dict[str, bool]] = {}
"""By Region, what was set."""


@on_reset
def _forget() -> None:
    PREFERENCES.clear()


@implements("backup", "DescribeRegionSettings", see=f"{API}DescribeRegionSettings.html")
def describe(call: Call) -> dict[str, Any]:
    """Tell what the Region is opted in for."""
    usual = dict.fromkeys(OPTED_IN, True) | dict.fromkeys(LEFT_OUT, False)
    managed = {"DynamoDB": False, "EFS": False}
    return {
        "ResourceTypeOptInPreference": usual | PREFERENCES.get(call.region, {}),
        "ResourceTypeManagementPreference": managed,
    }


@implements("backup", "UpdateRegionSettings", see=f"{API}UpdateRegionSettings.html")
def update(call: Call) -> dict[str, Any]:
    """Set the preferences that are given."""
    PREFERENCES.setdefault(call.region, {}).update(call.parameters.get("ResourceTypeOptInPreference", {}))
    return {}
