import json
from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

PLAN = "backup/plan:Plan"
SELECTION = "backup/selection:Selection"
VAULT = "backup/vault:Vault"
LOCK = "backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY = "backup/vaultPolicy:VaultPolicy"
NOTIFICATIONS = "backup/vaultNotifications:VaultNotifications"
TESTING = "backup/restoreTestingPlan:RestoreTestingPlan"
TESTED = "backup/restoreTestingSelection:RestoreTestingSelection"

HERE = resource(VAULT, "vault", name="vault", arn=UNKNOWN)
THERE = resource(VAULT, "copies", name="copies", arn=UNKNOWN, region="eu-central-1")
COPIED = {"destinationVaultArn": UNKNOWN, "lifecycle": {"deleteAfter": 35.0}}


def plan(*vaults: Resource, **rule: Any) -> Resource:
    """A plan of one rule that goes into the vault `vault`."""
    return resource(PLAN, links={"rules": [HERE, *vaults]}, rules=[{"targetVaultName": "vault", **rule}], id=UNKNOWN)


def lock(least: float = 7.0, most: float = 35.0) -> Resource:
    """The lock of the vault `vault`."""
    links = {"backupVaultName": [HERE]}
    return resource(LOCK, "lock", links=links, backupVaultName="vault", minRetentionDays=least, maxRetentionDays=most)


def of_plan(subject: Resource) -> Resource:
    """A selection of the plan."""
    return resource(SELECTION, "selection", links={"planId": [subject]}, planId=UNKNOWN)


def policy(effect: str, principal: Any, action: str, **condition: Any) -> Resource:
    """The policy of a vault."""
    statement = {"Effect": effect, "Principal": principal, "Action": [action], "Resource": "*", "Condition": condition}
    return resource(POLICY, policy=json.dumps({"Statement": statement}))


PLANNED = plan(schedule="cron(0 5 * * ? *)", lifecycle={"deleteAfter": 35.0})
TESTS = resource(TESTING, "tests", name="tests")
ACCOUNT = {"AWS": "arn:aws:iam::210987654321:root"}

PAIRS = {
    "backup-plan-copies-to-another-region": Pair(
        good=plan(THERE, copyActions=[COPIED]), bad=plan(), says="no copyActions; backups go down with their region"
    ),
    "backup-lifecycle-within-lock": Pair(
        good=[PLANNED, HERE, lock()],
        bad=[plan(lifecycle={"deleteAfter": 5.0}), HERE, lock()],
        says="rules.0.lifecycle.deleteAfter is 5 days; the vault's lock requires at least 7 days",
    ),
    "backup-plan-frequent": Pair(
        good=PLANNED, bad=plan(schedule="cron(0 5 ? * SUN *)"), says="every 168 hours at best; every 24 hours"
    ),
    "backup-plan-retention": Pair(
        good=PLANNED, bad=plan(lifecycle={"deleteAfter": 7.0}), says="7 days at most; 35 days are asked for"
    ),
    "backup-cold-storage-long-enough": Pair(
        good=plan(lifecycle={"coldStorageAfter": 90.0, "deleteAfter": 365.0}),
        bad=plan(lifecycle={"coldStorageAfter": 90.0, "deleteAfter": 120.0}),
        says="deleteAfter is 120, coldStorageAfter 90; delete after 180 at least",
    ),
    "backup-continuous-within-limit": Pair(
        good=plan(enableContinuousBackup=True, lifecycle={"deleteAfter": 35.0}),
        bad=plan(enableContinuousBackup=True, lifecycle={"deleteAfter": 60.0}),
        says="keeps 60 days; 35 days are possible",
    ),
    "backup-plan-selects-something": Pair(good=[PLANNED, of_plan(PLANNED)], bad=PLANNED, says="no selection"),
    "backup-plan-restores-tested": Pair(
        good=[PLANNED, TESTS, resource(TESTED, "all", links={"restoreTestingPlanName": [TESTS]})],
        bad=[PLANNED, TESTS],
        says="no restore testing plan with a selection in eu-west-1",
    ),
    "backup-selection-one-way": Pair(
        good=resource(SELECTION, selectionTags=[{"type": "STRINGEQUALS", "key": "backup", "value": "yes"}]),
        bad=resource(SELECTION, selectionTags=[{"key": "backup", "value": "yes"}], resources=[UNKNOWN]),
        says="both set",
    ),
    "backup-selection-not-everything": Pair(
        good=resource(SELECTION, resources=[UNKNOWN]), bad=resource(SELECTION, resources=["*"]), says="whole account"
    ),
    "backup-vault-locked": Pair(good=[HERE, lock()], bad=[HERE], says="no lock names the vault"),
    "backup-lock-least-retention": Pair(
        good=lock(), bad=resource(LOCK, maxRetentionDays=35.0), says="minRetentionDays is missing; at least 1"
    ),
    "backup-vault-own-key": Pair(
        good=resource(VAULT, kmsKeyArn=UNKNOWN), bad=resource(VAULT), says="kmsKeyArn is missing"
    ),
    "backup-vault-outlives-its-stack": Pair(
        good=resource(VAULT), bad=resource(VAULT, forceDestroy=True), says="forceDestroy is on"
    ),
    "backup-vault-policy-keeps": Pair(
        good=policy("Deny", "*", "backup:DeleteRecoveryPoint"),
        bad=policy("Allow", ACCOUNT, "backup:*"),
        says="allows deleting",
    ),
    "backup-vault-policy-closed": Pair(
        good=policy("Allow", "*", "backup:CopyIntoBackupVault", StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}),
        bad=policy("Allow", {"AWS": "*"}, "backup:CopyIntoBackupVault"),
        says='allows Principal "*"',
    ),
    "backup-vault-failures-told": Pair(
        good=[HERE, resource(NOTIFICATIONS, "told", links={"backupVaultName": [HERE]}, backupVaultName="vault")],
        bad=HERE,
        says="failed backups go unnoticed",
    ),
}
