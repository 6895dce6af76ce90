"""What AWS's Region switch may do for a plan. No Pulumi here.

https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch.html
"""

from collections.abc import Sequence
from typing import Any

from ha_web.policy_documents import Document, document


def plan_rights(
    functions: Sequence[str], groups: Sequence[str], global_cluster: str, clusters: Sequence[str]
) -> Document:
    """Invoke these functions, raise these groups, move this database. Arguments are ARNs."""
    statements = [
        _allow("InvokeFunctions", ["lambda:InvokeFunction", "lambda:GetFunction"], list(functions)),
        _allow("RaiseCapacity", ["autoscaling:UpdateAutoScalingGroup"], list(groups)),
        _allow(  # AWS has no resources for these
            "SeeCapacity", ["autoscaling:DescribeAutoScalingGroups", "cloudwatch:GetMetricStatistics"], "*"
        ),
    ]
    if global_cluster:
        moved = ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"]
        statements += [
            _allow("MoveDatabase", moved, [global_cluster, *clusters]),
            _allow("SeeDatabase", ["rds:DescribeGlobalClusters", "rds:DescribeDBClusters"], "*"),
        ]
    return document(*statements)


def _allow(sid: str, actions: Sequence[str], resources: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}
