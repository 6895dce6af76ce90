"""A call of somebody under a role, held against the role's policies and the policies of what it names."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.emulators import client, moto_models, request_for
from rehearsal.emulator.iam.actions import FREE, action_of, resources_of
from rehearsal.emulator.iam.conditions import Keys
from rehearsal.emulator.iam.policies import Ask, Document, Verdict, leaves_to_the_account, of_identity, of_resource
from rehearsal.emulator.iam.sessions import SESSIONS, Session
from rehearsal.emulator.wire import AwsError, Call, Response

logger = logging.getLogger("rehearsal.rights")

CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
"""How a service calls a refusal, where it isn't AccessDenied (of query APIs and S3) or AccessDeniedException."""

HIDDEN = ("GetObject", "HeadObject")
"""Calls to which S3 answers that access is denied where the object is absent and its bucket may not be listed:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"""


async def refusal(call: Call) -> AwsError | None:
    """What AWS says to somebody under a role who may not; None to who may, and to the administrator."""
    session = SESSIONS.get(call.request.access_key)
    if session is None or action_of(call) in FREE:
        return None
    try:
        async for ask in _asks(call, session):
            session.asked.append(ask)
            if (verdict := await judged(ask, session, call.region)) is not Verdict.ALLOWED:
                return _denied(call, session, ask, verdict)
    except Exception as error:
        logger.exception("the rights to %s:%s can't be told", call.service, call.operation)
        return AwsError("InternalFailure", f"rights can't be told: {type(error).__name__}: {error}")
    return None


async def after(call: Call, response: Response) -> Response:
    """The answer as somebody under a role gets it: S3 hides from them what is absent if they can't list the bucket."""
    session = SESSIONS.get(call.request.access_key)
    if session is None or call.service != "s3" or call.operation not in HIDDEN:
        return response
    if response.status != HTTPStatus.NOT_FOUND:
        return response
    listing = Ask("s3:ListBucket", f"arn:aws:s3:::{call.parameters['Bucket']}", _keys(call.region, session))
    session.asked.append(listing)
    verdict = await judged(listing, session, call.region)
    return response if verdict is Verdict.ALLOWED else call.answer(_denied(call, session, listing, verdict))


async def judged(ask: Ask, session: Session, region: str) -> Verdict:
    """What all policies say together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html."""
    bounds = boundary(session.role_name)
    bound = of_identity(bounds, ask) if bounds else Verdict.ALLOWED
    if bound is not Verdict.ALLOWED:
        return bound
    identity = of_identity(identity_policies(session.role_name), ask)
    policy = await _policy_of(ask.resource, region)
    own = of_resource(policy, ask, session.principal) if policy else Verdict.IMPLICIT
    if Verdict.EXPLICIT in (identity, own):
        return Verdict.EXPLICIT
    if ask.action.startswith("kms:") and policy and own is not Verdict.ALLOWED:
        # A key's policy alone decides, unless it leaves that to the account's policies.
        return identity if leaves_to_the_account(policy, ask, ACCOUNT) else Verdict.IMPLICIT
    return Verdict.ALLOWED if Verdict.ALLOWED in (identity, own) else Verdict.IMPLICIT


def identity_policies(role: str) -> list[Document]:
    """All policies of a role, its own and those attached to it."""
    iam = client("iam", "us-east-1")
    found = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return found + [_managed(each["PolicyArn"]) for each in attached]


def boundary(role: str) -> list[Document]:
    """The policy that bounds what a role may, whatever its own policies allow; none without one."""
    found = client("iam", "us-east-1").get_role(RoleName=role)["Role"].get("PermissionsBoundary")
    return [_managed(found["PermissionsBoundaryArn"])] if found else []


def _managed(arn: str) -> Document:
    iam = client("iam", "us-east-1")
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document: Document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return document


def _keys(region: str, session: Session, **more: str) -> Keys:
    """What conditions may ask of a request. Clients of AWS use TLS, so those of the rehearsal count as if they did."""
    known = {
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalArn": session.role_arn,
        "aws:PrincipalType": "AssumedRole",
        "aws:RequestedRegion": region,
        "aws:ResourceAccount": ACCOUNT,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "127.0.0.1",
        "kms:CallerAccount": ACCOUNT,
        **more,
    }
    return {name.lower(): [value] for name, value in known.items()}


async def _asks(call: Call, session: Session) -> AsyncIterator[Ask]:
    """Everything that a call needs a right for, itself and what the service does in the caller's name."""
    keys = _keys(call.region, session)
    for resource in _resources(call):
        yield Ask(action_of(call), resource, keys)
    service, actions, key = await _encryption(call)
    via = _keys(call.region, session, **{"kms:ViaService": f"{service}.{call.region}.amazonaws.com"})
    for action in actions if key else ():
        yield Ask(action, key, via)


FINDERS: dict[str, Callable[[Call], str | None]] = {}
"""For services that a correction answers: the ARN that a call names a resource of, which only that knows."""


def finds(service: str) -> Callable[[Callable[[Call], str | None]], Callable[[Call], str | None]]:
    """Register the decorated function as the one that knows the ARNs of a service."""

    def register(finder: Callable[[Call], str | None]) -> Callable[[Call], str | None]:
        FINDERS[service] = finder
        return finder

    return register


def _resources(call: Call) -> list[str]:
    """The resources that a call names, with those that only the account knows in full."""
    given = call.parameters
    if call.service in FINDERS and (found := FINDERS[call.service](call)):
        return [found]
    if call.service == "secretsmanager" and (secret := given.get("SecretId")):
        return [_secret(secret, call.region).get("ARN", secret)]
    return resources_of(call)


def _secret(name: str, region: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = client("secretsmanager", region).describe_secret(SecretId=name)
    except ClientError:
        return {}
    return found


async def _encryption(call: Call) -> tuple[str, tuple[str, ...], str]:
    """The service that uses a key in the caller's name, what for, and the key's ARN; empty where none is used."""
    given = call.parameters
    match call.service, call.operation:
        case "secretsmanager", "GetSecretValue":
            key = _secret(given["SecretId"], call.region).get("KmsKeyId", "")
            return "secretsmanager", ("kms:Decrypt",), _key_arn(key, call.region)
        case "ssm", "GetParameter" if given.get("WithDecryption"):
            filters = [{"Key": "Name", "Values": [given["Name"].rpartition(":parameter")[2]]}]
            found = client("ssm", call.region).describe_parameters(ParameterFilters=filters)["Parameters"]
            return "ssm", ("kms:Decrypt",), _key_arn(found[0].get("KeyId", "") if found else "", call.region)
        case "sns", "Publish" if given.get("TopicArn"):
            key = (await _topic(given["TopicArn"], call.region)).get("KmsMasterKeyId", "")
            return "sns", ("kms:GenerateDataKey", "kms:Decrypt"), _key_arn(key, call.region)
    return "", (), ""


def _key_arn(key: str, region: str) -> str:
    """The ARN of a customer's key; empty for none, and for a key of AWS's own, which lets the account's services in."""
    if not key or key.startswith("alias/aws/"):
        return ""
    try:
        return str(client("kms", region).describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    except ClientError:
        return ""


async def _topic(arn: str, region: str) -> dict[str, str]:
    call = request_for("sns", "GetTopicAttributes", region, TopicArn=arn)
    try:
        found: dict[str, str] = call.read(await emulators.ask(call))["Attributes"]
    except AwsError:
        return {}
    return found


async def _policy_of(resource: str, region: str) -> Document | None:
    """The policy that a resource has itself; None without one."""
    _, _, service, where, *_ = [*resource.split(":", 5), "", "", "", ""]
    text: Any = None
    if service == "s3":
        call = request_for("s3", "GetBucketPolicy", region, Bucket=resource.rpartition(":")[2].partition("/")[0])
        text = await _found(call, "Policy")
    elif service == "sns":
        text = (await _topic(resource, where)).get("Policy")
    elif service == "kms" and (key := moto_models("kms", where).keys.get(resource.rpartition("/")[2])):
        text = key.policy
    elif service == "secretsmanager":
        home = _secret(resource, where).get("PrimaryRegion", where)  # a replica has its primary's policy
        known = client("secretsmanager", home).get_resource_policy(SecretId=resource.replace(where, home))
        text = known.get("ResourcePolicy")
    document: Document | None = json.loads(text) if isinstance(text, str | bytes) and text else None
    return document


async def _found(call: Call, member: str) -> Any:
    try:
        return call.read(await emulators.ask(call)).get(member)
    except AwsError:
        return None


def _denied(call: Call, session: Session, ask: Ask, verdict: Verdict) -> AwsError:
    json_like = call.protocol not in ("query", "ec2", "rest-xml")
    code = CODES.get(call.service, "AccessDeniedException" if json_like else "AccessDenied")
    why = (
        "with an explicit deny" if verdict is Verdict.EXPLICIT else f"because no policy allows the {ask.action} action"
    )
    what = f"is not authorized to perform: {ask.action} on resource: {ask.resource} {why}"
    return AwsError(code, f"User: {session.arn} {what}", HTTPStatus.FORBIDDEN)
