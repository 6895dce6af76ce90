"""Route 53: what its checkers saw, where moto says that every health check passes."""

from datetime import UTC, datetime
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.reports import observes
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_"

FAILURE = "Failure"

SEEN: dict[str, list[dict[str, Any]]] = {}
"""The last observations of each health check, as the API describes them."""

FAILED: dict[str, list[dict[str, Any]]] = {}
"""The last ones of which one failed."""


@on_reset
@clock.at_start
@clock.at_end
def forget() -> None:
    """Forget what was seen: nothing is known, or all is well where nothing lives."""
    SEEN.clear()
    FAILED.clear()


@observes("checks")
def observed(reported: list[dict[str, Any]]) -> None:
    """Take over what checkers saw."""
    for each in reported:
        now = datetime.now(UTC)
        seen = [
            {
                "Region": one["region"],
                "IPAddress": one["address"],
                "StatusReport": {"Status": one["status"], "CheckedTime": now},
            }
            for one in each["observations"]
        ]
        if failed(seen):
            FAILED[each["id"]] = failed(seen)
        if summary(seen) != summary(SEEN.get(each["id"], [])):
            changes.note("route53:health")
        SEEN[each["id"]] = seen


def failed(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The observations that failed."""
    return [one for one in seen if one["StatusReport"]["Status"].startswith(FAILURE)]


def summary(seen: list[dict[str, Any]]) -> dict[str, bool]:
    """By the checker's address, whether it saw a failure."""
    return {one["IPAddress"]: bool(failed([one])) for one in seen}


@corrects("route53", "GetHealthCheckStatus", see=f"{API}GetHealthCheckStatus.html")
async def status(call: Call) -> Response:
    """Tell what the checkers saw last, in the living mode."""
    response = await emulators.ask(call)
    if response.status != 200 or not clock.on():
        return response
    return call.answer({"HealthCheckObservations": SEEN.get(call.parameters["HealthCheckId"], [])})


@corrects("route53", "GetHealthCheckLastFailureReason", see=f"{API}GetHealthCheckLastFailureReason.html")
async def last_failure(call: Call) -> Response:
    """Tell of the last failures that were seen; moto doesn't have the operation."""
    asked = emulators.request_for("route53", "GetHealthCheck", call.region, **call.parameters)
    response = await emulators.ask(asked)
    if response.status != 200:
        return response
    return call.answer({"HealthCheckObservations": FAILED.get(call.parameters["HealthCheckId"], [])})
