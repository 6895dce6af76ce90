"""Quotas of an account that is new: AWS's defaults, and the little concurrency that Lambda begins with.

They are told, and enforced where `enforce` was called: tests of other things would soon have used them up.
"""

import re
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects, implements
from rehearsal.emulator.emulators import client, listed
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call, Response

QUOTAS = "https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetAWSDefaultServiceQuota.html"
SETTINGS = "https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html"

DEFAULTS = {
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5),
    ("ec2", "L-0263D0A3"): ("EC2-VPC Elastic IPs", 5),
    ("elasticloadbalancing", "L-53DA6B97"): ("Application Load Balancers per Region", 50),
    ("elasticloadbalancing", "L-69A177A2"): ("Network Load Balancers per Region", 50),
    ("rds", "L-7B6409FD"): ("DB instances", 40),
    ("elasticache", "L-DFE45DF3"): ("Nodes per Region", 300),
}
"""Name and value by service and code: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"""

NEW_ACCOUNT = 10
"""Concurrent executions: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


@implements("service-quotas", "GetAWSDefaultServiceQuota", see=QUOTAS)
def default_quota(call: Call) -> dict[str, Any]:
    """Tell AWS's default; moto has no value for any of these, as an account has none before it asks for one."""
    service, code = call.parameters["ServiceCode"], call.parameters["QuotaCode"]
    if (service, code) not in DEFAULTS:
        raise AwsError("NoSuchResourceException", f"The request failed because the quota {code} does not exist.")
    name, value = DEFAULTS[service, code]
    return {"Quota": {"ServiceCode": service, "QuotaCode": code, "QuotaName": name, "Value": float(value)}}


@implements("lambda", "GetAccountSettings", see=SETTINGS)
def account_settings(_call: Call) -> dict[str, Any]:
    """Tell how many functions may run at once."""
    return {"AccountLimit": {"ConcurrentExecutions": NEW_ACCOUNT, "UnreservedConcurrentExecutions": NEW_ACCOUNT}}


UNRESERVED = 10
"""Concurrent executions that reservations must leave: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""

ADDRESSES = DEFAULTS["ec2", "L-0263D0A3"][1]

_enforced: list[bool] = []


def enforce() -> None:
    """Refuse from now on what a new account refuses, until the account is emptied."""
    _enforced.append(True)


@on_reset
def _forget() -> None:
    _enforced.clear()


@corrects("ec2", "AllocateAddress", see="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html")
async def allocate_address(call: Call) -> Response:
    """Refuse an Elastic IP beyond the Region's quota."""
    held = client("ec2", call.region).describe_addresses()["Addresses"] if _enforced else []
    if len(held) >= ADDRESSES and _enforced:
        raise AwsError("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    return await emulators.ask(call)


@corrects(
    "lambda",
    "PutFunctionConcurrency",
    see="https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html",
)
async def reserve(call: Call) -> Response:
    """Refuse a reservation that leaves the other functions less than AWS wants."""
    if _enforced and NEW_ACCOUNT - _reserved(call) - call.parameters["ReservedConcurrentExecutions"] < UNRESERVED:
        why = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution"
        raise AwsError("InvalidParameterValueException", f"{why} below its minimum value of [{UNRESERVED}].")
    return await emulators.ask(call)


STANDARD = ("a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z")
"""Families of instance types whose vCPUs are counted together: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html"""

VCPUS = DEFAULTS["ec2", "L-1216C47A"][1]


def launch_refusal(region: str, instance_type: str) -> str:
    """What EC2 says of one more instance of a type beyond the Region's quota; empty if there is room, or no quota.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (VcpuLimitExceeded)
    """
    if not _enforced or not _is_standard(instance_type):
        return ""
    states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    running = listed("ec2", region, "describe_instances", "Reservations", Filters=states)
    types = [each["InstanceType"] for reservation in running for each in reservation["Instances"]]
    counted = [*filter(_is_standard, types), instance_type]
    if sum(_vcpus(region, each) for each in counted) <= VCPUS:
        return ""
    return (
        f"You have requested more vCPU capacity than your current vCPU limit of {VCPUS} allows for the instance bucket "
        "that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to "
        "request an adjustment to this limit."
    )


def _is_standard(instance_type: str) -> bool:
    family = re.match("[a-z]+", instance_type)
    return family is not None and family[0] in STANDARD


def _vcpus(region: str, instance_type: str) -> int:
    [found] = client("ec2", region).describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"]
    return int(found["VCpuInfo"]["DefaultVCpus"])


def _reserved(call: Call) -> int:
    """What other functions have."""
    others = [each["FunctionName"] for each in listed("lambda", call.region, "list_functions", "Functions")]
    asked = [name for name in others if name != call.parameters["FunctionName"]]
    functions = client("lambda", call.region)
    found = [functions.get_function_concurrency(FunctionName=name) for name in asked]
    return sum(each.get("ReservedConcurrentExecutions", 0) for each in found)
