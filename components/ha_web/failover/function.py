"""A Lambda function with the code of `runtime/`, its role and its log."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from ha_web.core.notifications import create_topic
from ha_web.core.policy_documents import trusting
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.failover.args import FailoverTargetsArgs, FailoverTopicRefArgs
from ha_web.failover.rights import function_rights, log_rights
from ha_web.failover.runtime.config import VARIABLE
from ha_web.failover.targets import configuration, stores

CODE = Path(__file__).parent / "runtime"
PACKAGE = "failover"
"""Name of the folder in the archive, with which the handler's name starts."""

RUNTIME = "python3.13"
TIMEOUT_SECONDS = 600
"""Longer than the promotions that it waits for; if a run is cut off, the next one continues."""

MEMORY_MB = 256
"""Mostly for the CPU that comes with it: importing boto3 takes many seconds with 128 MB. Two runs watch at any time."""


def code_archive() -> pulumi.AssetArchive:
    """Return the folder's modules as texts: the state has no path of a machine, and the same code shows no change."""
    files = sorted(CODE.glob("*.py"))
    return pulumi.AssetArchive({f"{PACKAGE}/{file.name}": pulumi.StringAsset(file.read_text()) for file in files})


def topic_of(scope: Scope, role: str, args: FailoverTargetsArgs) -> FailoverTopicRefArgs:
    """Return the topic that is given, or a new one for alarms and the function."""
    if "topic" in args:
        return args["topic"]
    topic = create_topic(scope, role, publishers=["cloudwatch.amazonaws.com"], notify=args.get("notify", []))
    return {"arn": topic.arn, "key_arn": topic.kms_master_key_id.apply(str)}


def create_function(
    scope: Scope,
    role: str,
    args: FailoverTargetsArgs,
    topic: FailoverTopicRefArgs,
    *,
    handler: str,
    description: str,
    after_seconds: int,
    retention_days: int,
    acts: bool = True,
    changes: Collection[str] | None = None,
) -> "aws.lambda_.Function":
    """Create a function with its role and log.

    role: its part in the child names. acts: whether its IAM role allows the failover's calls; if not, only its log.
    changes: the statements of `function_rights` that change something, if not all.

    It reserves no concurrency: a new account may have 10 in all, of which none can be reserved, and an operator's
    invocation must not wait for the schedule's. Runs don't act at once, because the first leaves a note in the switch's
    bucket (`runtime/notes.py`). https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

    It is in no VPC, because it only calls AWS's public endpoints and public names: so it depends on no subnet, NAT
    gateway or VPC endpoint.
    """
    name = f"{scope.name}-{role}"
    log = aws.cloudwatch.LogGroup(f"{name}-log", retention_in_days=retention_days, **scope.regional_args(f"{role}-log"))
    identity = aws.iam.Role(
        f"{name}-role",
        description=f"{description} ({scope.name})",
        assume_role_policy=json.dumps(trusting("lambda.amazonaws.com")),
        **scope.global_args(f"{role}-role"),
    )
    policy = (
        _rights(scope, args, log, topic, changes) if acts else log.arn.apply(lambda arn: json.dumps(log_rights(arn)))
    )
    rights = aws.iam.RolePolicy(f"{name}-rights", role=identity.id, policy=policy, opts=scope.child_opts())
    return aws.lambda_.Function(
        name,
        description=description,
        role=identity.arn,
        runtime=RUNTIME,
        architectures=["arm64"],
        handler=f"{PACKAGE}.handler.{handler}",
        code=code_archive(),
        timeout=TIMEOUT_SECONDS,
        memory_size=MEMORY_MB,
        environment={
            "variables": {VARIABLE: pulumi.Output.json_dumps(configuration(args, after_seconds, topic["arn"]))},
        },
        logging_config={"log_format": "JSON", "log_group": log.name},
        **scope.regional_args(role, depends_on=[rights]),
    )


def _rights(
    scope: Scope,
    args: FailoverTargetsArgs,
    log: aws.cloudwatch.LogGroup,
    topic: FailoverTopicRefArgs,
    changes: Collection[str] | None,
) -> pulumi.Output[str]:
    known: dict[str, Any] = {
        "account": aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id,
        "log_group_arn": log.arn,
        "bucket_arn": args["switch"]["bucket_arn"] if "switch" in args else None,
        "topic_arn": topic["arn"],
        "topic_key_arn": topic["key_arn"],
        "group": args["capacity"]["group_name"] if "capacity" in args else None,
        **stores(args),
    }
    if "storage" in args:
        known["storage"] = {**known["storage"], "source_region": args["storage"]["source_region"]}
    if "database" in args:
        source, forwards = args["database"].get("source_cluster_arn"), args["database"].get("write_forwarding", False)
        known["database"] = {**known["database"], "source_arn": source, "forwards": forwards}
    region = str(scope.region)

    def text(found: dict[str, Any]) -> str:
        place = {"partition": partition_of(region), "region": region, "account": found["account"]}
        return json.dumps(function_rights(place, found, changes))

    return pulumi.Output.from_input(known).apply(text)
