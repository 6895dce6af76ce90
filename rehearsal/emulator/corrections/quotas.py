"""Quotas of an account that is new: AWS's defaults, and the little concurrency that Lambda begins with.

They are told, and not enforced.
"""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.wire import AwsError, Call

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
