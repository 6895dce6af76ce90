"""The tags of what experiments break."""

from typing import Any

import pulumi
import pulumi_aws as aws
from ha_web.game_day.marks import mark_for_experiments

from tests.components.made import make


def test_what_experiments_break_is_tagged_and_keeps_its_tags() -> None:
    def build() -> dict[str, Any]:
        opts = pulumi.ResourceOptions(transformations=[mark_for_experiments("ha-web-prod")])
        aws.ec2.Subnet("subnet", vpc_id="vpc-1", tags={"a": "b"}, opts=opts)
        aws.rds.Cluster("database", engine="aurora-postgresql", opts=opts)
        aws.elasticache.ReplicationGroup("sessions", description="sessions", tags={}, opts=opts)
        server: Any = [{"key": "a", "value": "b", "propagate_at_launch": True}]
        aws.autoscaling.Group("group", max_size=1, min_size=1, tags=server, opts=opts)
        aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"a": "b"}, opts=opts)
        return {}

    made = make(build)
    own = {"ha-web:game-day": "ha-web-prod"}
    assert made.named("subnet")["tags"] == {"a": "b", "AzImpairmentPower": "DisruptSubnet", **own}
    assert made.named("database")["tags"] == {"AzImpairmentPower": "DisruptRds", **own}
    assert made.named("sessions")["tags"] == {"AzImpairmentPower": "ElasticacheImpact", **own}
    tags = made.named("group")["tags"]
    assert {each["key"]: each["value"] for each in tags} == {"a": "b", "AzImpairmentPower": "IceAsg", **own}
    assert all(each["propagateAtLaunch"] for each in tags)
    assert made.named("vpc")["tags"] == {"a": "b"}
