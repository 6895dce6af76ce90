"""The session store: a Valkey replication group with its key, user and secret."""

from dataclasses import dataclass

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

NODES = 3
PORT = 6379


@dataclass(frozen=True)
class Store:
    """What the fleet and the alarms need of the session store."""

    group: elasticache.CfnReplicationGroup
    secret: secretsmanager.Secret
    clients: ec2.SecurityGroup


def create(stack: cdk.Stack, vpc: ec2.Vpc) -> Store:
    """The session store of one region."""
    key = kms.Key(stack, "SessionKey", enable_key_rotation=True)
    clients = ec2.SecurityGroup(stack, "SessionClients", vpc=vpc, allow_all_outbound=False)
    nodes = ec2.SecurityGroup(stack, "SessionNodes", vpc=vpc, allow_all_outbound=False)
    nodes.add_ingress_rule(clients, ec2.Port.tcp(PORT))
    clients.add_egress_rule(nodes, ec2.Port.tcp(PORT))
    secret = secretsmanager.Secret(
        stack,
        "SessionSecret",
        encryption_key=key,
        generate_secret_string=secretsmanager.SecretStringGenerator(
            secret_string_template='{"username": "sessions"}', generate_string_key="password", exclude_punctuation=True
        ),
    )
    password = secret.secret_value_from_json("password").unsafe_unwrap()
    user = elasticache.CfnUser(
        stack,
        "SessionUser",
        engine="valkey",
        user_id=f"sessions-{stack.region}",
        user_name="sessions",
        access_string="on ~* -@all +@connection +@read +@write +@transaction +wait -@admin -@dangerous",
        authentication_mode={"Type": "password", "Passwords": [password]},
    )
    users = elasticache.CfnUserGroup(
        stack, "SessionUsers", engine="valkey", user_group_id=f"sessions-{stack.region}", user_ids=[user.ref]
    )
    subnets = elasticache.CfnSubnetGroup(
        stack,
        "SessionSubnets",
        description="Session store",
        subnet_ids=vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
    )
    parameters = elasticache.CfnParameterGroup(
        stack,
        "SessionParameters",
        description="Session store",
        cache_parameter_group_family="valkey8",
        properties={"maxmemory-policy": "volatile-lru", "tcp-keepalive": "60"},
    )
    group = elasticache.CfnReplicationGroup(
        stack,
        "Sessions",
        replication_group_description="Sessions",
        engine="valkey",
        engine_version="8.2",
        cache_node_type="cache.m7g.large",
        num_cache_clusters=NODES,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        kms_key_id=key.key_arn,
        port=PORT,
        cache_parameter_group_name=parameters.ref,
        cache_subnet_group_name=subnets.ref,
        security_group_ids=[nodes.security_group_id],
        user_group_ids=[users.ref],
        snapshot_retention_limit=7,
        snapshot_window="03:00-04:00",
        preferred_maintenance_window="sun:04:30-sun:05:30",
    )
    cdk.Tags.of(group).add("ha-web:backup", "true")
    return Store(group, secret, clients)
