"""A policy is exactly the calls, in IAM's names."""

import pytest

from ops.core.policy import Call, actions_of, document


@pytest.mark.parametrize(
    ("call", "actions"),
    [
        (Call("elbv2", "describe_target_health"), ("elasticloadbalancing:DescribeTargetHealth",)),
        (Call("rds", "describe_db_clusters"), ("rds:DescribeDBClusters",)),
        (Call("efs", "describe_replication_configurations"), ("elasticfilesystem:DescribeReplicationConfigurations",)),
        (Call("lambda", "invoke"), ("lambda:InvokeFunction",)),
        (Call("s3", "delete_object"), ("s3:DeleteObject", "s3:DeleteObjectVersion")),
        (Call("sns", "publish"), ("sns:Publish", "kms:Decrypt", "kms:GenerateDataKey")),
        (Call("s3", "head_object"), ("s3:GetObject", "s3:ListBucket")),
    ],
)
def test_a_call_has_the_action_that_allows_it(call: Call, actions: tuple[str, ...]) -> None:
    assert actions_of(call) == actions


def test_a_document_names_each_action_once() -> None:
    calls = [Call("sns", "get_topic_attributes"), Call("sns", "get_topic_attributes"), Call("acm", "list_certificates")]
    [statement] = document("Look", calls)["Statement"]
    assert statement["Action"] == ["acm:ListCertificates", "sns:GetTopicAttributes"]
