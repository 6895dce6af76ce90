"""Instances as their hosts are, in the living mode: pending until they boot, and impaired when EC2 loses the host."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.living import changes, clock
from rehearsal.emulator.living.reports import observes
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

STATUS = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html"

CHECKED_EVERY = 60.0
"""Seconds between two status checks of EC2: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html"""

CODES = {"pending": 0, "running": 16}

BOOTING: dict[str, str] = {}
"""The region of each instance that was launched and of which nobody has said that it runs."""

LOST: dict[str, float] = {}
"""When, by AWS's clock, EC2 lost the host of an instance."""


@on_reset
def forget() -> None:
    """Forget the instances."""
    BOOTING.clear()
    LOST.clear()


def launched(region: str, instance: str) -> None:
    """Let an instance be pending until somebody says that it runs."""
    if clock.on():
        BOOTING[instance] = region
        _set_state(region, instance, "pending")


@observes("instances")
def observed(reported: list[dict[str, Any]]) -> None:
    """Take over what became of instances."""
    for each in reported:
        region, instance = each["region"], each["id"]
        match each["state"]:
            case "running":
                if BOOTING.pop(instance, None):
                    _set_state(region, instance, "running")
                    changes.note("ec2")
                LOST.pop(instance, None)
            case "gone" if instance in LOST:
                pass
            case "gone":
                LOST[instance] = clock.now()
                changes.note("ec2")
            case "stopped" | "terminated" as state:
                _end(region, instance, state)
            case other:
                raise ValueError(f"state {other} of {instance}: running, gone, stopped or terminated")


def _end(region: str, instance: str, state: str) -> None:
    ec2 = client("ec2", region)
    end = ec2.stop_instances if state == "stopped" else ec2.terminate_instances
    end(InstanceIds=[instance])
    BOOTING.pop(instance, None)
    changes.note("ec2")


@clock.at_end
def let_all_run() -> None:
    """Let all instances run that were yet to boot; no host is lost."""
    for instance, region in BOOTING.items():
        _set_state(region, instance, "running")
    forget()


def _set_state(region: str, instance: str, state: str) -> None:
    found = moto_models("ec2", region).get_instance_by_id(instance)
    if found and found.state in CODES:
        found._state.name, found._state.code = state, CODES[state]


def state_of(region: str, instance: str) -> str:
    """An instance's state; terminated where it is forgotten already."""
    found = moto_models("ec2", region).get_instance_by_id(instance)
    return str(found.state) if found else "terminated"


def is_impaired(instance: str) -> bool:
    """Return whether a status check has failed since the host was lost."""
    return instance in LOST and clock.now() - LOST[instance] >= CHECKED_EVERY


@corrects("ec2", "DescribeInstanceStatus", see=STATUS)
async def describe_status(call: Call) -> Response:
    """Show the checks of what EC2 lost as failed, and those of what boots as under way."""
    response = await emulators.ask(call)
    if response.status != 200 or not clock.on():
        return response
    answer = call.read(response)
    for each in answer.get("InstanceStatuses", []):
        if is_impaired(each["InstanceId"]):
            each.update(SystemStatus=_status("impaired", "failed"), InstanceStatus=_status("impaired", "failed"))
        elif each["InstanceId"] in BOOTING:
            begins = _status("initializing", "initializing")
            each.update(SystemStatus=begins, InstanceStatus=begins)
    return call.answer(answer)


def _status(summary: str, reachability: str) -> dict[str, Any]:
    return {"Status": summary, "Details": [{"Name": "reachability", "Status": reachability}]}
