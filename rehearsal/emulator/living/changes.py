"""How often something changed, by service: for those who keep something in step with the account."""

import json
import re
from collections import Counter
from http import HTTPStatus

from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import Call, Response

READING = re.compile(r"(Describe|List|Get|Head|Search|Filter|BatchGet|Simulate|Lookup)[A-Z]?|(Test|Check)DNS|Select")
"""How the names of operations begin that change nothing."""

OF_DATA = frozenset(
    {
        *("PutMetricData", "PutLogEvents", "Publish", "PublishBatch", "AssumeRole", "AssumeRoleWithWebIdentity"),
        *("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "Invoke", "Query", "Scan"),
    }
)
"""Operations that change nothing that a service's data plane would follow, and come often."""

COUNTS: Counter[str] = Counter()


@on_reset
def forget() -> None:
    """Everything changed: who compares numbers must read anew."""
    for service in COUNTS:
        COUNTS[service] += 1


def note(service: str) -> None:
    """Count a change; health that was only measured counts as `elbv2:health`, `route53:health`."""
    COUNTS[service] += 1


def after(call: Call, response: Response) -> Response:
    """Count a call that changed something, and pass its answer on."""
    if response.status < HTTPStatus.BAD_REQUEST and changes(call.operation):
        note(call.service)
    return response


def changes(operation: str) -> bool:
    """Return whether an operation changes something, by its name."""
    return not READING.match(operation) and operation not in OF_DATA


def as_json() -> bytes:
    """Return the counts by service."""
    return json.dumps(COUNTS).encode()
