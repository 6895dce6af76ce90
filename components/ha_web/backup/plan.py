"""Backup plans with locked vaults in two regions: backups survive a region, a mistake and an administrator."""

import json
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.backup.coverage import DATABASES, RESOURCE_TAG, arn_patterns
from ha_web.backup.rules import (
    LONGEST_COMPLETION_WINDOW,
    SHORTEST_START_WINDOW,
    AirGapArgs,
    BackupLockArgs,
    BackupRuleArgs,
    copy_regions,
    is_principal,
    lock_limits,
    plan_problems,
    usual_database_rules,
    usual_rules,
)
from ha_web.backup.vault import create_air_gapped_vault, create_vault
from ha_web.core.notifications import BACKUP, recipient_problems
from ha_web.core.policy_documents import trusting
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.core.wording import quoted

BACKUP_POLICIES = {"backup": "service-role/AWSBackupServiceRolePolicyForBackup"}
RESTORE_POLICIES = {"restore": "service-role/AWSBackupServiceRolePolicyForRestores"}
S3_BACKUP_POLICIES = {"s3-backup": "AWSBackupServiceRolePolicyForS3Backup"}
S3_RESTORE_POLICIES = {"s3-restore": "AWSBackupServiceRolePolicyForS3Restore"}
"""AWS's managed policies, by their part of a name. Those for S3 reach every bucket of the account, so they are attached
only on request. https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html"""


class BackupPlanArgs(TypedDict):
    """Regions, rules, locks and notifications of the backups."""

    region: str
    """AWS Region of the first vault."""
    copy_region: NotRequired[str]
    """AWS Region of the second vault; each region's backups are copied to the other. Default: no copies."""
    rules: NotRequired[list[BackupRuleArgs]]
    """Schedules, retention and copies of file systems, buckets, tables, volumes and all else whose copies are
    incremental. Default: `usual_rules()`: continuous for 14 days, hourly for 7, daily for 35, monthly for 365."""
    database_rules: NotRequired[list[BackupRuleArgs]]
    """The same for clusters of Aurora, DocumentDB and Neptune, of which every copy is a full copy. Default: `rules`, if
    they are given, else `usual_database_rules()`: continuous for 14 days, daily for 35, monthly for 365, and copies of
    the last two only."""
    s3: NotRequired[bool]
    """True if buckets have the tag: AWS's policies for S3 let jobs read, and restores write, every bucket of the
    account. Default false."""
    lock: NotRequired[BackupLockArgs]
    """Lock of the vaults. Default: governance mode, with the shortest and longest retention of the rules as limits."""
    air_gap: NotRequired[AirGapArgs]
    """Limits of the air-gapped vaults, which exist if a rule is `air_gapped`. Default: 7 to 3650 days."""
    force_destroy: NotRequired[bool]
    """True to let `pulumi destroy` delete all recovery points. Default false: a vault with recovery points stays, and
    `pulumi destroy` reports it."""
    deletion_protection: NotRequired[bool]
    """True to deny everybody, administrators too, the deletion and disabling of the vaults' keys, without which no
    recovery point can be read. Default true; turn it off in an `up` before `pulumi destroy`."""
    break_glass_arns: NotRequired[list[str]]
    """ARNs of IAM roles that may delete the vaults' keys nevertheless. Default: none."""
    topic_arns: NotRequired[dict[str, pulumi.Input[str]]]
    """ARNs of SNS topics for the vaults' events, by region, such as NotificationTopic's. Default: a topic of its own
    for each region that has none here."""
    notify: NotRequired[list[str]]
    """E-mail addresses that the topics of its own notify of failed backup, copy and restore jobs. Default: none."""
    only_tags: NotRequired[dict[str, str]]
    """Tags that a resource must have, too, to be backed up: for one of several plans of a region. Default: none."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources."""


class BackupPlan(pulumi.ComponentResource):
    """A vault and two plans a region for resources with the tag `ha-web:backup` = `true`, and copies to the other.

    One plan is for databases, whose snapshots are always copied in full, the other for all else. Both regions have
    both: after a failover the standby has the current data. A selection lists the types of resources, as ARNs that end
    in `*`, with the tag as a condition: AWS Backup then takes what matches both, and takes it although the account has
    not opted in to its service. Aurora, which shares its ARNs with RDS and others, needs the opt-in all the same
    (`aws backup describe-region-settings`). https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html

    Rules that are `air_gapped` also copy to a logically air-gapped vault, each in its own region: the other region has
    the ordinary copy. The table "Feature availability by resource" says what can be copied there; resources that AWS
    Backup doesn't fully manage (Aurora, EBS) must be encrypted with a customer managed key.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html

    With a continuous rule AWS Backup sets `backup_retention_period` and `preferred_backup_window` of RDS and Aurora; a
    program that sets them should ignore their changes.

    Each vault has its own key, a lock, and a policy that denies everybody the deletion of recovery points and the
    vault. Pulumi can delete the vault, since it deletes the policy first. A vault's policy governs AWS Backup's own API
    only: what RDS or EC2 may do with a snapshot, IAM decides. Buckets must be versioned.

    **Holds state.** Recovery points can't be deleted while the policy exists; a vault that isn't empty can be destroyed
    only with `force_destroy`, and with `lock.changeable_for_days` not even then. Keys are deleted 30 days after a
    destroy; until then they can be recovered.

    Restore with the role `restore_role_arn`; the role of the backups can't. Restoring EC2 instances with an instance
    profile also needs iam:PassRole.

    Errors (ConfigurationError, at preview): an unknown key; a copy_region that is `region`; rules that AWS Backup or
    the lock would refuse; an invalid e-mail address or ARN; addresses beside topics; a topic of another region.
    """

    vault_name: pulumi.Output[str]
    """Name of the vault in `region`."""
    vault_arn: pulumi.Output[str]
    """ARN of the vault in `region`."""
    copy_vault_name: pulumi.Output[str] | None
    """Name of the vault in `copy_region`, if there is one."""
    copy_vault_arn: pulumi.Output[str] | None
    """ARN of the vault in `copy_region`, if there is one."""
    plan_id: pulumi.Output[str]
    """Id of the plan in `region`."""
    copy_plan_id: pulumi.Output[str] | None
    """Id of the plan in `copy_region`, if there is one."""
    database_plan_id: pulumi.Output[str]
    """Id of the databases' plan in `region`."""
    copy_database_plan_id: pulumi.Output[str] | None
    """Id of the databases' plan in `copy_region`, if there is one."""
    air_gapped_vault_arns: dict[str, pulumi.Output[str]]
    """ARNs of the air-gapped vaults, by region; empty unless a rule is `air_gapped`."""
    role_arn: pulumi.Output[str]
    """ARN of the IAM role of backup and copy jobs, which may not restore."""
    restore_role_arn: pulumi.Output[str]
    """ARN of the IAM role of restore jobs, which may not back up."""
    key_arns: dict[str, pulumi.Output[str]]
    """ARNs of the KMS keys of the locked vaults, by region."""
    topic_arns: dict[str, pulumi.Output[str]]
    """ARNs of the SNS topics that get the vaults' events, by region."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:BackupPlan", name, None, opts)
        region, copy_region = args["region"], args.get("copy_region")
        here = Scope(name, self, region, args.get("tags", {}))

        buckets = args.get("s3", False)
        role = _create_role(here, "role", "Backup", {**BACKUP_POLICIES, **(S3_BACKUP_POLICIES if buckets else {})})
        restoring = _create_role(
            here, "restore-role", "Restore", {**RESTORE_POLICIES, **(S3_RESTORE_POLICIES if buckets else {})}
        )
        roles = [role, restoring]
        places = {region: _create_vaults(here, "", args, roles)}
        self.copy_vault_name = self.copy_vault_arn = self.copy_plan_id = self.copy_database_plan_id = None
        if copy_region:
            there = replace(here, region=copy_region)
            places[copy_region] = copied = _create_vaults(there, "copy-", args, roles)
            self.copy_vault_name, self.copy_vault_arn = copied.vault.name, copied.vault.arn
            self.copy_plan_id, self.copy_database_plan_id = _create_plans(there, "copy-", args, role, places)
        self.plan_id, self.database_plan_id = _create_plans(here, "", args, role, places)

        self.key_arns = {each: place.vault.kms_key_arn for each, place in places.items()}
        self.topic_arns = {each: place.topic_arn for each, place in places.items()}
        self.air_gapped_vault_arns = {each: place.gapped.arn for each, place in places.items() if place.gapped}
        self.vault_name, self.vault_arn = places[region].vault.name, places[region].vault.arn
        self.role_arn, self.restore_role_arn = role.arn, restoring.arn
        self.register_outputs({key: getattr(self, key) for key in BackupPlan.__annotations__})


def _checked(name: str, args: BackupPlanArgs) -> BackupPlanArgs:
    problems = Problems(f'BackupPlan "{name}"')
    args = problems.checked(args, BackupPlanArgs)
    lock, gap = args.get("lock", BackupLockArgs()), args.get("air_gap", AirGapArgs())
    rules, databases = _rules(args)
    problems.add(*plan_problems(rules, lock, gap, _regions(args), None if databases is rules else databases))
    problems.add(*recipient_problems(args, "topic_arns"))
    problems.add(
        *(
            f"topic_arns has {quoted(region)}; no vault is there"
            for region in args.get("topic_arns", {})
            if region not in _regions(args)
        )
    )
    if args.get("copy_region") == args["region"]:
        problems.add(f"copy_region is {quoted(args['region'])}; a copy must be in another region")
    problems.add(
        *(
            f"break_glass_arns has {quoted(arn)}; write the ARN of an IAM role or user"
            for arn in args.get("break_glass_arns", [])
            if not is_principal(arn)
        )
    )
    problems.raise_if_any()
    return args


def _rules(args: BackupPlanArgs) -> tuple[list[BackupRuleArgs], list[BackupRuleArgs]]:
    """Return the rules of the plan for all but databases, and those of the databases' plan."""
    rules = args.get("rules")
    databases = args.get("database_rules", rules)
    return usual_rules() if rules is None else rules, usual_database_rules() if databases is None else databases


def _create_role(scope: Scope, part: str, jobs: str, policies: dict[str, str]) -> aws.iam.Role:
    """Create a role that only AWS Backup assumes, with these of AWS's managed policies."""
    role = aws.iam.Role(
        f"{scope.name}-{part}",
        description=f"{jobs} jobs of {scope.name}",
        assume_role_policy=json.dumps(trusting(BACKUP)),
        **scope.global_args(part),
    )
    partition = partition_of(scope.region)
    for purpose, policy in policies.items():
        aws.iam.RolePolicyAttachment(
            f"{scope.name}-{part}-{purpose}",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/{policy}",
            opts=scope.child_opts(),
        )
    return role


@dataclass(frozen=True)
class _Vaults:
    """The vaults of a region, and the topic of their events."""

    vault: aws.backup.Vault
    topic_arn: pulumi.Output[str]
    gapped: aws.backup.LogicallyAirGappedVault | None


def _regions(args: BackupPlanArgs) -> list[str]:
    """Return the regions that have a vault."""
    return [args["region"], *([args["copy_region"]] if "copy_region" in args else [])]


def _create_vaults(scope: Scope, prefix: str, args: BackupPlanArgs, roles: list[aws.iam.Role]) -> _Vaults:
    """Create the vaults of the scope's region, with this prefix in their names."""
    both, lock = _rules(args), args.get("lock", BackupLockArgs())
    rules = [*both[0], *both[1]]
    vault, topic = create_vault(
        scope,
        f"{prefix}vault",
        roles,
        kept_by=args.get("break_glass_arns", []) if args.get("deletion_protection", True) else None,
        lock=lock,
        limits=lock_limits(lock, rules),
        topic_arn=args.get("topic_arns", {}).get(scope.region or ""),
        notify=args.get("notify", []),
        force_destroy=args.get("force_destroy", False),
    )
    gapped = None
    if any(rule.get("air_gapped") for rule in rules):
        gapped = create_air_gapped_vault(scope, f"{prefix}air-gapped-vault", args.get("air_gap", AirGapArgs()))
    return _Vaults(vault, topic, gapped)


def _create_plans(
    scope: Scope, prefix: str, args: BackupPlanArgs, role: aws.iam.Role, places: dict[str, _Vaults]
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Create a region's two plans, and return their ids: for all but databases, and for databases."""
    rules, databases = _rules(args)
    tags, kinds = args.get("only_tags", {}), (arn_patterns(others_than=DATABASES), arn_patterns(DATABASES))
    others = _create_plan(scope, f"{prefix}plan", rules, (kinds[0], tags), role, places)
    own = _create_plan(scope, f"{prefix}database-plan", databases, (kinds[1], tags), role, places)
    return others.id, own.id


def _create_plan(
    scope: Scope,
    part: str,
    rules: list[BackupRuleArgs],
    selected: tuple[list[str], dict[str, str]],
    role: aws.iam.Role,
    places: dict[str, _Vaults],
) -> aws.backup.Plan:
    """Create a plan for all resources with the tag, of these types and with these tags, too.

    Backups are in its vault, copies in the others.
    """
    assert scope.region is not None  # a plan is given its regions
    plan = aws.backup.Plan(
        f"{scope.name}-{part}",
        rules=[_rule(rule, scope.region, places) for rule in rules],
        **scope.regional_args(part),
    )
    account = aws.get_caller_identity(opts=scope.invoke_opts()).account_id
    known = {"partition": partition_of(scope.region), "region": scope.region, "account": account}
    patterns, tags = selected
    tagged = [
        aws.backup.SelectionConditionStringEqualArgs(key=f"{RESOURCE_TAG}{key}", value=value)
        for key, value in {BACKUP_TAG: BACKUP_TAG_VALUE, **tags}.items()
    ]
    aws.backup.Selection(
        f"{scope.name}-{part}-selection",
        plan_id=plan.id,
        iam_role_arn=role.arn,
        resources=[pattern.format(**known) for pattern in patterns],
        conditions=[aws.backup.SelectionConditionArgs(string_equals=tagged)],
        **scope.untagged_args(),
    )
    return plan


def _rule(rule: BackupRuleArgs, region: str, places: dict[str, _Vaults]) -> aws.backup.PlanRuleArgs:
    """Return a rule of the plan in `region`."""
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
        completion_window=rule.get("completion_window_minutes", LONGEST_COMPLETION_WINDOW),
        lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=keep, cold_storage_after=cold),
        copy_actions=copies,
    )


def _copy(vault_arn: pulumi.Output[str], keep: int, cold: int | None) -> aws.backup.PlanRuleCopyActionArgs:
    lifecycle = aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=keep, cold_storage_after=cold)
    return aws.backup.PlanRuleCopyActionArgs(destination_vault_arn=vault_arn, lifecycle=lifecycle)
