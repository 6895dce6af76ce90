"""The application's own secrets: ARNs by the name of the variable, looked up at preview as far as that can tell."""

import re
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from ha_web.application.boot import arn_in
from ha_web.application.rights import service_of, whole_arn
from ha_web.core.wording import quoted

_SECRET = r"arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}(:[^:]+::)?"
_PARAMETER = r"arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:parameter/[A-Za-z0-9/_.-]+"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"

_MISSING = re.compile(
    r"ResourceNotFound|ParameterNotFound|couldn't find resource|couldn't find|not found|can't find|empty result", re.I
)
"""How AWS and the provider say that there is no such secret. Another failure, such as a missing right, says nothing."""

RESERVED = ("SESSION_URL", "SESSION_PASSWORD", "DATABASE_URL", "DATABASE_USER", "DATABASE_PASSWORD")
"""Variables that hold the stores' own secrets."""


def secret_problem(name: str, arn: object) -> str | None:
    """Return a line for a name that no variable can have, or an ARN of something else."""
    if not re.fullmatch(_NAME, name):
        return f"secrets has {quoted(name)}; names are letters, digits and _, and begin with no digit"
    if name in RESERVED:
        return f"secrets has {name}, which the servers set themselves"
    if not isinstance(arn, str) or re.fullmatch(f"{_SECRET}|{_PARAMETER}", arn):
        return None
    wanted = "the whole ARN of a secret (with its six last characters; :key:: for one key of it) or of an SSM parameter"
    return f"secrets.{name} is {quoted(arn)}; it must be {wanted}"


def missing_secrets(secrets: Mapping[str, pulumi.Input[str]], region: str, opts: pulumi.InvokeOptions) -> list[str]:
    """Return a line for each secret that a region doesn't have: its servers would not start.

    Servers read the secrets of their own region. A secret that only another region has is out of reach when that is
    lost, which is when these servers are needed. Only names and keys are asked for, no value of a secret.
    """
    problems = []
    for name, arn in secrets.items():
        if not isinstance(arn, str) or secret_problem(name, arn):
            continue
        here = arn_in(whole_arn(arn), region)
        if _is_missing(here, region, opts):
            problems.append(f"secrets.{name} is {quoted(arn)}; {_remedy(arn, here, region)}")
    return problems


def _is_missing(arn: str, region: str, opts: pulumi.InvokeOptions) -> bool:
    try:
        if service_of(arn) == "ssm":
            aws.ssm.get_parameter(name=arn, with_decryption=False, region=region, opts=opts)
        else:
            aws.secretsmanager.get_secret(arn=arn, region=region, opts=opts)
    except Exception as error:  # the SDK raises plain Exception for what the provider answers
        return bool(_MISSING.search(str(error)))
    return False


def _remedy(arn: str, here: str, region: str) -> str:
    if arn_in(arn, region) == arn:
        return f"there is none in {region}"
    if service_of(here) == "ssm":
        return f"there is none of that name in {region}, whose servers read their own region's"
    replicate = f"aws secretsmanager replicate-secret-to-regions --add-replica-regions Region={region}"
    return f"it has no replica in {region}, whose servers read their own region's: {replicate}"
