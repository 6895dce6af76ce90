"""Tags: a resource's own and its provider's defaults, the tag that opts out of backups, and the types with tags."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from resilience.known import is_known
from resilience.resource import Resource

OPTS_OUT = re.compile(r"(no|none|false|never|off|skip)\b", re.IGNORECASE)
"""The beginning of a value by which a tag opts out of backups."""

KINDS = {
    "acm": ("certificate:Certificate",),
    "alb": ("loadBalancer:LoadBalancer", "targetGroup:TargetGroup"),
    "apigatewayv2": ("api:Api",),
    "autoscaling": ("group:Group",),
    "backup": ("plan:Plan", "vault:Vault", "logicallyAirGappedVault:LogicallyAirGappedVault"),
    "cloudfront": ("distribution:Distribution",),
    "cloudtrail": ("trail:Trail",),
    "cloudwatch": ("compositeAlarm:CompositeAlarm", "logGroup:LogGroup", "metricAlarm:MetricAlarm"),
    "docdb": ("cluster:Cluster", "clusterInstance:ClusterInstance"),
    "dynamodb": ("table:Table",),
    "ebs": ("volume:Volume",),
    "ec2": (
        *("eip:Eip", "flowLog:FlowLog", "instance:Instance", "internetGateway:InternetGateway"),
        *("launchTemplate:LaunchTemplate", "natGateway:NatGateway", "networkInterface:NetworkInterface"),
        *("routeTable:RouteTable", "securityGroup:SecurityGroup", "subnet:Subnet", "vpc:Vpc"),
        "vpcEndpoint:VpcEndpoint",
    ),
    "ecr": ("repository:Repository",),
    "ecs": ("cluster:Cluster", "service:Service", "taskDefinition:TaskDefinition"),
    "efs": ("accessPoint:AccessPoint", "fileSystem:FileSystem"),
    "eks": ("cluster:Cluster", "nodeGroup:NodeGroup"),
    "elasticache": ("cluster:Cluster", "replicationGroup:ReplicationGroup", "serverlessCache:ServerlessCache"),
    "elb": ("loadBalancer:LoadBalancer",),
    "iam": ("policy:Policy", "role:Role", "user:User"),
    "kinesis": ("firehoseDeliveryStream:FirehoseDeliveryStream", "stream:Stream"),
    "kms": ("key:Key", "replicaKey:ReplicaKey"),
    "lambda": ("function:Function",),
    "lb": ("loadBalancer:LoadBalancer", "targetGroup:TargetGroup"),
    "memorydb": ("cluster:Cluster",),
    "msk": ("cluster:Cluster",),
    "neptune": ("cluster:Cluster", "clusterInstance:ClusterInstance"),
    "opensearch": ("domain:Domain",),
    "rds": ("cluster:Cluster", "clusterInstance:ClusterInstance", "instance:Instance", "proxy:Proxy"),
    "route53": ("healthCheck:HealthCheck", "zone:Zone"),
    "s3": ("bucket:Bucket", "bucketV2:BucketV2"),
    "secretsmanager": ("secret:Secret",),
    "sfn": ("stateMachine:StateMachine",),
    "sns": ("topic:Topic",),
    "sqs": ("queue:Queue",),
    "ssm": ("parameter:Parameter",),
    "wafv2": ("webAcl:WebAcl",),
}
TAGGABLE = tuple(f"aws:{service}/{kind}" for service, kinds in KINDS.items() for kind in kinds)
"""Types that take tags, and on which a team may want some."""


def default_tags(provider: Mapping[str, Any]) -> Mapping[str, Any]:
    """The default tags of a provider.

    Its properties come as JSON, unless the program makes that provider itself.
    """
    found = provider.get("defaultTags") or {}
    settings: Mapping[str, Any] = json.loads(found) if isinstance(found, str) else found
    return settings.get("tags") or {}


def tags_of(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """A resource's own tags, its provider's default tags, and both together where they are known.

    Raises:
        UnknownValueError: its tags are not known yet.
    """
    yield resource.get("tags") or {}
    yield default_tags(resource.provider)
    if is_known(resource, "tagsAll"):
        yield resource.get("tagsAll")


def needs_no_backup(tags: Mapping[str, Any]) -> bool:
    """Return whether a tag opts out of backups: its key ends in `backup`, its value begins with no, none, false ...

    Such as `backup: false`, or `example:Backup: "no: logs"`.
    """
    return any(key.lower().endswith("backup") and bool(OPTS_OUT.match(str(tags[key]))) for key in tags)
