"""Resources of a GlobalSessionStore."""

from typing import Any, cast

import pytest
from ha_web import ConfigurationError, GlobalSessionStore, GlobalSessionStoreArgs
from ha_web.sessions.elasticache_rules import global_datastore_problem

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup"


def joined(region: str | None = "eu-west-1", **args: Any) -> GlobalSessionStore:
    given = {"primary_replication_group_id": "primary-group", "region": region, **args}
    return GlobalSessionStore("sessions", cast(GlobalSessionStoreArgs, given))


def world(**args: Any) -> Made[GlobalSessionStore]:
    return make(lambda: joined(**args))


def test_it_is_made_of_a_store_that_stands_and_forgets_which_one_after() -> None:
    made = world(node_type="cache.m7g.large")
    group = made.one(GLOBAL)
    assert group["primaryReplicationGroupId"] == "primary-group"
    assert group["cacheNodeType"] == "cache.m7g.large"
    assert group.options["ignore_changes"] == ["primaryReplicationGroupId"]


def test_its_name_is_of_project_and_stack_so_that_two_stacks_do_not_meet() -> None:
    assert world().one(GLOBAL)["globalReplicationGroupIdSuffix"].endswith("-sessions")


def test_the_region_reaches_every_child() -> None:
    assert_region_reaches_everything(lambda region: joined(region))


@pytest.mark.parametrize(
    ("node_type", "fits"),
    [
        ("cache.m7g.large", True),
        ("cache.r6gd.4xlarge", True),
        ("cache.m5.large", True),
        ("cache.t4g.medium", False),
        ("cache.m7g.medium", False),
        ("cache.c7gn.large", True),
        ("cache.x9.large", False),
    ],
)
def test_a_node_type_can_be_in_a_global_datastore_or_not(node_type: str, fits: bool) -> None:
    assert (global_datastore_problem(node_type) is None) is fits
    if not fits:
        with pytest.raises(
            ConfigurationError, match=f'node_type is "{node_type}"; a global datastore needs size large'
        ):
            world(node_type=node_type)
