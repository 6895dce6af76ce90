"""Who reaches a session store: security groups for the network, a user with a generated password for the engine."""

import json

import pulumi
from pulumi_aws import ec2, elasticache, secretsmanager, vpc

from ha_web.scope import Scope
from ha_web.session_rules import ACCESS_STRING, elasticache_id

PORT = 6379
USER_NAME = "sessions"
PASSWORD_LENGTH = 64
"""ElastiCache takes 16 to 128 printable characters; letters and digits need no quoting anywhere.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""


def create_security_groups(scope: Scope, vpc_id: pulumi.Input[str]) -> tuple[ec2.SecurityGroup, ec2.SecurityGroup]:
    """The nodes' group and the clients' group; each knows only the other, and only the store's port."""
    nodes = _security_group(scope, "nodes", "Session store nodes", vpc_id)
    clients = _security_group(scope, "clients", "May reach the session store", vpc_id)
    vpc.SecurityGroupIngressRule(
        f"{scope.name}-nodes-from-clients",
        description="Sessions from clients",
        security_group_id=nodes.id,
        referenced_security_group_id=clients.id,
        ip_protocol="tcp",
        from_port=PORT,
        to_port=PORT,
        **scope.regional("nodes-from-clients"),
    )
    vpc.SecurityGroupEgressRule(
        f"{scope.name}-clients-to-nodes",
        description="Sessions to the store",
        security_group_id=clients.id,
        referenced_security_group_id=nodes.id,
        ip_protocol="tcp",
        from_port=PORT,
        to_port=PORT,
        **scope.regional("clients-to-nodes"),
    )
    return nodes, clients


def create_password(
    scope: Scope,
    key_arn: pulumi.Input[str],
    replicas: dict[str, pulumi.Input[str]],
    user_name: str = USER_NAME,
) -> tuple[secretsmanager.SecretVersion, pulumi.Output[str]]:
    """The secret's value, and the password read back out of it. `replicas`: region -> key there.

    AWS draws another random password at every run. The version ignores all but the first, and the user's password
    is what the version *has*, not what was drawn: the two can't disagree, whatever happens between. Every value on
    the way is a Pulumi secret, so that the state has it encrypted only.
    """
    secret = secretsmanager.Secret(
        f"{scope.name}-secret",
        description=f"User of the session store {scope.name}",
        kms_key_id=key_arn,
        replicas=[{"region": region, "kms_key_id": key} for region, key in sorted(replicas.items())] or None,
        **scope.regional("secret"),
    )
    drawn = secretsmanager.get_random_password_output(
        password_length=PASSWORD_LENGTH,
        exclude_punctuation=True,
        region=scope.region,
        opts=scope.asking(),
    )
    first: pulumi.Output[str] = pulumi.Output.secret(drawn.apply(lambda result: result.random_password))
    version = secretsmanager.SecretVersion(
        f"{scope.name}-password",
        secret_id=secret.id,
        secret_string=first.apply(lambda password: _secret_string(user_name, password)),
        **scope.untagged(ignore_changes=["secret_string"], additional_secret_outputs=["secret_string"]),
    )
    return version, pulumi.Output.secret(version.secret_string.apply(_password))


def create_user_group(scope: Scope, engine: str, password: pulumi.Output[str]) -> elasticache.UserGroup:
    """The one user. A Valkey group needs no user called `default`: without one, nobody enters unnamed.

    The caller names ElastiCache's users, in one namespace an account and region: hence project and stack in the ids.
    """
    own = (pulumi.get_project(), pulumi.get_stack(), scope.name)
    user = elasticache.User(
        f"{scope.name}-user",
        user_id=elasticache_id(*own, "user"),
        user_name=USER_NAME,
        engine=engine,
        access_string=ACCESS_STRING,
        authentication_mode={"type": "password", "passwords": [password]},
        **scope.regional("user"),
    )
    return elasticache.UserGroup(
        f"{scope.name}-users",
        user_group_id=elasticache_id(*own, "users"),
        engine=engine,
        user_ids=[user.user_id],
        **scope.regional("users"),
    )


def _security_group(scope: Scope, role: str, description: str, vpc_id: pulumi.Input[str]) -> ec2.SecurityGroup:
    return ec2.SecurityGroup(
        f"{scope.name}-{role}",
        description=description,
        vpc_id=vpc_id,
        **scope.regional(role),
    )


def _secret_string(user_name: str, password: str) -> str:
    return json.dumps({"username": user_name, "password": password})


def _password(secret_string: str | None) -> str:
    return str(json.loads(secret_string or "{}")["password"])
