"""STS: roles are assumed by those whom their trust policy names, and their keys are taken by the emulated account."""

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.iam import sessions
from rehearsal.emulator.wire import AwsError, Call, Response


@corrects("sts", "AssumeRole", see="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html")
async def assume_role(call: Call) -> Response:
    """Let those assume a role whom its trust policy names; moto lets everybody."""
    role = sessions.role_of(call.parameters["RoleArn"])
    session = sessions.SESSIONS.get(call.request.access_key)
    if not sessions.may_assume(role, session.principal if session else None):
        who = session.arn if session else f"arn:aws:iam::{ACCOUNT}:root"
        message = f"User: {who} is not authorized to perform: {sessions.ASSUME} on resource: {role['Arn']}"
        raise AwsError("AccessDenied", message, 403)
    return call.answer(sessions.open_session(role, RoleSessionName=call.parameters["RoleSessionName"]))


@corrects(
    "sts", "GetCallerIdentity", see="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"
)
async def caller(call: Call) -> Response:
    """Say who asks under a role, whose key moto doesn't know."""
    session = sessions.SESSIONS.get(call.request.access_key)
    if session is None:
        return await emulators.ask(call)
    return call.answer({"Account": ACCOUNT, "Arn": session.arn, "UserId": session.user["AssumedRoleId"]})
