"""A reading asks what it has declared, and nothing else."""

import pytest

from ops.core.policy import Call
from ops.status.reading import Ask, Reading, calls


def test_calls_are_named_as_boto3_names_them() -> None:
    assert calls(service_quotas="get_service_quota", rds="describe_db_clusters describe_db_instances") == (
        Call("service-quotas", "get_service_quota"),
        Call("rds", "describe_db_clusters"),
        Call("rds", "describe_db_instances"),
    )


def test_a_call_that_was_not_declared_is_refused_before_it_is_made() -> None:
    with pytest.raises(LookupError, match="rds delete_db_cluster is not among the calls"):
        Ask({"rds": None}, calls(rds="describe_db_clusters"))("rds", "delete_db_cluster")


def test_each_service_needs_one_client() -> None:
    assert Reading("x", calls(rds="a b", efs="c"), lambda *_: None).services == ("rds", "efs")
