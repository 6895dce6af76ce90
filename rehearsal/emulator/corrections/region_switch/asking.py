"""What a plan asks of other services: with the keys of its role, and within reach."""

import re
from dataclasses import replace
from typing import Any

from rehearsal.emulator import ACCOUNT, corrections
from rehearsal.emulator.corrections.region_switch import PRINCIPAL
from rehearsal.emulator.emulators import request_for
from rehearsal.emulator.iam import rights, sessions
from rehearsal.emulator.iam.policies import Principal
from rehearsal.emulator.living import changes, cuts
from rehearsal.emulator.wire import AwsError, identify

NAME = "arc-region-switch"
"""Of the sessions."""


def keys_of(role_arn: str) -> str:
    """Return an access key of a role. AwsError if the role isn't there, or doesn't trust Region switch."""
    role = sessions.role_of(role_arn)
    if not sessions.may_assume(role, Principal(service=PRINCIPAL)):
        raise AwsError("AccessDenied", f"{PRINCIPAL} is not authorized to perform: sts:AssumeRole on {role_arn}", 403)
    return str(sessions.open_session(role, RoleSessionName=NAME)["Credentials"]["AccessKeyId"])


async def ask(key: str, service: str, operation: str, region: str, **given: Any) -> dict[str, Any]:
    """Ask a service in a Region with an access key. AwsError if it refuses, or nobody reaches the Region."""
    if cuts.region_is_cut(region):
        raise AwsError("NoAnswer", f"{service} in {region} does not answer", 504)
    call = request_for(service, operation, region, **given)
    headers = dict(call.request.headers)
    headers["authorization"] = re.sub(rf"Credential={ACCOUNT}/", f"Credential={key}/", headers["authorization"])
    call = identify(replace(call.request, headers=headers))
    if refused := await rights.refusal(call):
        raise refused
    return call.read(changes.after(call, await corrections.answer(call)))
