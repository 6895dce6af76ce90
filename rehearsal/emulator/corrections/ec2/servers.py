"""Servers that fail, for whoever rehearses a release: the user data of a launch template says so.

`REHEARSAL_HEALTH=never` in it (an environment variable of the fleet, say): no server of that version ever passes a
health check. `REHEARSAL_HEALTH=later`: they do, and once all of a refresh's servers have it, or those of a checkpoint,
the first of the refresh's alarms goes off. Real servers know nothing of it.
"""

import base64
import binascii
import re
from enum import StrEnum
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

MARK = re.compile(r"\bREHEARSAL_HEALTH=[\"']?(never|later)\b")


class Health(StrEnum):
    """What becomes of a version's servers."""

    GOOD = "good"
    NEVER = "never"
    LATER = "later"


def health_of(data: dict[str, Any]) -> Health:
    """Read the mark in the user data of a launch template's version."""
    try:
        text = base64.b64decode(data.get("UserData") or "").decode(errors="replace")
    except binascii.Error:
        return Health.GOOD
    found = MARK.search(text)
    return Health(found[1]) if found else Health.GOOD


FAILING: set[str] = set()
"""Ids of the instances that never pass a check, also of those that are gone."""


@on_reset
def forget() -> None:
    """Forget the instances."""
    FAILING.clear()


def launched(instance: str, data: dict[str, Any]) -> None:
    """Note what becomes of an instance that was launched from a template."""
    if health_of(data) == Health.NEVER:
        FAILING.add(instance)


@corrects(
    "ec2", "GetConsoleOutput", see="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html"
)
async def console_output(call: Call) -> Response:
    """Show what a server that never passes a check would have on its console; moto shows the same for all."""
    answer = call.read(await emulators.ask(call))
    text = "cloud-init: the application has started\n"
    if call.parameters["InstanceId"] in FAILING:
        text = "cloud-init: starting the application\nha-web: REHEARSAL_HEALTH=never: exit code 1\n"
    answer["Output"] = base64.b64encode(text.encode()).decode()
    return call.answer(answer)
