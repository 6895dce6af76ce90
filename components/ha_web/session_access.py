"""Who reaches a session store: security groups for the network, a user with a generated password for the engine."""

import pulumi
from pulumi_aws import elasticache

from ha_web.client_access import Pair
from ha_web.scope import Scope
from ha_web.session_rules import ACCESS_STRING, elasticache_id

PORT = 6379
USER_NAME = "sessions"
ACCESS = Pair(
    inner="nodes",
    clients="clients",
    inward="nodes-from-clients",
    outward="clients-to-nodes",
    what="Session store nodes",
    name="the session store",
    traffic="Sessions",
)
"""Who reaches the store by the network."""


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
