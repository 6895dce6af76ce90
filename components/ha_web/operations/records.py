"""A bucket in each region for operators: a copy of the stack's outputs, the lock and the journal of operations."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.private_bucket import Guards, allow_only_tls, expire, guard_bucket
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.tags import NO_BACKUP_LOGS

OUTPUTS_KEY = "outputs.json"
"""The object with the stack's outputs."""

JOURNAL_PREFIX = "journal/"
"""What the operations did, an object each."""

DEFAULT_JOURNAL_DAYS = 400
"""A year and a month, as the reports of BackupAudit: an auditor asks for the last year."""

OLD_DAYS = 90
"""Days that earlier outputs stay: what stood before a change that went wrong."""


class OperationsRecordsArgs(TypedDict):
    """The regions, and what operators are to find there."""

    regions: list[str]
    """AWS Regions that get a bucket, one or more: operations work with any one of them."""
    outputs: pulumi.Input[Mapping[str, Any]]
    """What operations need to know of the stack, without secrets: it is put into each bucket as JSON, with the names of
    all these buckets as `operations_buckets`."""
    journal_days: NotRequired[int]
    """Days that an entry of the journal is kept, at least 1. Default 400: a year and a month (our choice)."""
    tags: NotRequired[dict[str, str]]
    """Tags of the buckets."""


class OperationsRecords(pulumi.ComponentResource):
    """A private, encrypted, versioned bucket in each region with what the command `ha-web` needs and writes.

    The copy of the outputs is written by each `up`, so that operators can act while the state's backend or the region
    it is in doesn't answer. The command keeps its lock and its journal beside it.

    The buckets go with the stack, with all that is in them.

    Errors (ConfigurationError, at preview): no regions, or one twice; journal_days below 1.
    """

    bucket_names: dict[str, pulumi.Output[str]]
    """Names of the buckets by region."""

    def __init__(self, name: str, args: OperationsRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:OperationsRecords", name, None, opts)
        scope = Scope(name, self, args["regions"][0], args.get("tags", {}))
        days = args.get("journal_days", DEFAULT_JOURNAL_DAYS)
        made = {region: _bucket(replace(scope, region=region), days) for region in args["regions"]}
        self.bucket_names = {region: bucket.bucket for region, (bucket, _) in made.items()}
        # Who has only a copy needs them all: for the lock that others see, and for both journals.
        told = pulumi.Output.all(args["outputs"], self.bucket_names).apply(_with_buckets)
        text = pulumi.Output.json_dumps(told, indent=1, sort_keys=True)
        for region, (bucket, guards) in made.items():
            _copy(replace(scope, region=region), bucket, guards, text)
        self.register_outputs({"bucket_names": self.bucket_names})


def _with_buckets(both: list[Any]) -> dict[str, Any]:
    outputs, names = both
    return {**outputs, "operations_buckets": names}


def _role(scope: Scope) -> str:
    return f"{scope.region}-operations"


def _bucket(scope: Scope, days: int) -> tuple[aws.s3.Bucket, Guards]:
    role = _role(scope)
    bucket = aws.s3.Bucket(
        f"{scope.name}-{role}", force_destroy=True, **scope.regional_args(role, no_backup=NO_BACKUP_LOGS)
    )
    guards = guard_bucket(scope, bucket, role)
    allow_only_tls(scope, bucket, role, guards)
    expire(
        *(scope, bucket, role),
        days=days,
        old_version_days=OLD_DAYS,
        unfinished_upload_days=OLD_DAYS,
        after=guards.versions,
        prefix=JOURNAL_PREFIX,
    )
    return bucket, guards


def _copy(scope: Scope, bucket: aws.s3.Bucket, guards: Guards, text: pulumi.Output[str]) -> None:
    aws.s3.BucketObjectv2(
        f"{scope.name}-{_role(scope)}-outputs",
        bucket=bucket.bucket,
        key=OUTPUTS_KEY,
        content=text,
        content_type="application/json",
        **scope.untagged_args(depends_on=guards.all),
    )


def _checked(name: str, args: OperationsRecordsArgs) -> OperationsRecordsArgs:
    problems = Problems(f'OperationsRecords "{name}"')
    args = problems.checked(args, OperationsRecordsArgs)
    regions = args.get("regions", [])
    problems.add(*(["regions is empty; give one or more"] if not regions else []))
    problems.add(*(["regions names one twice"] if len(set(regions)) < len(regions) else []))
    if (days := args.get("journal_days", 1)) < 1:
        problems.add(f"journal_days is {days}; it must be at least 1")
    problems.raise_if_any()
    return args
