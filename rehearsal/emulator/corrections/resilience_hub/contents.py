"""What belongs to a service: where its resources are found, and what is asserted of it."""

from typing import Any
from uuid import uuid4

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.resilience_hub import (
    API,
    ASSERTIONS,
    SERVICE,
    SERVICES,
    SOURCES,
    invalid,
    missing,
    now,
    page,
    wanted,
)
from rehearsal.emulator.corrections.resilience_hub.services import role_of
from rehearsal.emulator.iam import rights
from rehearsal.emulator.iam.policies import Ask, Verdict, of_identity
from rehearsal.emulator.wire import AwsError, Call

KINDS = {
    "resourceTags": "TAGS",
    "cfnStackArn": "CFN_STACK",
    "tfStateFileUrl": "TERRAFORM",
    "eks": "EKS",
    "designFileS3Url": "DESIGN_FILE",
}
"""By what a source is given as: https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_InputSourceSummary.html"""

FINDS_TAGS = "tag:GetResources"


@implements(SERVICE, "CreateInputSource", see=f"{API}CreateInputSource.html")
def add_source(call: Call) -> dict[str, Any]:
    """Add a place where the service's resources are; its role must be able to look for tags."""
    arn, given = call.parameters["serviceArn"], call.parameters["resourceConfiguration"]
    service = wanted(SERVICES, call.region, arn)
    named = [key for key in KINDS if given.get(key)]
    if len(named) != 1:
        raise invalid("resourceConfiguration must have exactly one member")
    if named == ["resourceTags"] and not _may(role_of(service), FINDS_TAGS):
        raise AwsError("AccessDeniedException", f"The invoker role does not have access to {FINDS_TAGS}", 403)
    identity = str(uuid4())
    source = {"inputSourceId": identity, "type": KINDS[named[0]], named[0]: given[named[0]], "createdAt": now()}
    SOURCES.setdefault(arn, []).append(source)
    return {"serviceArn": arn, "inputSourceId": identity}


@implements(SERVICE, "ListInputSources", see=f"{API}ListInputSources.html")
def sources(call: Call) -> dict[str, Any]:
    """List the places, of a type or all."""
    arn, kind = call.parameters["serviceArn"], call.parameters.get("type")
    wanted(SERVICES, call.region, arn)
    return page(call, "inputSourceSummaries", [each for each in SOURCES.get(arn, []) if kind in (None, each["type"])])


@implements(SERVICE, "DeleteInputSource", see=f"{API}DeleteInputSource.html")
def remove_source(call: Call) -> dict[str, Any]:
    """Remove a place."""
    arn, identity = call.parameters["serviceArn"], call.parameters["inputSourceId"]
    wanted(SERVICES, call.region, arn)
    SOURCES[arn].remove(_one(SOURCES.get(arn, []), "inputSourceId", identity))
    return {"serviceArn": arn, "inputSourceId": identity}


@implements(SERVICE, "CreateAssertion", see=f"{API}CreateAssertion.html")
def add_assertion(call: Call) -> dict[str, Any]:
    """Assert something of a service."""
    arn, made = call.parameters["serviceArn"], now()
    wanted(SERVICES, call.region, arn)
    assertion = {
        "serviceArn": arn,
        "assertionId": str(uuid4()),
        "text": call.parameters["text"],
        "source": "USER",
        "createdAt": made,
        "updatedAt": made,
    }
    ASSERTIONS.setdefault(arn, []).append(assertion)
    return {"assertion": assertion}


@implements(SERVICE, "UpdateAssertion", see=f"{API}UpdateAssertion.html")
def change_assertion(call: Call) -> dict[str, Any]:
    """Say it in other words."""
    given = call.parameters
    wanted(SERVICES, call.region, given["serviceArn"])
    assertion = _one(ASSERTIONS.get(given["serviceArn"], []), "assertionId", given["assertionId"])
    assertion |= {"text": given.get("text", assertion["text"]), "updatedAt": now()}
    return {"assertion": assertion}


@implements(SERVICE, "DeleteAssertion", see=f"{API}DeleteAssertion.html")
def remove_assertion(call: Call) -> dict[str, Any]:
    """Assert it no longer."""
    arn, identity = call.parameters["serviceArn"], call.parameters["assertionId"]
    wanted(SERVICES, call.region, arn)
    ASSERTIONS[arn].remove(_one(ASSERTIONS.get(arn, []), "assertionId", identity))
    return {"assertionId": identity}


@implements(SERVICE, "ListAssertions", see=f"{API}ListAssertions.html")
def assertions(call: Call) -> dict[str, Any]:
    """List what is asserted, by whom or all."""
    arn, by = call.parameters["serviceArn"], call.parameters.get("source")
    wanted(SERVICES, call.region, arn)
    return page(call, "assertions", [each for each in ASSERTIONS.get(arn, []) if by in (None, each["source"])])


def _one(found: list[dict[str, Any]], key: str, identity: str) -> dict[str, Any]:
    for each in found:
        if each[key] == identity:
            return each
    raise missing(f"{key} {identity}")


def _may(role: str, action: str) -> bool:
    return of_identity(rights.identity_policies(role), Ask(action, "*")) is Verdict.ALLOWED
