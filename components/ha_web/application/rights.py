"""What a server's role may do for its application: one release, its own secrets, its own log. No SDK here."""

from collections.abc import Sequence
from typing import Any

Statement = dict[str, Any]


def reading_release(bucket: str, key: str, partition: str) -> Statement:
    """Allow to read the releases in a bucket, of this or an earlier version: a server may start from either."""
    return _allowed(["s3:GetObject", "s3:GetObjectVersion"], f"arn:{partition}:s3:::{bucket}/{key}")


def pulling(repository_arn: str) -> list[Statement]:
    """Allow to pull the images of a repository. The sign-in can't be limited to one.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html
    """
    return [
        _allowed("ecr:GetAuthorizationToken", "*"),
        _allowed(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repository_arn),
    ]


def writing_log(group_arn: str) -> Statement:
    """Allow to write streams of a log group."""
    group = group_arn.removesuffix(":*")
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    return _allowed(actions, [group, f"{group}:*"])


def reading_secrets(arns: Sequence[str]) -> list[Statement]:
    """Allow to read these secrets and parameters, and to decrypt them and nothing else, whatever key they have.

    Both services tell KMS which secret they decrypt. A replica may be told by the ARN of the first one: any region.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (encryption context)
    https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    """
    whole = sorted({whole_arn(arn) for arn in arns})
    secrets = [arn for arn in whole if service_of(arn) == "secretsmanager"]
    parameters = [arn for arn in whole if service_of(arn) == "ssm"]
    return [
        *([_allowed("secretsmanager:GetSecretValue", secrets)] if secrets else []),
        *([_allowed("ssm:GetParameter", parameters)] if parameters else []),
        *_decrypting("SecretARN", secrets),
        *_decrypting("PARAMETER_ARN", parameters),
    ]


def _decrypting(context: str, arns: list[str]) -> list[Statement]:
    if not arns:
        return []
    keys = sorted({":".join([*_with(arn, 2, "kms").split(":")[:5], "key/*"]) for arn in arns})
    told = {"StringLike": {f"kms:EncryptionContext:{context}": [_with(arn, 3, "*") for arn in arns]}}
    return [{**_allowed("kms:Decrypt", keys), "Condition": told}]


def _with(arn: str, place: int, value: str) -> str:
    parts = arn.split(":")
    return ":".join((*parts[:place], value, *parts[place + 1 :]))


def service_of(arn: str) -> str:
    """Return the service of an ARN."""
    return arn.split(":")[2]


def whole_arn(arn: str) -> str:
    """Return a secret's ARN without what names one key of it: `:key::`."""
    return ":".join(arn.split(":")[:7]) if service_of(arn) == "secretsmanager" else arn


def _allowed(actions: str | list[str], resources: str | list[str]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}
