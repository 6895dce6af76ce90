"""The switch that sends users to the standby: an object in a bucket, moved by one request in the standby's region."""

import json
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.private_bucket import guard_bucket
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_SWITCH
from ha_web.failover.rights import switch_policy
from ha_web.failover.runtime.config import SWITCH_KEY

INTERVAL = 10
"""Seconds between two requests of one checker: Route 53's fast interval."""

FAILURES = 1
"""One answer is enough: the object exists or it doesn't, and more than 18% of the checkers must agree that it does.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""

PREFIX_LISTS = ("com.amazonaws.{region}.route53-healthchecks", "com.amazonaws.{region}.ipv6.route53-healthchecks")
"""https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html"""


class FailoverSwitchArgs(TypedDict):
    """The region and tags of the switch."""

    region: str
    """AWS Region of the standby, not the primary: the switch must work while the primary's doesn't."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class FailoverSwitch(pulumi.ComponentResource):
    """A private bucket in the standby region, and a health check that fails while the object `standby-serves` is in it.

    This is AWS's pattern "standby takes over primary". The check is inverted: if the object exists (status 200), it is
    unhealthy, and records that depend on it lead to the standby. If the object is absent (403), or S3 is down in the
    standby region, it is healthy, and users stay where they are. It is a latch: only deleting the object moves it back.

    Moving it is one PutObject or DeleteObject in the standby region. It needs no control plane, and nothing in
    us-east-1 or the primary region. Clients follow within 10 s of checks and the 60 s of the alias records' TTL.

    The bucket is versioned, so that it shows when the switch was moved. It holds nothing else, so deleting the stack
    deletes it with its object.

    Errors (ConfigurationError, at preview): unknown or missing keys.
    """

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""
    bucket_arn: pulumi.Output[str]
    """ARN of the bucket."""
    object_key: pulumi.Output[str]
    """Key of the object, `standby-serves`."""
    health_check_id: pulumi.Output[str]
    """Id of the health check that fails while users are sent to the standby."""

    def __init__(self, name: str, args: FailoverSwitchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = Problems(f'FailoverSwitch "{name}"').checked(args, FailoverSwitchArgs)
        super().__init__("ha-web:index:FailoverSwitch", name, None, opts)
        self._scope = Scope(name, self, args["region"], args.get("tags", {}))

        bucket = self._create_bucket()
        check = self._create_check(bucket)
        self.bucket_name, self.bucket_arn = bucket.bucket, bucket.arn
        self.object_key = pulumi.Output.from_input(SWITCH_KEY)
        self.health_check_id = check.id
        self.register_outputs({key: getattr(self, key) for key in FailoverSwitch.__annotations__})

    def _create_bucket(self) -> aws.s3.Bucket:
        scope, name = self._scope, self._scope.name
        bucket = aws.s3.Bucket(
            f"{name}-switch", force_destroy=True, **scope.regional_args("switch", no_backup=NO_BACKUP_SWITCH)
        )
        guards = guard_bucket(scope, bucket, "switch")
        aws.s3.BucketPolicy(
            f"{name}-switch-policy",
            bucket=bucket.id,
            policy=pulumi.Output.all(bucket.arn, *self._checkers()).apply(
                lambda known: json.dumps(
                    switch_policy(known[0], SWITCH_KEY, [cidr for part in known[1:] for cidr in part])
                )
            ),
            **scope.untagged_args(depends_on=[guards.closed]),  # S3 refuses both at once
        )
        return bucket

    def _checkers(self) -> list[pulumi.Output[list[str]]]:
        """Return the address ranges of Route 53's health checkers, from AWS's managed prefix lists."""
        region = self._scope.region
        found = [
            aws.ec2.get_managed_prefix_list_output(
                name=name.format(region=region), region=region, opts=self._scope.invoke_opts()
            )
            for name in PREFIX_LISTS
        ]
        return [each.entries.apply(lambda entries: [entry.cidr for entry in entries]) for each in found]

    def _create_check(self, bucket: aws.s3.Bucket) -> aws.route53.HealthCheck:
        return aws.route53.HealthCheck(
            f"{self._scope.name}-switch",
            type="HTTPS",
            fqdn=bucket.bucket_regional_domain_name,
            port=443,
            resource_path=f"/{SWITCH_KEY}",
            enable_sni=True,
            invert_healthcheck=True,
            request_interval=INTERVAL,
            failure_threshold=FAILURES,
            **self._scope.global_args("switch"),
        )
