"""Backups that outlive a region, a mistake and an administrator: locked vaults in two regions."""

import json
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.backup.rules import (
    SHORTEST_START_WINDOW,
    AirGapArgs,
    BackupLockArgs,
    BackupRuleArgs,
    copy_regions,
    lock_limits,
    plan_problems,
    usual_rules,
)
from ha_web.backup.vault import SERVICE, create_air_gapped_vault, create_vault
from ha_web.core.notifications import address_problems
from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.core.wording import quoted

ROLE_POLICIES = {
    "backup": "service-role/AWSBackupServiceRolePolicyForBackup",
    "restore": "service-role/AWSBackupServiceRolePolicyForRestores",
    "s3-backup": "AWSBackupServiceRolePolicyForS3Backup",
    "s3-restore": "AWSBackupServiceRolePolicyForS3Restore",
}
"""AWS's own policies for backing up and restoring.
https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html"""


class BackupPlanArgs(TypedDict):
    """Where backups are kept, when they are taken, and what can't be undone."""

    region: str
    """AWS Region of the first vault."""
    copy_region: NotRequired[str]
    """AWS Region of the second vault; each region's backups are copied to the other's. Default: no copies."""
    rules: NotRequired[list[BackupRuleArgs]]
    """When, for how long, and where copies go. Default: `usual_rules()`: continuous for 14 days, hourly for 7, daily
    for 35, monthly for 365."""
    lock: NotRequired[BackupLockArgs]
    """What the vaults refuse. Default: governance mode, and no shorter or longer retention than the rules."""
    air_gap: NotRequired[AirGapArgs]
    """Limits of the air-gapped vaults, which there are when a rule is `air_gapped`. Default: 7 to 3650 days."""
    force_destroy: NotRequired[bool]
    """Whether destroying the plan deletes all recovery points with it. Default false: a vault that holds any stays,
    and `pulumi destroy` says so."""
    notify: NotRequired[list[str]]
    """E-mail addresses to tell of failed backup, copy and restore jobs."""
    tags: NotRequired[dict[str, str]]
    """Tags of everything here."""


class BackupPlan(pulumi.ComponentResource):
    """A vault and a plan in each region, copying to the other, for all that carries the tag `ha-web:backup` = `true`.

    Both regions have a plan: after a failover it is the standby that holds the truth. The tag is the only thing
    that selects. (AWS Backup *adds* lists of resources to tags, so a plan with both catches more than it says.)

    Rules that are `air_gapped` copy into a logically air-gapped vault, too, each region's in that very region: the
    other region has the ordinary copy. What can be copied there is in the table "Feature availability by resource";
    what AWS Backup doesn't manage in full (Aurora, EBS) must be encrypted with a key of one's own.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html

    A continuous rule makes AWS Backup the owner of `backup_retention_period` and `preferred_backup_window` of RDS and
    Aurora; a program that sets them should ignore their changes.

    Each vault has a key of its own, a lock, and a policy that lets nobody delete recovery points or the vault. The
    engine may, since it deletes that policy before the vault. AWS Backup must be turned on for the types of
    resource in the account's settings, as most are; Amazon S3 needs versioned buckets.

    **Holds state.** Recovery points can't be deleted while the policy stands; a vault that isn't empty can't be
    destroyed unless `force_destroy` is set; with `lock.changeable_for_days` not even then. Keys are deleted 30
    days after a destroy; until then they can be recovered.

    To restore: `role_arn` is the role. Restoring EC2 instances with an instance profile also needs iam:PassRole.

    Errors (ConfigurationError, at preview): an unknown key; copy_region the same as region; rules that AWS Backup or
    the lock would refuse; an address that is none.
    """

    vault_name: pulumi.Output[str]
    """Name of the vault in `region`."""
    vault_arn: pulumi.Output[str]
    """Its ARN."""
    copy_vault_name: pulumi.Output[str] | None
    """Name of the vault in `copy_region`. None without one."""
    copy_vault_arn: pulumi.Output[str] | None
    """Its ARN."""
    plan_id: pulumi.Output[str]
    """Id of the plan in `region`."""
    copy_plan_id: pulumi.Output[str] | None
    """Id of the plan in `copy_region`. None without one."""
    air_gapped_vault_arns: dict[str, pulumi.Output[str]]
    """ARNs of the air-gapped vaults, by region; empty unless a rule is `air_gapped`."""
    role_arn: pulumi.Output[str]
    """ARN of the role that backs up and restores."""
    topic_arns: dict[str, pulumi.Output[str]]
    """ARNs of the SNS topics that hear of jobs, by region."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:BackupPlan", name, None, opts)
        region, copy_region = args["region"], args.get("copy_region")
        here = Scope(name, self, region, args.get("tags", {}))

        role = _create_role(here)
        places = {region: _create_vaults(here, "", args, role)}
        self.copy_vault_name = self.copy_vault_arn = self.copy_plan_id = None
        if copy_region:
            there = replace(here, region=copy_region)
            places[copy_region] = copied = _create_vaults(there, "copy-", args, role)
            self.copy_vault_name, self.copy_vault_arn = copied.vault.name, copied.vault.arn
            self.copy_plan_id = _create_plan(there, "copy-plan", args, role, places).id
        self.plan_id = _create_plan(here, "plan", args, role, places).id

        self.topic_arns = {each: place.topic.arn for each, place in places.items()}
        self.air_gapped_vault_arns = {each: place.gapped.arn for each, place in places.items() if place.gapped}
        self.vault_name, self.vault_arn = places[region].vault.name, places[region].vault.arn
        self.role_arn = role.arn
        self.register_outputs({key: getattr(self, key) for key in BackupPlan.__annotations__})


def _checked(name: str, args: BackupPlanArgs) -> BackupPlanArgs:
    problems = Problems(f'BackupPlan "{name}"')
    args = problems.checked(args, BackupPlanArgs)
    lock, gap = args.get("lock", BackupLockArgs()), args.get("air_gap", AirGapArgs())
    problems.add(*plan_problems(args.get("rules", usual_rules()), lock, gap, _regions(args)))
    problems.add(*address_problems(args.get("notify", [])))
    if args.get("copy_region") == args["region"]:
        problems.add(f"copy_region is {quoted(args['region'])}; a copy must be in another region")
    problems.raise_if_any()
    return args


def _create_role(scope: Scope) -> aws.iam.Role:
    """The role of all jobs, of backup and of restore, with AWS's own policies."""
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Backup and restore jobs of {scope.name}",
        assume_role_policy=json.dumps(trusting(SERVICE)),
        **scope.global_args("role"),
    )
    partition = partition_of(scope.region)
    for purpose, policy in ROLE_POLICIES.items():
        aws.iam.RolePolicyAttachment(
            f"{scope.name}-role-{purpose}",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/{policy}",
            opts=scope.child_opts(),
        )
    return role


@dataclass(frozen=True)
class _Vaults:
    """What a region's recovery points go into."""

    vault: aws.backup.Vault
    topic: aws.sns.Topic
    gapped: aws.backup.LogicallyAirGappedVault | None


def _regions(args: BackupPlanArgs) -> list[str]:
    """Regions that have a vault."""
    return [args["region"], *([args["copy_region"]] if "copy_region" in args else [])]


def _create_vaults(scope: Scope, prefix: str, args: BackupPlanArgs, role: aws.iam.Role) -> _Vaults:
    """The scope's region's vaults; prefix: of their names."""
    rules, lock = args.get("rules", usual_rules()), args.get("lock", BackupLockArgs())
    vault, topic = create_vault(
        scope,
        f"{prefix}vault",
        role,
        lock=lock,
        limits=lock_limits(lock, rules),
        notify=args.get("notify", []),
        force_destroy=args.get("force_destroy", False),
    )
    gapped = None
    if any(rule.get("air_gapped") for rule in rules):
        gapped = create_air_gapped_vault(scope, f"{prefix}air-gapped-vault", args.get("air_gap", AirGapArgs()))
    return _Vaults(vault, topic, gapped)


def _create_plan(
    scope: Scope, part: str, args: BackupPlanArgs, role: aws.iam.Role, places: dict[str, _Vaults]
) -> aws.backup.Plan:
    """A region's plan, into its vault and on to others, for all that carries the tag."""
    assert scope.region is not None  # the plan's regions are given
    plan = aws.backup.Plan(
        f"{scope.name}-{part}",
        rules=[_rule(rule, scope.region, places) for rule in args.get("rules", usual_rules())],
        **scope.regional_args(part),
    )
    aws.backup.Selection(
        f"{scope.name}-{part}-selection",
        plan_id=plan.id,
        iam_role_arn=role.arn,
        selection_tags=[{"type": "STRINGEQUALS", "key": BACKUP_TAG, "value": BACKUP_TAG_VALUE}],
        **scope.untagged_args(),
    )
    return plan


def _rule(rule: BackupRuleArgs, region: str, places: dict[str, _Vaults]) -> aws.backup.PlanRuleArgs:
    """One rule, as the plan in `region` has it."""
    keep, cold, here = rule["retention_days"], rule.get("cold_storage_after_days"), places[region]
    copies = [_copy(places[each].vault.arn, keep, cold) for each in copy_regions(rule, region, list(places))]
    if rule.get("air_gapped") and here.gapped:
        copies.append(_copy(here.gapped.arn, keep, None))
    return aws.backup.PlanRuleArgs(
        rule_name=rule["name"],
        target_vault_name=here.vault.name,
        schedule=rule["schedule"],
        enable_continuous_backup=rule.get("continuous"),
        start_window=rule.get("start_window_minutes", SHORTEST_START_WINDOW),
        completion_window=rule.get("completion_window_minutes"),
        lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=keep, cold_storage_after=cold),
        copy_actions=copies,
    )


def _copy(vault_arn: pulumi.Output[str], keep: int, cold: int | None) -> aws.backup.PlanRuleCopyActionArgs:
    lifecycle = aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=keep, cold_storage_after=cold)
    return aws.backup.PlanRuleCopyActionArgs(destination_vault_arn=vault_arn, lifecycle=lifecycle)
