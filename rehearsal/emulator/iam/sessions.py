"""Keys of who runs under a role: drawn here, at random, and known until the account is emptied."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.emulators import client
from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, leaves_to_the_account, of_resource
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError

ASSUME = "sts:AssumeRole"


@dataclass(frozen=True)
class Session:
    """Somebody who runs under a role."""

    role_name: str
    role_arn: str
    name: str
    user: dict[str, str]
    """What AssumeRole says of them: ARN and id."""
    asked: list[Ask] = field(default_factory=list)
    """What their calls needed rights for, in that order."""

    @property
    def arn(self) -> str:
        """What AWS calls them."""
        return self.user["Arn"]

    @property
    def principal(self) -> Principal:
        """Them, as a resource's policy names them."""
        return Principal(ACCOUNT, self.role_arn)


SESSIONS: dict[str, Session] = {}
"""By access key."""


@on_reset
def _forget() -> None:
    SESSIONS.clear()


def role_of(role_arn: str) -> dict[str, Any]:
    """A role of the account; AwsError if there is none."""
    try:
        found: dict[str, Any] = client("iam", "us-east-1").get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
    except ClientError as error:
        raise AwsError("AccessDenied", f"there is no role {role_arn}", 403) from error
    return found


def may_assume(role: dict[str, Any], who: Principal | None) -> bool:
    """Whether a role's trust policy lets somebody assume it; None is the account's administrator."""
    trust = role["AssumeRolePolicyDocument"]
    ask = Ask(ASSUME, role["Arn"], {"aws:principalaccount": [ACCOUNT], "aws:sourceaccount": [ACCOUNT]})
    if who is None:
        return leaves_to_the_account(trust, ask, ACCOUNT)
    return of_resource(trust, ask, who) is Verdict.ALLOWED


def open_session(role: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The answer of AssumeRole, with a key that nobody can guess in place of moto's."""
    answer: dict[str, Any] = client("sts", "us-east-1").assume_role(RoleArn=role["Arn"], **given)
    answer.pop("ResponseMetadata", None)
    key = f"ASIA{secrets.token_hex(16).upper()}"
    answer["Credentials"]["AccessKeyId"] = key
    SESSIONS[key] = Session(role["RoleName"], role["Arn"], given["RoleSessionName"], answer["AssumedRoleUser"])
    return answer


def asked(role_arn: str) -> bytes:
    """What everybody who ran under a role needed rights for, as JSON."""
    found = [ask for session in SESSIONS.values() if session.role_arn == role_arn for ask in session.asked]
    return json.dumps([asdict(ask) for ask in found]).encode()


def hand_out(role_arn: str, service: str) -> bytes:
    """The keys, as JSON, that an AWS service gives to what it runs under a role. AwsError if that doesn't trust it."""
    role = role_of(role_arn)
    if not may_assume(role, Principal(service=service)):
        raise AwsError("AccessDenied", f"{service} is not authorized to perform: {ASSUME} on resource: {role_arn}", 403)
    credentials = open_session(role, RoleSessionName=service.partition(".")[0])["Credentials"]
    return json.dumps({name: credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}).encode()
