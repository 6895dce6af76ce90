"""The emulated account as AWS would show it: boto3 clients and the few questions that the summary and tests ask."""

import functools
from collections import Counter
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from rehearsal.emulator.process import Emulator


@dataclass(frozen=True)
class Account:
    """The account that an emulated AWS answers for."""

    emulator: Emulator

    @functools.cache  # noqa: B019 (one account lives as long as the command)
    def client(self, service: str, region: str) -> Any:
        """A boto3 client for a service in a region; it can reach nothing but the emulated AWS."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.emulator.endpoint,
            aws_access_key_id=self.emulator.key,
            aws_secret_access_key="rehearsal",
            config=Config(retries={"max_attempts": 1}, proxies={}, s3={"addressing_style": "path"}),
        )

    def servers_by_zone(self, region: str, target_group_arn: str) -> dict[str, Counter[str]]:
        """Count the targets of each zone in each state of health, such as `{"eu-west-1a": {"healthy": 2}}`."""
        answer = self.client("elbv2", region).describe_target_health(TargetGroupArn=target_group_arn)
        health = {t["Target"]["Id"]: t["TargetHealth"]["State"] for t in answer["TargetHealthDescriptions"]}
        if not health:
            return {}
        found = self.client("ec2", region).describe_instances(InstanceIds=list(health))
        zones: dict[str, Counter[str]] = {}
        for reservation in found["Reservations"]:
            for server in reservation["Instances"]:
                zone = server["Placement"]["AvailabilityZone"]
                zones.setdefault(zone, Counter())[health[server["InstanceId"]]] += 1
        return dict(sorted(zones.items()))

    def session_zones(self, region: str, store_id: str) -> list[str]:
        """The zone of each node of a session store, a replication group or a MemoryDB cluster."""
        client = self.client("elasticache", region)
        try:
            [group] = client.describe_replication_groups(ReplicationGroupId=store_id)["ReplicationGroups"]
        except client.exceptions.ReplicationGroupNotFoundFault:
            return self._durable_session_zones(region, store_id)
        members = group["NodeGroups"][0]["NodeGroupMembers"]
        return sorted(member["PreferredAvailabilityZone"] for member in members)

    def _durable_session_zones(self, region: str, cluster_name: str) -> list[str]:
        client = self.client("memorydb", region)
        [cluster] = client.describe_clusters(ClusterName=cluster_name, ShowShardDetails=True)["Clusters"]
        return sorted(node["AvailabilityZone"] for node in cluster["Shards"][0]["Nodes"])

    def records(self, region: str, zone_id: str, name: str) -> list[dict[str, Any]]:
        """The record sets of one name."""
        answer = self.client("route53", region).list_resource_record_sets(HostedZoneId=zone_id)
        sets: list[dict[str, Any]] = answer["ResourceRecordSets"]
        return [record for record in sets if record["Name"].rstrip(".") == name]

    def unconfirmed(self, region: str, topic_arn: str) -> list[str]:
        """The addresses that get nothing from a topic, as nobody has confirmed that they want to."""
        pages = self.client("sns", region).get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
        found = [each for page in pages for each in page["Subscriptions"]]
        return sorted(each["Endpoint"] for each in found if each["SubscriptionArn"] == "PendingConfirmation")
