"""Templates of AWS Fault Injection Service for the failures that a site is built for."""

import json
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.game_day.rights import rights_of
from ha_web.game_day.scenarios import Facts, Scenario, Target, scenarios

DEFAULT_MINUTES = 10
"""Ours: longer than any recovery that a site is planned for, and short enough for a working day."""

MOST_MINUTES = 720
"""Twelve hours: the service's longest action.
https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html"""

LONGEST_OWN = 256

SCENARIO_TAG = "ha-web:scenario"
"""The tag of a template with its scenario's name."""


class GameDayArgs(TypedDict):
    """What is broken, and what ends it early."""

    region: str
    """AWS Region whose resources are broken: the one that serves."""
    own: str
    """Value of the tag `ha-web:game-day` that the group, the subnets and the session store have (see
    `mark_for_experiments`), and nothing else in the account."""
    group_name: pulumi.Input[str]
    """Name of the Auto Scaling group."""
    zone_name: str
    """Name of the Availability Zone that is lost: `eu-west-1a`."""
    zone_subnet_ids: list[pulumi.Input[str]]
    """Ids of the subnets in that zone."""
    balancer_subnet_ids: list[pulumi.Input[str]]
    """Ids of the load balancer's subnets in all zones."""
    database_cluster_arn: NotRequired[pulumi.Input[str]]
    """ARN of the database cluster. Default: none."""
    elasticache: NotRequired[bool]
    """True if sessions are in ElastiCache; the service has no action on MemoryDB's nodes. Default false."""
    stop_alarm_arns: list[pulumi.Input[str]]
    """ARNs of this region's alarms that end an experiment: nobody is served, for instance. The experiment `region` has
    none, for they are to go off then."""
    minutes: NotRequired[int]
    """Minutes that what can be undone lasts, 1 to 720. Default 10 (our choice)."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources; a template is replaced when its tags change."""


class GameDay(pulumi.ComponentResource):
    """Experiments of AWS Fault Injection Service that break a region on purpose, when a person starts one.

    server-killed terminates a server; zone takes a zone's power, in the steps of AWS's own scenario; region makes the
    balancers silent; session-zone takes the power of the session nodes in the zone; database-writer-killed fails the
    database over. Each may act on what has the tag `ha-web:game-day` of this site, on this group's servers and on this
    database only, and ends when an alarm of `stop_alarm_arns` goes off, but for region. What the service
    can't do is not here: servers that freeze, zones that are slow, a region whose APIs are gone.

    A running experiment costs $0.10 a minute and action; a template costs nothing.
    https://docs.aws.amazon.com/fis/latest/userguide/what-is.html

    Errors (ConfigurationError, at preview): an unknown key; minutes out of range; no subnets; no alarm that ends it.
    """

    template_ids: dict[str, pulumi.Output[str]]
    """Ids of the experiments' templates by scenario."""
    role_arn: pulumi.Output[str]
    """ARN of the role that the service breaks with."""

    def __init__(self, name: str, args: GameDayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:GameDay", name, None, opts)
        scope = Scope(name, self, args["region"], args.get("tags", {}))
        wanted = scenarios(_facts(scope, args))
        role = _create_role(scope, args, wanted)
        self.role_arn = role.arn
        self.template_ids = {
            each.name: _create_template(scope, each, role.arn, args["stop_alarm_arns"]).id for each in wanted
        }
        self.register_outputs({key: getattr(self, key) for key in GameDay.__annotations__})


def _facts(scope: Scope, args: GameDayArgs) -> Facts:
    account, partition = _account(scope), _partition(scope)

    def arns(ids: Sequence[pulumi.Input[str]]) -> list[pulumi.Output[str]]:
        prefix = pulumi.Output.concat("arn:", partition, f":ec2:{args['region']}:", account, ":subnet/")
        return [pulumi.Output.concat(prefix, each) for each in ids]

    return Facts(
        own=args["own"],
        group=args["group_name"],
        zone=args["zone_name"],
        minutes=int(args.get("minutes", DEFAULT_MINUTES)),
        zone_subnets=arns(args["zone_subnet_ids"]),
        balancer_subnets=arns(args["balancer_subnet_ids"]),
        database=args.get("database_cluster_arn"),
        sessions=args.get("elasticache", False),
    )


def _account(scope: Scope) -> pulumi.Output[str]:
    return aws.get_caller_identity_output(opts=scope.invoke_opts()).account_id


def _partition(scope: Scope) -> pulumi.Output[str]:
    return aws.get_partition_output(opts=scope.invoke_opts()).partition


def _create_role(scope: Scope, args: GameDayArgs, wanted: Sequence[Scenario]) -> aws.iam.Role:
    """Create the role of the experiments, which only the service may take, for this account's."""
    account = _account(scope)
    role = aws.iam.Role(
        f"{scope.name}-game-day",
        description=f"Experiments of Fault Injection Service on {scope.name}",
        assume_role_policy=account.apply(lambda known: json.dumps(_trust(known))),
        **scope.global_args("game-day"),
    )
    known = pulumi.Output.all(
        account=account,
        partition=_partition(scope),
        region=args["region"],
        group=args["group_name"],
        own=args["own"],
        database=args.get("database_cluster_arn", ""),
    )
    action_ids = {action_id for each in wanted for action_id in each.action_ids}
    aws.iam.RolePolicy(
        f"{scope.name}-game-day-rights",
        role=role.id,
        policy=known.apply(lambda values: json.dumps(rights_of(action_ids, values))),
        opts=scope.child_opts(),
    )
    return role


def _trust(account: str) -> dict[str, Any]:
    """Return the trust policy: another account's experiments may not take the role.

    https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html
    """
    trust = trusting("fis.amazonaws.com")
    trust["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return trust


def _create_template(
    scope: Scope, scenario: Scenario, role: pulumi.Input[str], alarms: Sequence[pulumi.Input[str]]
) -> "aws.fis.ExperimentTemplate":  # quoted, or every program would load the service
    stops: list[Any] = [{"source": "aws:cloudwatch:alarm", "value": arn} for arn in alarms if scenario.stops]
    whole = scope.regional_args(f"game-day-{scenario.name}")
    return aws.fis.ExperimentTemplate(
        f"{scope.name}-game-day-{scenario.name}",
        description=scenario.breaks,
        role_arn=role,
        actions=[
            {
                "name": name,
                "action_id": action.action_id,
                "target": {"key": action.key, "value": action.target},
                "parameters": [{"key": key, "value": value} for key, value in action.parameters.items()],
            }
            for name, action in scenario.actions.items()
        ],
        targets=[_target(name, target) for name, target in scenario.targets.items()],
        stop_conditions=stops or [{"source": "none"}],
        # A zone may have no server just then, and no writer: the rest is broken all the same.
        experiment_options={
            "account_targeting": "single-account",
            "empty_target_resolution_mode": "skip" if len(scenario.actions) > 1 else "fail",
        },
        **{**whole, "tags": {**whole["tags"], SCENARIO_TAG: scenario.name}},
    )


def _target(name: str, target: Target) -> Any:
    return {
        "name": name,
        "resource_type": target.resource_type,
        "selection_mode": target.mode,
        "resource_arns": [*target.arns] or None,
        "resource_tags": [{"key": key, "value": value} for key, value in target.tags.items()] or None,
        "filters": [{"path": path, "values": [value]} for path, value in target.filters.items()] or None,
        "parameters": {**target.parameters} or None,
    }


def _checked(name: str, args: GameDayArgs) -> GameDayArgs:
    problems = Problems(f'GameDay "{name}"')
    args = problems.checked(args, GameDayArgs)
    minutes = args.get("minutes", DEFAULT_MINUTES)
    if not 1 <= minutes <= MOST_MINUTES:
        problems.add(f"minutes is {minutes}; it must be 1 to {MOST_MINUTES}")
    if not 1 <= len(args["own"]) <= LONGEST_OWN:
        problems.add(f"own has {len(args['own'])} characters; the value of a tag has 1 to {LONGEST_OWN}")
    for key in ("zone_subnet_ids", "balancer_subnet_ids"):
        if not args[key]:
            problems.add(f"{key} is empty; give those that are silenced")
    if not args["stop_alarm_arns"]:
        problems.add("stop_alarm_arns is empty; an experiment that nobody ends may become an outage")
    problems.raise_if_any()
    return args
