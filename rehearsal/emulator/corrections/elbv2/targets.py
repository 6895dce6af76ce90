"""Targets: their health as the balancer measured it, and their draining, where moto finds each registered one healthy.

In the living mode a target is `initial` until its health was reported, and `draining` for the deregistration delay.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.ec2.servers import FAILING
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.reports import observes
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_"
DRAINS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"

DELAY = 300
"""Seconds of the deregistration delay where nobody set it (same page)."""

REPORTED = ("healthy", "unhealthy", "initial", "unavailable")
"""States that a balancer measures: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"""

BEGINS = {
    "State": "initial",
    "Reason": "Elb.RegistrationInProgress",
    "Description": "Target registration is in progress",
}
UNUSED = {
    "State": "unused",
    "Reason": "Target.NotInUse",
    "Description": "Target group is not configured to receive traffic from the load balancer",
}
STOPPED = {
    "State": "unused",
    "Reason": "Target.InvalidState",
    "Description": "Target is in the stopped state",
}
LEAVES = {
    "State": "draining",
    "Reason": "Target.DeregistrationInProgress",
    "Description": "Target deregistration is in progress",
}
MARKED = {
    "State": "unhealthy",
    "Reason": "Target.ResponseCodeMismatch",
    "Description": "Health checks failed with these codes: [502]",
}


@dataclass(frozen=True)
class Draining:
    """A target that was deregistered, and when it is gone by AWS's clock."""

    group: str
    target: dict[str, Any]
    until: float


HEALTH: dict[tuple[str, str], dict[str, str]] = {}
"""What was reported last, by target group and target."""

LEAVING: list[Draining] = []


@on_reset
@clock.at_end
@clock.at_start
def forget() -> None:
    """Forget what was measured: all targets are initial, or healthy where nothing lives."""
    HEALTH.clear()
    LEAVING.clear()


@observes("targets")
def observed(reported: list[dict[str, Any]]) -> None:
    """Take over the health that balancers measured."""
    for each in reported:
        if each["state"] not in REPORTED:
            raise ValueError(f"state {each['state']} of {each['id']} is none of {', '.join(REPORTED)}")
        told = {"State": each["state"], "Reason": each.get("reason"), "Description": each.get("description")}
        measured = {key: value for key, value in told.items() if value}
        if HEALTH.get((each["group"], each["id"])) != measured:
            HEALTH[each["group"], each["id"]] = measured
            changes.note("elbv2:health")


def state_of(group: str, target: str) -> str:
    """The state of a registered target, as far as it was measured."""
    return HEALTH.get((group, target), BEGINS)["State"]


def is_used(region: str, group: str) -> bool:
    """Return whether a balancer uses a target group: the health of others is nowhere measured."""
    found = _group(region, group)
    return bool(found and found.load_balancer_arns)


def registered(group: str, targets: Iterable[str]) -> None:
    """Let targets begin anew."""
    for target in targets:
        HEALTH.pop((group, target), None)
        LEAVING[:] = [each for each in LEAVING if (each.group, each.target["Id"]) != (group, target)]


def deregistered(region: str, group: str, targets: Iterable[dict[str, Any]]) -> None:
    """Let targets that were registered drain, if the group has a balancer."""
    if not clock.on() or not is_used(region, group):
        return
    until = clock.now() + delay_of(region, group)
    LEAVING.extend(Draining(group, dict(target), until) for target in targets)


def delay_of(region: str, group: str) -> float:
    """The deregistration delay of a target group in seconds; 0 where there is none any more."""
    found = _group(region, group)
    return float(found.attributes.get("deregistration_delay.timeout_seconds", DELAY)) if found else 0.0


def _group(region: str, arn: str) -> Any:
    return moto_models("elbv2", region).target_groups.get(arn)


@clock.every_tick
def drain() -> None:
    """Let those go whose deregistration delay is over."""
    over = [each for each in LEAVING if each.until <= clock.now()]
    for each in over:
        LEAVING.remove(each)
        HEALTH.pop((each.group, each.target["Id"]), None)
        changes.note("elbv2")


@corrects("elbv2", "DeregisterTargets", "RegisterTargets", see=DRAINS)
async def change(call: Call) -> Response:
    """Let the deregistered drain and the registered begin."""
    group = call.parameters["TargetGroupArn"]
    named = {target["Id"] for target in call.parameters["Targets"]}
    gone = held(call.region, group, named) if call.operation == "DeregisterTargets" else []
    response = await emulators.ask(call)
    if response.status == 200 and call.operation == "RegisterTargets":
        registered(group, named)
    if response.status == 200:
        deregistered(call.region, group, gone)
    return response


def held(region: str, group: str, named: Collection[str]) -> list[dict[str, Any]]:
    """Those of the named targets that are registered now; nobody asks where nothing lives."""
    if not clock.on() or _group(region, group) is None:
        return []
    found = client("elbv2", region).describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return [each["Target"] for each in found if each["Target"]["Id"] in named]


@corrects("elbv2", "DescribeTargetHealth", see=f"{API}DescribeTargetHealth.html")
async def describe(call: Call) -> Response:
    """Tell what was measured; where nothing lives, find the servers unhealthy that are marked to be."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    found = answer.get("TargetHealthDescriptions", [])
    if clock.on():
        wanted = {target["Id"] for target in call.parameters.get("Targets", [])}
        answer["TargetHealthDescriptions"] = list(living(call.region, call.parameters["TargetGroupArn"], found, wanted))
        return call.answer(answer)
    for each in found:
        if each["Target"]["Id"] in FAILING and each["TargetHealth"]["State"] == "healthy":
            each["TargetHealth"] = MARKED
    return call.answer(answer)


def living(region: str, arn: str, found: list[dict[str, Any]], wanted: set[str]) -> Iterator[dict[str, Any]]:
    """The described targets with their measured health, and those that drain."""
    used, instances = is_used(region, arn), moto_models("ec2", region)
    for each in found:
        target = each["Target"]["Id"]
        measured = HEALTH.get((arn, target), BEGINS)
        if not used:
            measured = UNUSED
        elif target.startswith("i-") and (one := instances.get_instance_by_id(target)) and one.state != "running":
            measured = STOPPED
        yield {**each, "TargetHealth": measured}
    for leaving in LEAVING:
        if leaving.group == arn and (not wanted or leaving.target["Id"] in wanted):
            port = str(leaving.target.get("Port", ""))
            yield {"Target": leaving.target, "HealthCheckPort": port, "TargetHealth": LEAVES}
