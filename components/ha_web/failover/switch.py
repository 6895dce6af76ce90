"""The switch that sends users to the standby: an object in a bucket, moved by one request in the standby's region."""

import json
import re
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.private_bucket import UPLOADED, Guards, guard_bucket
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_SWITCH
from ha_web.failover.rights import switch_policy
from ha_web.failover.runtime.config import CANARY_KEY, SWITCH_KEY

INTERVAL = 10
"""Seconds between two requests of one checker: Route 53's fast interval. A constant, as another interval replaces the
check, and a new inverted check is unhealthy until Route 53 has data: users would be at the standby meanwhile."""

FAILURES = 1
"""One answer is enough: the object exists or it doesn't, and more than 18% of the checkers must agree that it does.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""

CANARY_INTERVAL = 10
CANARY_FAILURES = 3
"""As the checks of the regions: a switch that can't be read is noticed within 50 s."""

FUNCTIONS_ROLES = ("failover-role-*", "plan-switch-role-*")
"""Names of the IAM roles with which FailoverAutomation and RegionSwitchPlan of the same name move the switch."""

PREFIX_LISTS = ("com.amazonaws.{region}.route53-healthchecks", "com.amazonaws.{region}.ipv6.route53-healthchecks")
"""https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html"""


class FailoverSwitchArgs(TypedDict):
    """The region and tags of the switch, and who may move it."""

    region: str
    """AWS Region of the standby, not the primary: the switch must work while the primary's doesn't."""
    movers: NotRequired[list[str]]
    """ARNs of the IAM roles, with * for any text, that alone may move the switch, besides the functions of the
    FailoverAutomation and the RegionSwitchPlan of the same name. The role that deletes the stack must be among them.
    Default: whoever may write to the account's buckets."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class FailoverSwitch(pulumi.ComponentResource):
    """A private bucket in the standby region, and a health check that fails while the object `standby-serves` is in it.

    This is AWS's pattern "standby takes over primary". The check is inverted: if the object exists (status 200), it is
    unhealthy, and records that depend on it lead to the standby. If the object is absent (403), or S3 is down in the
    standby region, it is healthy, and users stay where they are. It is a latch: only deleting the object moves it back.

    Moving it is one PutObject or DeleteObject in the standby region. It needs no control plane, and nothing in
    us-east-1 or the primary region. Clients follow within 10 s of checks and the 60 s of the alias records' TTL.

    A second check, on an object that is always there, shows whether Route 53 can read the bucket at all: a switch that
    can't be read looks like one that has not been moved. `FailoverDns` makes alarms of both.

    The bucket is versioned, so that it shows when the switch was moved. Besides, it holds the notes of the failover
    function, so deleting the stack deletes it with its objects.

    Errors (ConfigurationError, at preview): unknown or missing keys; a mover that is no ARN of a role.
    """

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""
    bucket_arn: pulumi.Output[str]
    """ARN of the bucket."""
    object_key: pulumi.Output[str]
    """Key of the object, `standby-serves`."""
    health_check_id: pulumi.Output[str]
    """Id of the health check that fails while users are sent to the standby."""
    canary_health_check_id: pulumi.Output[str]
    """Id of the health check that fails while Route 53 can't read the bucket."""

    def __init__(self, name: str, args: FailoverSwitchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:FailoverSwitch", name, None, opts)
        self._scope = Scope(name, self, args["region"], args.get("tags", {}))

        bucket = self._create_bucket(args.get("movers", []))
        check, canary = self._create_check(bucket), self._create_canary_check(bucket)
        self.bucket_name, self.bucket_arn = bucket.bucket, bucket.arn
        self.object_key = pulumi.Output.from_input(SWITCH_KEY)
        self.health_check_id, self.canary_health_check_id = check.id, canary.id
        self.register_outputs({key: getattr(self, key) for key in FailoverSwitch.__annotations__})

    def _create_bucket(self, movers: list[str]) -> aws.s3.Bucket:
        scope, name = self._scope, self._scope.name
        bucket = aws.s3.Bucket(
            f"{name}-switch", force_destroy=True, **scope.regional_args("switch", no_backup=NO_BACKUP_SWITCH)
        )
        guards = guard_bucket(scope, bucket, "switch")
        aws.s3.BucketPolicy(
            f"{name}-switch-policy",
            bucket=bucket.id,
            policy=pulumi.Output.all(bucket.arn, self._movers(movers), *self._checkers()).apply(
                lambda known: json.dumps(
                    switch_policy(known[0], [cidr for part in known[2:] for cidr in part], known[1])
                )
            ),
            **scope.untagged_args(depends_on=[guards.closed]),  # S3 refuses both at once
        )
        self._create_canary(bucket, guards)
        return bucket

    def _create_canary(self, bucket: aws.s3.Bucket, guards: Guards) -> None:
        aws.s3.BucketObject(
            f"{self._scope.name}-switch-canary",
            bucket=bucket.bucket,
            key=CANARY_KEY,
            content="Route 53 reads this all the time. It says nothing about where users go.\n",
            content_type="text/plain",
            acl=UPLOADED,
            **self._scope.untagged_args(depends_on=guards.all),
        )

    def _movers(self, given: list[str]) -> pulumi.Output[list[str]]:
        """Return the roles that alone may move the switch: none without given ones."""
        if not given:
            return pulumi.Output.from_input([])
        account = aws.get_caller_identity_output(opts=self._scope.invoke_opts()).account_id
        name, partition = self._scope.name, partition_of(self._scope.region)
        roles = [
            pulumi.Output.format("arn:{0}:iam::{1}:role/{2}{3}-{4}", partition, account, path, name, role)
            for role in FUNCTIONS_ROLES
            for path in ("", "*/")  # whatever path the roles have
        ]
        return pulumi.Output.all(*roles, *given).apply(lambda known: [str(arn) for arn in known])

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

    def _create_canary_check(self, bucket: aws.s3.Bucket) -> aws.route53.HealthCheck:
        return aws.route53.HealthCheck(
            f"{self._scope.name}-switch-canary",
            type="HTTPS",
            fqdn=bucket.bucket_regional_domain_name,
            port=443,
            resource_path=f"/{CANARY_KEY}",
            enable_sni=True,
            request_interval=CANARY_INTERVAL,
            failure_threshold=CANARY_FAILURES,
            **self._scope.global_args("switch-canary"),
        )


def _checked(name: str, args: FailoverSwitchArgs) -> FailoverSwitchArgs:
    problems = Problems(f'FailoverSwitch "{name}"')
    args = problems.checked(args, FailoverSwitchArgs)
    problems.add(*(f"movers {line}" for line in mover_problems(args.get("movers", []))))
    problems.raise_if_any()
    return args


def mover_problems(movers: Sequence[str]) -> list[str]:
    """Return the rest of a sentence for each text that is no ARN of an IAM role."""
    return [
        f'has "{arn}"; write an IAM role\'s ARN, such as arn:aws:iam::123456789012:role/operators'
        for arn in movers
        if not re.fullmatch(r"arn:aws[a-z-]*:iam::(\d{12}|\*):role/\S+", arn)
    ]
