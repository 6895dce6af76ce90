"""Policies: the targets that services are held to."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.resilience_hub import (
    API,
    POLICIES,
    SERVICE,
    SERVICES,
    conflict,
    in_region,
    new_arn,
    now,
    page,
    wanted,
)
from rehearsal.emulator.wire import Call

TARGETS = ("availabilitySlo", "multiAz", "multiRegion", "dataRecovery")
CHANGED = ("description", "sharingEnabled", *TARGETS)
GIVEN = ("name", "kmsKeyId", "tags", *CHANGED)


@implements(SERVICE, "CreatePolicy", see=f"{API}CreatePolicy.html")
def create(call: Call) -> dict[str, Any]:
    """Make a policy."""
    given, arn, made = call.parameters, new_arn(call, "policy", POLICIES), now()
    known = {key: given[key] for key in GIVEN if given.get(key) not in (None, {})}
    POLICIES[arn] = {"policyArn": arn, **known, "createdAt": made, "updatedAt": made}
    return {"policy": described(POLICIES[arn])}


@implements(SERVICE, "GetPolicy", see=f"{API}GetPolicy.html")
def get(call: Call) -> dict[str, Any]:
    """Describe a policy."""
    return {"policy": described(wanted(POLICIES, call.region, call.parameters["policyArn"]))}


@implements(SERVICE, "UpdatePolicy", see=f"{API}UpdatePolicy.html")
def update(call: Call) -> dict[str, Any]:
    """Change what is given; empty targets take theirs away."""
    given = call.parameters
    policy = wanted(POLICIES, call.region, given["policyArn"])
    for key in CHANGED:
        if key in given:
            policy[key] = given[key]
            if key in TARGETS and not given[key]:
                del policy[key]
    policy["updatedAt"] = now()
    return {"policy": described(policy)}


@implements(SERVICE, "DeletePolicy", see=f"{API}DeletePolicy.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a policy that no service has: the conflict that the reference means."""
    arn = call.parameters["policyArn"]
    policy = wanted(POLICIES, call.region, arn)
    if users := described(policy)["associatedServiceCount"]:
        raise conflict(f"{arn} is the policy of {users} services.")
    del POLICIES[arn]
    return {"policyArn": arn}


@implements(SERVICE, "ListPolicies", see=f"{API}ListPolicies.html")
def listed(call: Call) -> dict[str, Any]:
    """List policies."""
    left_out = ("description", "kmsKeyId", "tags")
    found = [described(each) for each in in_region(POLICIES, call.region)]
    return page(
        call,
        "policySummaries",
        [{key: value for key, value in each.items() if key not in left_out} for each in found],
    )


def described(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy with the number of services that have it."""
    users = sum(each.get("policyArn") == policy["policyArn"] for each in SERVICES.values())
    return {**policy, "associatedServiceCount": users}
