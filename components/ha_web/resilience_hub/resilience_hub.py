"""The policy, the service and the assertions of AWS Resilience Hub that say what a site declares."""

import json
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.resilience_hub.declaration import NOTHING, STACK_TAG, Declaration, declaration

SERVICE = "resiliencehub.amazonaws.com"

RIGHTS = "AWSResilienceHubV2AssessmentExecutionPolicy"
"""AWS's own policy for the role that the hub looks with: it reads, and changes nothing.
https://docs.aws.amazon.com/resilience-hub/latest/userguide/next-gen-security-iam-awsmanpol.html"""

MOST_REGIONS = 5
"""https://docs.aws.amazon.com/resilience-hub/v2/APIReference/API_CreateService.html"""


class ResilienceHubArgs(TypedDict):
    """What a site declares, and how the hub finds what it consists of."""

    region: str
    """AWS Region that the hub is asked in: the primary's."""
    regions: list[str]
    """AWS Regions that the site has a cluster in: one to five, the primary's first."""
    site: str
    """The name that users type; policy and service are named for it."""
    stack: str
    """Value of the tag `ha-web:stack` of all that the site consists of."""
    objectives: dict[str, dict[str, str]]
    """Durations by failure and kind, as for RecoveryObjectives: `{"zone": {"recovery": "2m", "data_loss": "5s"}}`. The
    hub knows whole minutes: they are rounded up. Of the failures its policy has zone, region, and the data loss of
    corruption; each failure has an assertion in words."""
    strategy: NotRequired[str]
    """What runs in the standby's Region: `warm-standby`. Default: none, and then nothing is said of a lost Region."""
    tags: NotRequired[dict[str, str]]
    """Tags of policy, service and role."""


class ResilienceHub(pulumi.ComponentResource):
    """A site's objectives at AWS Resilience Hub, which judges by itself whether the site can meet them.

    It is what `ha-web hub declare` makes, kept by the program. Nothing is judged by an `up`: `ha-web hub assess` has
    the hub do it, and tells before what AWS estimates it to cost (https://aws.amazon.com/resilience-hub/pricing/). The
    hub looks with a role that only it may take, with AWS's own policy, which only reads.

    AWS takes a name once: where the command has declared the site already, import its policy and service, or delete
    them before the `up`.
    https://docs.aws.amazon.com/resilience-hub/latest/userguide/next-gen-what-is.html

    Errors (ConfigurationError, at preview): no objective that the hub knows; no Region, or more than five.
    """

    policy_arn: pulumi.Output[str]
    """ARN of the policy."""
    service_arn: pulumi.Output[str]
    """ARN of the service, which assessments are of."""
    role_arn: pulumi.Output[str]
    """ARN of the role that the hub looks with."""
    assertion_ids: dict[str, pulumi.Output[str]]
    """Ids of the assertions by failure."""

    def __init__(self, name: str, args: ResilienceHubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args, wanted = _checked(name, args)
        super().__init__("ha-web:index:ResilienceHub", name, None, opts)
        scope = Scope(name, self, args["region"], args.get("tags", {}))
        policy = _create_policy(scope, wanted)
        role, attached = _create_role(scope)
        service = _create_service(scope, wanted, policy.arn, role, attached)
        _create_source(scope, service, args["stack"])
        self.policy_arn, self.service_arn, self.role_arn = policy.arn, service.arn, role.arn
        self.assertion_ids = {
            failure: aws.resiliencehub.V2Assertion(
                f"{name}-hub-{failure}", service_arn=service.arn, text=text, **scope.untagged_args()
            ).assertion_id
            for failure, text in wanted.assertions.items()
        }
        self.register_outputs({key: getattr(self, key) for key in ResilienceHub.__annotations__})


def _create_policy(scope: Scope, wanted: Declaration) -> "aws.resiliencehub.V2Policy":  # quoted: it loads the service
    targets: Mapping[str, Any] = wanted.policy
    return aws.resiliencehub.V2Policy(
        f"{scope.name}-hub-policy",
        name=wanted.name,
        multi_az=_targets(targets.get("multiAz")),
        multi_region=_targets(targets.get("multiRegion")),
        data_recovery=_targets(targets.get("dataRecovery")),
        **scope.regional_args("hub-policy"),
    )


def _targets(given: Mapping[str, Any] | None) -> Any:
    """Return targets in the names of the SDK, whose dictionaries are in Python's spelling."""
    names = {
        "rtoInMinutes": "rto_in_minutes",
        "rpoInMinutes": "rpo_in_minutes",
        "disasterRecoveryApproach": "disaster_recovery_approach",
        "timeBetweenBackupsInMinutes": "time_between_backups_in_minutes",
    }
    return {names[key]: value for key, value in given.items()} if given else None


def _create_role(scope: Scope) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
    """Create the role that the hub looks with.

    https://docs.aws.amazon.com/resilience-hub/latest/userguide/security-iam-resilience-hub-invoker-role.html
    """
    role = aws.iam.Role(
        f"{scope.name}-hub",
        description=f"Resilience Hub looks at {scope.name}",
        assume_role_policy=json.dumps(trusting(SERVICE)),
        **scope.global_args("hub"),
    )
    attached = aws.iam.RolePolicyAttachment(
        f"{scope.name}-hub-reads",
        role=role.name,
        policy_arn=f"arn:{partition_of(scope.region)}:iam::aws:policy/{RIGHTS}",
        opts=scope.child_opts(),
    )
    return role, attached


def _create_service(
    scope: Scope,
    wanted: Declaration,
    policy_arn: pulumi.Input[str],
    role: aws.iam.Role,
    attached: aws.iam.RolePolicyAttachment,
) -> "aws.resiliencehub.V2Service":
    # A role's path is part of the name that the hub wants.
    named = role.arn.apply(lambda arn: arn.partition(":role/")[2])
    return aws.resiliencehub.V2Service(
        f"{scope.name}-hub-service",
        name=wanted.name,
        policy_arn=policy_arn,
        regions=[*wanted.regions],
        permission_model={"invoker_role_name": named},
        **scope.regional_args("hub-service", depends_on=[attached]),
    )


def _create_source(scope: Scope, service: "aws.resiliencehub.V2Service", stack: str) -> None:
    aws.resiliencehub.V2InputSource(
        f"{scope.name}-hub-resources",
        service_arn=service.arn,
        resource_configuration={"resource_tags": [{"key": STACK_TAG, "values": [stack]}]},
        **scope.untagged_args(),
    )


def _checked(name: str, args: ResilienceHubArgs) -> tuple[ResilienceHubArgs, Declaration]:
    problems = Problems(f'ResilienceHub "{name}"')
    args = problems.checked(args, ResilienceHubArgs)
    regions = args["regions"]
    if not 1 <= len(regions) <= MOST_REGIONS:
        problems.add(f"regions has {len(regions)}; Resilience Hub takes 1 to {MOST_REGIONS}")
    try:
        wanted = declaration(args["site"], regions, args.get("strategy"), cast(Any, args["objectives"]))
    except ValueError as error:
        problems.add(f"objectives can't be read: {error}")
        problems.raise_if_any()
        raise
    if not wanted.policy:
        problems.add(f"objectives has {NOTHING}")
    problems.raise_if_any()
    return args, wanted
