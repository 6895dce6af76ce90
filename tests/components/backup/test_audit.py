"""BackupAudit: its resources, controls and refusals."""

import json
from typing import Any, cast

import pytest
from ha_web import BackupAudit, BackupAuditArgs, ConfigurationError
from ha_web.backup.audit import _unless_failed
from ha_web.backup.audit_controls import controls

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

FRAMEWORK = "aws:backup/framework:Framework"
REPORT = "aws:backup/reportPlan:ReportPlan"
GIVEN = {"region": "eu-west-1", "retention_days": 7}


def audit(**args: Any) -> Made[BackupAudit]:
    return make(lambda: BackupAudit("site", cast(BackupAuditArgs, {**GIVEN, **args})))


def framework(**args: Any) -> dict[str, dict[str, Any]]:
    return {control["name"]: control for control in audit(**args).one(FRAMEWORK)["controls"]}


def parameters(control: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in control.get("inputParameters", [])}


def test_the_controls_that_matter_look_at_what_is_tagged() -> None:
    found = framework()
    tagged = {name for name, control in found.items() if "scope" in control}
    assert tagged == {
        "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN",
        "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK",
        "BACKUP_LAST_RECOVERY_POINT_CREATED",
    }
    assert set(found) - tagged == {
        "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
        "BACKUP_RECOVERY_POINT_ENCRYPTED",
        "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED",
        "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK",
    }
    for name in tagged:
        assert found[name]["scope"] == {"tags": {"ha-web:backup": "true"}}


def test_objectives_and_copies_are_checked_when_they_are_given() -> None:
    found = framework(restore_minutes=240.0, copy_region="eu-central-1", air_gapped=["EFS"])
    assert parameters(found["RESTORE_TIME_FOR_RESOURCES_MEET_TARGET"]) == {"maxRestoreTime": "240"}
    assert parameters(found["BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION"]) == {"crossRegionList": "eu-central-1"}
    gap = found["RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT"]
    assert gap["scope"] == {"complianceResourceTypes": ["EFS"]}
    assert parameters(gap) == {"recoveryPointAgeUnit": "days", "recoveryPointAgeValue": "7"}


def test_a_recovery_point_is_at_most_a_day_and_two_hours_old_and_kept_as_long_as_said() -> None:
    found = framework(retention_days=14)
    age = {"recoveryPointAgeUnit": "hours", "recoveryPointAgeValue": "26"}
    assert parameters(found["BACKUP_LAST_RECOVERY_POINT_CREATED"]) == age
    often = parameters(found["BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK"])
    assert often == {"requiredFrequencyUnit": "days", "requiredFrequencyValue": "1", "requiredRetentionDays": "14"}
    hourly = parameters(framework(point_age_hours=3)["BACKUP_LAST_RECOVERY_POINT_CREATED"])
    assert hourly["recoveryPointAgeValue"] == "3"
    kept = parameters(found["BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK"])
    assert kept == {"requiredRetentionDays": "14"}


def test_a_control_is_named_once() -> None:
    names = [control.name for control in controls(retention_days=7, restore_minutes=1, copy_region="x")]
    assert len(set(names)) == len(names)


def test_coverage_and_jobs_are_reported_into_the_bucket() -> None:
    made = audit()
    templates = {plan["name"]: plan["reportSetting"]["reportTemplate"] for plan in made.all(REPORT)}
    assert templates == {
        "test_site_coverage": "RESOURCE_COMPLIANCE_REPORT",
        "test_site_controls": "CONTROL_COMPLIANCE_REPORT",
        "test_site_backup_jobs": "BACKUP_JOB_REPORT",
        "test_site_copy_jobs": "COPY_JOB_REPORT",
        "test_site_restore_jobs": "RESTORE_JOB_REPORT",
    }
    arn = made.outputs["framework_arn"]
    about = {plan["name"]: plan["reportSetting"].get("frameworkArns") for plan in made.all(REPORT)}
    assert [name for name, arns in about.items() if arns == [arn]] == ["test_site_controls", "test_site_coverage"]
    assert {plan["reportDeliveryChannel"]["s3BucketName"] for plan in made.all(REPORT)} == {"site-reports"}


def test_the_bucket_is_private_encrypted_versioned_and_says_why_it_needs_no_backup() -> None:
    made = audit()
    bucket = made.one("aws:s3/bucket:Bucket")
    assert (bucket["tags"]["ha-web:backup"], bucket["forceDestroy"]) == ("no: reports", False)
    assert audit(deletion_protection=False).one("aws:s3/bucket:Bucket")["forceDestroy"] is True
    closed = made.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert all(closed[key] for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls"))
    [rule] = made.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"
    assert made.one("aws:s3/bucketVersioning:BucketVersioning")["versioningConfiguration"]["status"] == "Enabled"


def test_only_aws_backup_writes_once_its_role_is_there() -> None:
    made = audit()
    policy = made.one("aws:s3/bucketPolicy:BucketPolicy")
    written, tls = json.loads(policy["policy"])["Statement"]
    assert written["Principal"]["AWS"].endswith("reports.backup.amazonaws.com/AWSServiceRoleForBackupReports")
    assert (written["Action"], written["Resource"]) == ("s3:PutObject", "arn:aws:s3:::site-reports/*")
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    before = {urn.split("::")[-1] for urn in policy.options["depends_on"]}
    assert {"site-framework", "site-coverage", "site-restore-jobs"} <= before


def test_the_region_reaches_every_child() -> None:
    def build(region: str | None) -> BackupAudit:
        return BackupAudit("site", cast(BackupAuditArgs, {**GIVEN, "region": region}))

    assert_region_reaches_everything(build)


def test_the_outputs_are_registered() -> None:
    made = audit()
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("BackupAudit::site")]
    assert set(registered) == set(BackupAudit.__annotations__)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"retention_days": 0}, "retention_days is 0; it must be at least 1"),
        ({"copy_region": "eu-west-1"}, 'copy_region is "eu-west-1"; a copy must be in another region'),
        ({"retention": 1}, "retention is unknown; the nearest known one is retention_days"),
    ],
)
def test_bad_arguments_are_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        audit(**args)
    assert str(refused.value) == f'BackupAudit "site": {message}'


def test_a_framework_that_failed_fails_the_update_although_the_provider_takes_it_for_done() -> None:
    with pytest.raises(ConfigurationError) as refused:
        _unless_failed("site", "arn", "FAILED", "urn:x")
    assert str(refused.value) == (
        'BackupAudit "site": the framework is FAILED; turn AWS Config\'s recording on in its region, then make '
        "it anew: pulumi up --replace 'urn:x'"
    )
    assert [_unless_failed("site", "arn", status, "urn:x") for status in ("COMPLETED", None)] == ["arn", "arn"]


def test_a_name_that_aws_would_not_take_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="AWS Backup takes 50"):
        make(lambda: BackupAudit("x" * 40, cast(BackupAuditArgs, GIVEN)))
