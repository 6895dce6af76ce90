"""Requests that AWS's API refuses by its own model, before the service looks at them: `rehearsal.api_limits`."""

from __future__ import annotations

import logging

from rehearsal.api_limits import Excess, excesses
from rehearsal.emulator.wire import AwsError, Call

logger = logging.getLogger("rehearsal.limits")

CODES = {
    "ec2": "InvalidParameterValue",
    "elasticache": "InvalidParameterValue",
    "rds": "InvalidParameterValue",
    "route53": "InvalidInput",
    "s3": "InvalidArgument",
    "sns": "InvalidParameter",
}
"""What a service calls it, where it isn't what its protocol calls it:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and each service's common errors"""


def refusal(call: Call) -> AwsError | None:
    """What AWS says of a request with values that the model of its API doesn't have; None where all are in order."""
    shape = call.model.input_shape
    if shape is None:
        return None
    try:
        given = call.parameters
    except Exception:  # who can't be read here is left to the emulator
        logger.info("%s:%s: its parameters can't be read", call.service, call.operation)
        return None
    found = list(excesses(given, shape))
    code = CODES.get(call.service, "ValidationError" if call.protocol == "query" else "ValidationException")
    return AwsError(code, _said(found)) if found else None


def _said(found: list[Excess]) -> str:
    """The message of AWS's common validation, which names members as its own code does."""
    each = [
        f"Value '{one.value}' at '{_camel(one.path)}' failed to satisfy constraint: Member must {one.must}"
        for one in found
    ]
    return f"{len(each)} validation error{'s' if len(each) > 1 else ''} detected: {'; '.join(each)}"


def _camel(path: str) -> str:
    return ".".join(part[:1].lower() + part[1:] for part in path.split("."))
