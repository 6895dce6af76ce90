"""After an `up`: what AWS would see in the account, asked with boto3."""

import pytest

from tests.engine.conftest import Site

pytestmark = pytest.mark.xdist_group("site")
REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}


@pytest.mark.parametrize("role", REGIONS)
def test_every_zone_has_a_healthy_target(site: Site, role: str) -> None:
    cluster = site.engine.outputs()["clusters"][role]
    zones = site.account.servers_by_zone(REGIONS[role], cluster["target_group_arn"])
    assert len(zones) == 3
    assert all(states == {"healthy": 1} for states in zones.values())


@pytest.mark.parametrize("role", REGIONS)
def test_the_session_store_is_spread_encrypted_and_fails_over(site: Site, role: str) -> None:
    cluster = site.engine.outputs()["clusters"][role]
    client = site.account.client("elasticache", REGIONS[role])
    [store] = client.describe_replication_groups(ReplicationGroupId=cluster["session_replication_group_id"])[
        "ReplicationGroups"
    ]
    assert store["AutomaticFailover"] == "enabled"
    assert store["MultiAZ"] == "enabled"
    assert store["TransitEncryptionEnabled"]
    assert store["AtRestEncryptionEnabled"]
    assert len(store["MemberClusters"]) == 3
    assert len(set(site.account.session_zones(REGIONS[role], cluster["session_replication_group_id"]))) >= 2


def test_both_failover_records_stand_with_health_checks_that_evaluate_the_target(site: Site) -> None:
    outputs = site.engine.outputs()
    records = site.account.records("eu-west-1", outputs["hosted_zone_id"], "www.example.com")
    found = {(r["Failover"], r["Type"]) for r in records}
    assert found == {(role, kind) for role in ("PRIMARY", "SECONDARY") for kind in ("A", "AAAA")}
    assert all(r["HealthCheckId"] and r["AliasTarget"]["EvaluateTargetHealth"] for r in records)
    checks = site.account.client("route53", "eu-west-1").list_health_checks()["HealthChecks"]
    assert {
        (c["HealthCheckConfig"]["RequestInterval"], c["HealthCheckConfig"]["FailureThreshold"]) for c in checks
    } == {(10, 2)}


@pytest.mark.parametrize("role", REGIONS)
def test_the_backup_plan_copies_to_the_other_region(site: Site, role: str) -> None:
    backup = site.account.client("backup", REGIONS[role])
    [plan] = backup.list_backup_plans()["BackupPlansList"]
    rules = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    assert {rule["RuleName"] for rule in rules} == {"hourly", "daily", "monthly"}
    other = next(region for name, region in REGIONS.items() if name != role)
    assert all(f":{other}:" in copy["DestinationBackupVaultArn"] for rule in rules for copy in rule["CopyActions"])
    [selection] = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
    chosen = backup.get_backup_selection(BackupPlanId=plan["BackupPlanId"], SelectionId=selection["SelectionId"])
    [tag] = chosen["BackupSelection"]["ListOfTags"]
    assert (tag["ConditionKey"], tag["ConditionValue"]) == ("ha-web:backup", "true")
    assert not chosen["BackupSelection"].get("Resources")


@pytest.mark.parametrize("region", REGIONS.values())
def test_servers_have_no_public_address_and_metadata_by_token_only(site: Site, region: str) -> None:
    reservations = site.account.client("ec2", region).describe_instances()["Reservations"]
    servers = [i for r in reservations for i in r["Instances"] if i["State"]["Name"] == "running"]
    assert servers
    assert not [s["InstanceId"] for s in servers if s.get("PublicIpAddress")]
    assert {s["MetadataOptions"]["HttpTokens"] for s in servers} == {"required"}


def test_the_generated_password_is_in_no_plain_text_of_the_state(site: Site) -> None:
    secret = site.account.client("secretsmanager", "eu-west-1")
    [name] = [s["Name"] for s in secret.list_secrets()["SecretList"]]
    import json

    password = json.loads(secret.get_secret_value(SecretId=name)["SecretString"])["password"]
    assert len(password) >= 16
    state = json.dumps(site.engine.export())
    assert password not in state
