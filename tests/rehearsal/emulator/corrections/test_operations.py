"""DNS, backups, alarms and keys: what the day-to-day of a cluster needs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("emulator-operations")


@pytest.fixture
def zone(aws: Callable[..., Any], unique: str) -> str:
    made = aws("route53").create_hosted_zone(Name=f"{unique}.org", CallerReference=unique)["HostedZone"]["Id"]
    return str(made)


@pytest.fixture
def change(aws: Callable[..., Any], zone: str, unique: str, refused: Callable[..., str]) -> Callable[..., str]:
    """Change one record of `www` in the zone; the code of the error, if any."""

    def change_one(action: str = "CREATE", **record: Any) -> str:
        wanted = {"Action": action, "ResourceRecordSet": {"Name": f"www.{unique}.org", **record}}
        return refused(aws("route53").change_resource_record_sets, HostedZoneId=zone, ChangeBatch={"Changes": [wanted]})

    return change_one


def alias(region: str = "eu-west-1", zone: str = "Z32O12XQLNTSW2") -> dict[str, Any]:
    name = f"dualstack.lb-1.{region}.elb.amazonaws.com"
    return {"AliasTarget": {"HostedZoneId": zone, "DNSName": name, "EvaluateTargetHealth": True}}


def health_check(aws: Callable[..., Any], unique: str) -> str:
    config = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": f"{unique}.example.com",
        "ResourcePath": "/healthz",
        "RequestInterval": 10,
        "FailureThreshold": 2,
    }
    made = aws("route53").create_health_check(CallerReference=unique, HealthCheckConfig=config)["HealthCheck"]
    return str(made["Id"])


def test_a_failover_pair_keeps_its_health_check(
    aws: Callable[..., Any], zone: str, change: Callable[..., str], unique: str, refused: Callable[..., str]
) -> None:
    check = health_check(aws, unique)
    for kind in ("A", "AAAA"):
        primary = {"Type": kind, "SetIdentifier": "primary", "Failover": "PRIMARY", "HealthCheckId": check}
        assert change(**primary, **alias()) == ""
        secondary = {"Type": kind, "SetIdentifier": "standby", "Failover": "SECONDARY"}
        assert change(**secondary, **alias("eu-central-1", "Z215JYRZR1TBD5")) == ""
    found = aws("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert sorted((r["Type"], r["Failover"]) for r in found if "Failover" in r) == [
        *(("A", "PRIMARY"), ("A", "SECONDARY")),
        *(("AAAA", "PRIMARY"), ("AAAA", "SECONDARY")),
    ]
    assert refused(aws("route53").delete_health_check, HealthCheckId=check) == "HealthCheckInUse"


def test_records_that_contradict_each_other_are_refused(change: Callable[..., str]) -> None:
    simple = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    primary = {"Type": "A", "SetIdentifier": "one", "Failover": "PRIMARY", **alias()}
    assert change(**primary) == ""
    assert change(**primary) == "InvalidChangeBatch"
    assert change("UPSERT", **primary) == ""
    assert change("UPSERT", **simple) == "InvalidChangeBatch"
    assert change(**{**primary, "SetIdentifier": "two"}) == "InvalidChangeBatch"
    cname = {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.com"}]}
    assert change(**cname) == "InvalidChangeBatch"
    assert change("DELETE", **simple) == "InvalidChangeBatch"
    assert change("DELETE", **primary) == ""
    assert change(**simple) == ""


def test_an_alias_lies_in_the_zone_of_its_targets_region(change: Callable[..., str]) -> None:
    assert change(Type="A", **alias("eu-central-1", "Z32O12XQLNTSW2")) == "InvalidChangeBatch"
    assert change(Type="A", **alias("eu-central-1", "Z215JYRZR1TBD5")) == ""


def test_a_record_names_a_health_check_that_exists(change: Callable[..., str]) -> None:
    wanted = {"Type": "A", "SetIdentifier": "one", "Failover": "PRIMARY", "HealthCheckId": "none", **alias()}
    assert change(**wanted) == "NoSuchHealthCheck"


class Backups:
    """AWS Backup with a vault and a role."""

    def __init__(self, aws: Callable[..., Any], name: str) -> None:
        self.api, self.name = aws("backup"), name
        self.vault_arn = self.api.create_backup_vault(BackupVaultName=name)["BackupVaultArn"]
        trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self.role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def rule(self, **settings: Any) -> dict[str, Any]:
        given = {
            "RuleName": "daily",
            "TargetBackupVaultName": self.name,
            "ScheduleExpression": "cron(0 5 * * ? *)",
            "Lifecycle": {"DeleteAfterDays": 35},
        }
        return {**given, **settings}

    def create(self, *rules: dict[str, Any]) -> str:
        plan = {"BackupPlanName": self.name, "Rules": list(rules)}
        made: str = self.api.create_backup_plan(BackupPlan=plan, BackupPlanTags={"a": "b"})["BackupPlanId"]
        return made

    def select(self, plan: str, role: str | None = None) -> str:
        tag = {"ConditionType": "STRINGEQUALS", "ConditionKey": "ha-web:backup", "ConditionValue": "true"}
        wanted = {"SelectionName": "tagged", "IamRoleArn": role or self.role, "ListOfTags": [tag]}
        made: str = self.api.create_backup_selection(BackupPlanId=plan, BackupSelection=wanted)["SelectionId"]
        return made


@pytest.fixture
def backups(aws: Callable[..., Any], unique: str) -> Backups:
    return Backups(aws, unique)


def test_a_plan_with_copies_is_made_changed_and_read_back(backups: Backups) -> None:
    copy = {
        "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:other",
        "Lifecycle": {"DeleteAfterDays": 35},
    }
    plan = backups.create(backups.rule(CopyActions=[copy]))
    changed = backups.rule(CopyActions=[copy], Lifecycle={"DeleteAfterDays": 70})
    backups.api.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": backups.name, "Rules": [changed]})
    found = backups.api.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"][0]
    assert found["Lifecycle"]["DeleteAfterDays"] == 70
    assert found["CopyActions"] == [copy]


def test_rules_that_cannot_work_are_refused(backups: Backups, refused: Callable[..., str]) -> None:
    def create(**settings: Any) -> str:
        return refused(lambda **_: backups.create(backups.rule(**settings)))

    assert create(TargetBackupVaultName="none") == "InvalidParameterValueException"
    cold = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}
    assert create(Lifecycle=cold) == "InvalidParameterValueException"
    assert create(Lifecycle={**cold, "DeleteAfterDays": 120}) == ""


def test_a_plan_stays_while_it_selects(backups: Backups, refused: Callable[..., str]) -> None:
    plan = backups.create(backups.rule())
    missing = "arn:aws:iam::123456789012:role/none"
    assert refused(lambda **_: backups.select(plan, missing)) == "InvalidParameterValueException"
    selection = backups.select(plan)
    found = backups.api.get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"]
    assert found["ListOfTags"][0]["ConditionKey"] == "ha-web:backup"
    assert refused(backups.api.delete_backup_plan, BackupPlanId=plan) == "InvalidRequestException"
    backups.api.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert refused(backups.api.delete_backup_plan, BackupPlanId=plan) == ""


def test_a_vault_keeps_its_policy_notifications_and_lock(backups: Backups, refused: Callable[..., str]) -> None:
    api, vault = backups.api, {"BackupVaultName": backups.name}
    assert refused(api.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    api.put_backup_vault_access_policy(**vault, Policy=policy)
    assert api.get_backup_vault_access_policy(**vault)["Policy"] == policy
    events = ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]
    topic = "arn:aws:sns:eu-west-1:123456789012:topic"
    api.put_backup_vault_notifications(**vault, SNSTopicArn=topic, BackupVaultEvents=events)
    assert api.get_backup_vault_notifications(**vault)["BackupVaultEvents"] == events
    api.put_backup_vault_lock_configuration(**vault, MinRetentionDays=7, MaxRetentionDays=365)
    found = api.describe_backup_vault(**vault)
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 365)
    assert api.list_recovery_points_by_backup_vault(**vault)["RecoveryPoints"] == []
    api.delete_backup_vault(**vault)
    assert refused(api.get_backup_vault_access_policy, **vault) == "ResourceNotFoundException"


def test_tags_of_plans_and_vaults_are_kept_apart(backups: Backups) -> None:
    plan = backups.api.get_backup_plan(BackupPlanId=backups.create(backups.rule()))["BackupPlanArn"]
    backups.api.tag_resource(ResourceArn=backups.vault_arn, Tags={"what": "vault"})
    backups.api.tag_resource(ResourceArn=plan, Tags={"what": "plan"})
    assert backups.api.list_tags(ResourceArn=backups.vault_arn)["Tags"] == {"what": "vault"}
    assert backups.api.list_tags(ResourceArn=plan)["Tags"] == {"a": "b", "what": "plan"}


def test_an_alarm_on_metric_math_is_described_whole(aws: Callable[..., Any], unique: str) -> None:
    watch = aws("cloudwatch")
    stat = {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"}, "Period": 60, "Stat": "Sum"}
    metrics = [
        {"Id": "share", "Expression": "100 * errors / requests", "ReturnData": True},
        {"Id": "errors", "MetricStat": stat, "ReturnData": False},
        {"Id": "requests", "MetricStat": stat, "ReturnData": False},
    ]
    limits = {"EvaluationPeriods": 2, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold"}
    watch.put_metric_alarm(AlarmName=unique, Metrics=metrics, **limits)
    found = watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]
    assert found["Metrics"] == metrics
    assert not {"Statistic", "Period", "MetricName"} & found.keys()
    assert {key: found[key] for key in limits} == limits


def test_an_alarm_on_a_percentile_has_no_other_statistic(aws: Callable[..., Any], unique: str) -> None:
    watch = aws("cloudwatch")
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "TargetResponseTime", "ExtendedStatistic": "p99"}
    limits = {"EvaluationPeriods": 2, "Period": 60, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    watch.put_metric_alarm(AlarmName=unique, **metric, **limits)
    found = watch.describe_alarms(AlarmNames=[unique])["MetricAlarms"][0]
    assert found["ExtendedStatistic"] == "p99"
    assert "Statistic" not in found


def test_a_composite_alarm_holds_those_it_is_made_of(
    aws: Callable[..., Any], unique: str, refused: Callable[..., str]
) -> None:
    watch = aws("cloudwatch")
    metric = {"Namespace": "x", "MetricName": "y", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    watch.put_metric_alarm(AlarmName=unique, **metric, Threshold=1, ComparisonOperator="GreaterThanThreshold")
    watch.put_composite_alarm(AlarmName=f"{unique}-all", AlarmRule=f"ALARM({unique})")
    assert refused(watch.delete_alarms, AlarmNames=[unique]) == "ValidationError"
    watch.delete_alarms(AlarmNames=[f"{unique}-all"])
    assert refused(watch.delete_alarms, AlarmNames=[unique]) == ""


def test_an_alarm_notifies_its_topic(aws: Callable[..., Any], unique: str) -> None:
    watch, sns, sqs = aws("cloudwatch"), aws("sns"), aws("sqs")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    queue = sqs.create_queue(QueueName=unique)["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-west-1:123456789012:{unique}")
    metric = {"Namespace": unique, "MetricName": "y", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    more = {"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [topic]}
    watch.put_metric_alarm(AlarmName=unique, **metric, **more)
    watch.set_alarm_state(AlarmName=unique, StateValue="ALARM", StateReason="a drill")
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", [])
    assert [json.loads(json.loads(m["Body"])["Message"])["AlarmName"] for m in messages] == [unique]


def test_a_key_rotates_in_the_period_that_was_given(aws: Callable[..., Any]) -> None:
    kms = aws("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    found = kms.get_key_rotation_status(KeyId=key)
    assert (found["KeyRotationEnabled"], found["RotationPeriodInDays"]) == (True, 180)
