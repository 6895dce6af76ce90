"""A user name and a generated password in Secrets Manager, replicated to the regions that will need them."""

import json

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope

PASSWORD_LENGTH = 40
"""Letters and digits need no quoting anywhere. ElastiCache and MemoryDB take 16 to 128 characters; for Aurora the API's
page says 8 to 41, the guide more.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""


def create_credentials(
    scope: Scope, description: str, user_name: str, key_arn: pulumi.Input[str], replicas: dict[str, pulumi.Input[str]]
) -> tuple[aws.secretsmanager.SecretVersion, pulumi.Output[str]]:
    """Create the secret `{"username": ..., "password": ...}`; return its version, and the password read from it.

    Rotation of the secret must stay off where it has replicas: a rotation changes the user in the secret's region only,
    and a session store in another region would refuse the new password after a failover. When AWS has deleted the first
    version, after rotations, a refresh drops it from the state, and the next update sets a new password everywhere.

    AWS generates another random password at every run. The version ignores all but the first, and the password is
    read from the version instead of the generator, so that the two can't differ. Every value in between is a Pulumi
    secret, so that the state holds it only encrypted.

    Args:
        replicas: ARNs of KMS keys by region; each region gets a replica of the secret, encrypted with its key.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """
    secret = aws.secretsmanager.Secret(
        f"{scope.name}-secret",
        description=description,
        kms_key_id=key_arn,
        replicas=[{"region": region, "kms_key_id": key} for region, key in sorted(replicas.items())] or None,
        **scope.regional_args("secret"),
    )
    drawn = aws.secretsmanager.get_random_password_output(
        password_length=PASSWORD_LENGTH,
        exclude_punctuation=True,
        region=scope.region,
        opts=scope.invoke_opts(),
    )
    first: pulumi.Output[str] = pulumi.Output.secret(drawn.apply(lambda result: result.random_password))
    version = aws.secretsmanager.SecretVersion(
        f"{scope.name}-password",
        secret_id=secret.id,
        secret_string=first.apply(lambda password: json.dumps({"username": user_name, "password": password})),
        **scope.untagged_args(ignore_changes=["secret_string"], additional_secret_outputs=["secret_string"]),
    )
    return version, pulumi.Output.secret(version.secret_string.apply(_password))


def replica_arn(secret_arn: str, region: str) -> str:
    """Return the ARN of a secret's replica in a region: the primary's, with the other region in it.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """
    parts = secret_arn.split(":")
    return ":".join((*parts[:3], region, *parts[4:]))


def _password(secret_string: str | None) -> str:
    return str(json.loads(secret_string or "{}")["password"])
