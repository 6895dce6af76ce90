"""Clusters as RDS's API describes them."""

from typing import Any

import pytest

from rehearsal.live.databases.model import cluster, globals_of
from tests.rehearsal.live.databases.scenes import ANSWERS, ARNS, HERE, THERE


def described(region: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    [answer] = ANSWERS[region, "describe_db_clusters"]["DBClusters"]
    return dict(answer), ANSWERS[region, "describe_db_instances"]["DBInstances"]


def test_the_writer_is_the_accounts_and_of_a_secondary_who_is_promoted_first() -> None:
    for region, head in ((HERE, f"{HERE}-1"), (THERE, f"{THERE}-1")):
        found = cluster(region, *described(region))
        assert found is not None
        assert (found.writer, found.database, found.user, found.port) == (head, "app", "web", 5432)
        assert [each.zone for each in found.instances] == [f"{region}a", f"{region}b"]


def test_a_cluster_without_instances_and_another_engine_are_left_alone() -> None:
    answer, instances = described(HERE)
    assert cluster(HERE, answer, []) is None
    assert cluster(HERE, answer | {"Engine": "aurora-mysql"}, instances) is None
    assert cluster(HERE, answer, [{**each, "Endpoint": {}} for each in instances]) is None


def test_a_global_database_names_its_writer() -> None:
    [found] = globals_of(ANSWERS[HERE, "describe_global_clusters"]["GlobalClusters"])
    assert (found.writer, found.members) == (ARNS[HERE], (ARNS[HERE], ARNS[THERE]))


@pytest.mark.parametrize("members", [[], [{"DBClusterArn": "arn", "IsWriter": False}]])
def test_a_global_database_without_a_writer_is_none_yet(members: list[dict[str, Any]]) -> None:
    assert globals_of([{"GlobalClusterIdentifier": "all", "GlobalClusterMembers": members}]) == []
