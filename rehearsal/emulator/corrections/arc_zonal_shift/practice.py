"""The configuration of practice runs and of zonal autoshift. It is kept; AWS's weekly runs are not emulated."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.arc_zonal_shift.resources import managed_as
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

API = "https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_"
MEMBERS = ("blockingAlarms", "outcomeAlarms", "blockedWindows", "allowedWindows", "blockedDates")

CONFIGURATIONS: dict[str, dict[str, Any]] = {}
"""Practice run configurations by ARN of the resource."""

ENABLED: set[str] = set()
"""ARNs of resources with zonal autoshift."""


@on_reset
def forget() -> None:
    """Forget all configurations."""
    CONFIGURATIONS.clear()
    ENABLED.clear()


def status_of(arn: str) -> dict[str, Any]:
    """Whether AWS may shift a resource by itself."""
    return {"zonalAutoshiftStatus": "ENABLED" if arn in ENABLED else "DISABLED"}


def configuration_of(arn: str) -> dict[str, Any]:
    """The practice run configuration of a resource, if it has one."""
    return {"practiceRunConfiguration": CONFIGURATIONS[arn]} if arn in CONFIGURATIONS else {}


def _wanted(call: Call) -> str:
    arn = managed_as(call.region, call.parameters["resourceIdentifier"]).arn
    if arn not in CONFIGURATIONS:
        raise AwsError("ConflictException", f"{arn} has no practice run configuration.", 409)
    return arn


def _described(call: Call, arn: str) -> dict[str, Any]:
    name = managed_as(call.region, arn).name
    return {"arn": arn, "name": name, **status_of(arn), **configuration_of(arn)}


@implements("arc-zonal-shift", "CreatePracticeRunConfiguration", see=f"{API}CreatePracticeRunConfiguration.html")
def create(call: Call) -> dict[str, Any]:
    """Let AWS practice on a resource, and say which alarms end a run."""
    resource = managed_as(call.region, call.parameters["resourceIdentifier"])
    if resource.arn in CONFIGURATIONS:
        raise AwsError("ConflictException", f"{resource.arn} has a practice run configuration already.", 409)
    CONFIGURATIONS[resource.arn] = {key: call.parameters[key] for key in MEMBERS if call.parameters.get(key)}
    return _described(call, resource.arn)


@implements("arc-zonal-shift", "UpdatePracticeRunConfiguration", see=f"{API}UpdatePracticeRunConfiguration.html")
def update(call: Call) -> dict[str, Any]:
    """Change what is given; an empty list takes away."""
    arn = _wanted(call)
    merged = {**CONFIGURATIONS[arn], **{key: call.parameters[key] for key in MEMBERS if key in call.parameters}}
    CONFIGURATIONS[arn] = {key: value for key, value in merged.items() if value}
    return _described(call, arn)


@implements("arc-zonal-shift", "DeletePracticeRunConfiguration", see=f"{API}DeletePracticeRunConfiguration.html")
def delete(call: Call) -> dict[str, Any]:
    """Let AWS practice no more; zonal autoshift has to be off."""
    arn = _wanted(call)
    if arn in ENABLED:
        raise AwsError("ConflictException", f"Zonal autoshift is enabled for {arn}.", 409)
    del CONFIGURATIONS[arn]
    return {"arn": arn, "name": managed_as(call.region, arn).name, **status_of(arn)}


@implements("arc-zonal-shift", "UpdateZonalAutoshiftConfiguration", see=f"{API}UpdateZonalAutoshiftConfiguration.html")
def switch(call: Call) -> dict[str, Any]:
    """Let AWS shift a resource by itself, or not."""
    arn = _wanted(call)
    (ENABLED.add if call.parameters["zonalAutoshiftStatus"] == "ENABLED" else ENABLED.discard)(arn)
    return {"resourceIdentifier": arn, **status_of(arn)}
