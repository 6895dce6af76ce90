"""Resources of MultiRegionSessions, and arguments that it refuses as MemoryDB does."""

from typing import Any, cast

import pytest
from ha_web import ConfigurationError, MultiRegionSessions, MultiRegionSessionsArgs

from tests.components.made import Made, make

TYPE = "aws:memorydb/multiRegionCluster:MultiRegionCluster"
OUTPUTS = {TYPE: {"multiRegionClusterName": "virxk-test-test-sessions"}}


def joined(**args: Any) -> Made[MultiRegionSessions]:
    wanted = cast(MultiRegionSessionsArgs, {"regions": ["eu-west-1", "eu-central-1"], **args})
    return make(lambda: MultiRegionSessions("sessions", wanted), outputs=OUTPUTS)


def refusal(**args: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        joined(**args)
    return str(refused.value)


def test_it_is_encrypted_valkey_with_one_shard_of_the_smallest_type_there_is() -> None:
    cluster = joined().one(TYPE)
    assert (cluster["engine"], cluster["engineVersion"], cluster["numShards"]) == ("valkey", "7.3", 1)
    assert (cluster["nodeType"], cluster["tlsEnabled"]) == ("db.r7g.xlarge", True)


def test_memorydb_is_asked_in_the_primarys_region() -> None:
    assert joined().one(TYPE)["region"] == "eu-west-1"


def test_two_stacks_of_an_account_do_not_collide() -> None:
    assert joined().one(TYPE)["multiRegionClusterNameSuffix"] == "test-test-sessions"


def test_a_second_region_changes_nothing_that_stands() -> None:
    assert joined(regions=["eu-west-1"]).one(TYPE).inputs == joined().one(TYPE).inputs


def test_neither_an_engine_that_aws_upgraded_nor_a_new_node_type_replaces_all_regions() -> None:
    assert joined().one(TYPE).options["ignore_changes"] == ["engineVersion", "nodeType"]


def test_stores_get_the_name_with_awss_prefix_and_the_node_type() -> None:
    made = joined(node_type="db.r7g.2xlarge")
    assert made.outputs["multi_region_cluster_name"] == "virxk-test-test-sessions"
    assert made.outputs["node_type"] == "db.r7g.2xlarge"
    [registered] = [v for urn, v in made.registered.items() if urn.endswith("MultiRegionSessions::sessions")]
    assert set(registered) == set(MultiRegionSessions.__annotations__)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"node_type": "db.r7g.large"},
            'node_type is "db.r7g.large"; MemoryDB Multi-Region has db.r7g.xlarge, db.r7g.2xlarge, db.r7g.4xlarge, '
            "db.r7g.8xlarge, db.r7g.12xlarge, db.r7g.16xlarge",
        ),
        ({"regions": ["eu-west-1", "eu-west-1"]}, "regions has eu-west-1, eu-west-1; name each region once"),
        ({"regions": []}, "regions has 0; a multi-Region cluster has 1 to 5"),
        (
            {"regions": ["eu-west-1", "eu-north-1"]},
            "regions has eu-north-1; MemoryDB Multi-Region is in ap-northeast-1, ap-northeast-2, ap-south-1, "
            "ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-2, us-east-1, us-east-2, us-west-1, "
            "us-west-2",
        ),
    ],
)
def test_what_memorydb_refuses_is_refused_at_preview(args: dict[str, Any], message: str) -> None:
    assert refusal(**args) == f'MultiRegionSessions "sessions": {message}'
