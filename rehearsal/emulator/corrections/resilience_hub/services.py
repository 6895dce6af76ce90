"""Services: what is held to a policy, in which Regions, looked at with which role."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.resilience_hub import (
    API,
    ASSERTIONS,
    POLICIES,
    SERVICE,
    SERVICES,
    SOURCES,
    in_region,
    invalid,
    new_arn,
    now,
    page,
    wanted,
)
from rehearsal.emulator.emulators import client
from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, of_resource
from rehearsal.emulator.wire import Call

PRINCIPAL = "resiliencehub.amazonaws.com"
"""https://docs.aws.amazon.com/resilience-hub/latest/userguide/security-iam-resilience-hub-invoker-role.html"""

CHANGED = ("description", "associatedSystems", "policyArn", "regions", "permissionModel", "reportConfiguration")
GIVEN = ("name", "kmsKeyId", "tags", *CHANGED)

EFFECTIVE = {
    "availabilitySlo": ("availabilitySlo", "target"),
    "multiAzRto": ("multiAz", "rtoInMinutes"),
    "multiAzRpo": ("multiAz", "rpoInMinutes"),
    "multiAzDrApproach": ("multiAz", "disasterRecoveryApproach"),
    "multiRegionRto": ("multiRegion", "rtoInMinutes"),
    "multiRegionRpo": ("multiRegion", "rpoInMinutes"),
    "multiRegionDrApproach": ("multiRegion", "disasterRecoveryApproach"),
    "dataRecoveryTimeBetweenBackups": ("dataRecovery", "timeBetweenBackupsInMinutes"),
}
"""What a service is held to, and where its policy says it:
https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_EffectivePolicyValues.html"""

OF_A_SUMMARY = (
    *("serviceArn", "name", "associatedSystems", "regions", "policyArn", "assessmentStatus", "openFindingsCount"),
    *("resolvedFindingsCount", "dependencyDiscovery", "accountId", "createdAt", "updatedAt"),
)


@implements(SERVICE, "CreateService", see=f"{API}CreateService.html")
def create(call: Call) -> dict[str, Any]:
    """Make a service."""
    given, arn, made = call.parameters, new_arn(call, "service", SERVICES), now()
    _check(call)
    known = {key: given[key] for key in GIVEN if given.get(key) not in (None, {}, [])}
    SERVICES[arn] = {"serviceArn": arn, **known, **_discovery(given), "createdAt": made, "updatedAt": made}
    return {"service": described(SERVICES[arn])}


@implements(SERVICE, "GetService", see=f"{API}GetService.html")
def get(call: Call) -> dict[str, Any]:
    """Describe a service."""
    return {"service": described(wanted(SERVICES, call.region, call.parameters["serviceArn"]))}


@implements(SERVICE, "UpdateService", see=f"{API}UpdateService.html")
def update(call: Call) -> dict[str, Any]:
    """Change what is given; an empty list of systems takes them away."""
    given = call.parameters
    service = wanted(SERVICES, call.region, given["serviceArn"])
    _check(call)
    service |= {key: given[key] for key in CHANGED if key in given}
    service |= {**_discovery(given), "updatedAt": now()}
    return {"service": described(service)}


@implements(SERVICE, "DeleteService", see=f"{API}DeleteService.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a service, with its input sources and assertions."""
    arn = call.parameters["serviceArn"]
    wanted(SERVICES, call.region, arn)
    for kept in (SERVICES, SOURCES, ASSERTIONS):
        kept.pop(arn, None)
    return {"serviceArn": arn}


@implements(SERVICE, "ListServices", see=f"{API}ListServices.html")
def listed(call: Call) -> dict[str, Any]:
    """List services, of a policy or all."""
    given = call.parameters
    found = [described(each) for each in in_region(SERVICES, call.region)]
    kept = [each for each in found if given.get("policyArn") in (None, each.get("policyArn"))]
    return page(call, "serviceSummaries", [{key: each[key] for key in OF_A_SUMMARY if key in each} for each in kept])


@implements(SERVICE, "ListFailureModeAssessments", see=f"{API}ListFailureModeAssessments.html")
def assessments(call: Call) -> dict[str, Any]:
    """List the assessments of a service: there are none."""
    wanted(SERVICES, call.region, call.parameters["serviceArn"])
    return {"assessmentSummaries": []}


@implements(SERVICE, "ListTestRuns", see=f"{API}ListTestRuns.html")
def test_runs(call: Call) -> dict[str, Any]:
    """List the runs of a service's tests: there are none."""
    wanted(SERVICES, call.region, call.parameters["serviceArn"])
    return {"testRuns": []}


def described(service: dict[str, Any]) -> dict[str, Any]:
    """Return a service with what it is held to, and with what an assessment would have found."""
    told = {"assessmentStatus": "NOT_STARTED", "openFindingsCount": 0, "resolvedFindingsCount": 0}
    found = {**service, **told, "accountId": ACCOUNT, "resourceDiscovery": {"status": "NOT_STARTED"}}
    policy = POLICIES.get(service.get("policyArn", ""), {})
    values = {
        name: {"value": value, "policyName": policy["name"], "source": "SELF"}
        for name, (part, member) in EFFECTIVE.items()
        if (value := policy.get(part, {}).get(member)) is not None
    }
    return {**found, "effectivePolicyValues": values} if values else found


def role_of(service: dict[str, Any]) -> str:
    """Return the name of the role that a service is looked at with, without its path."""
    return str(service["permissionModel"]["invokerRoleName"]).rpartition("/")[2]


def _check(call: Call) -> None:
    """Refuse a policy that isn't there, and a role that Resilience Hub can't take."""
    given = call.parameters
    if given.get("policyArn"):
        wanted(POLICIES, call.region, given["policyArn"])
    if "permissionModel" in given:
        name = given["permissionModel"]["invokerRoleName"]
        if not _taken(name):
            raise invalid(
                f"Unable to assume the role {name}. Ensure the role exists and its trust policy allows access"
            )


def _taken(named: str) -> bool:
    try:
        role = client("iam", "us-east-1").get_role(RoleName=named.rpartition("/")[2])["Role"]
    except ClientError:
        return False
    if role["Arn"].partition(":role/")[2] != named:  # the path is part of the name here
        return False
    ask = Ask("sts:AssumeRole", role["Arn"])
    trust = role["AssumeRolePolicyDocument"]
    return of_resource(trust, ask, Principal(service=PRINCIPAL)) is Verdict.ALLOWED


def _discovery(given: dict[str, Any]) -> dict[str, Any]:
    return {"dependencyDiscovery": {"status": given["dependencyDiscovery"]}} if "dependencyDiscovery" in given else {}
