"""After an `up`: what AWS would see in the account, asked with boto3."""

import json

import pytest
from ha_web.image.same_content import CONTENT_TAG

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
    [store] = client.describe_replication_groups(ReplicationGroupId=cluster["session_store_id"])["ReplicationGroups"]
    assert store["AutomaticFailover"] == "enabled"
    assert store["MultiAZ"] == "enabled"
    assert store["TransitEncryptionEnabled"]
    assert store["AtRestEncryptionEnabled"]
    assert len(store["MemberClusters"]) == 3
    assert len(set(site.account.session_zones(REGIONS[role], cluster["session_store_id"]))) >= 2


def test_the_name_leads_to_failover_records_of_which_the_primarys_follow_the_switch(site: Site) -> None:
    outputs = site.engine.outputs()
    own = site.account.records("eu-west-1", outputs["hosted_zone_id"], "www.example.com")
    assert {(r["Type"], r["AliasTarget"]["DNSName"].rstrip(".")) for r in own} == {
        (kind, "ha-web-failover.www.example.com") for kind in ("A", "AAAA")
    }
    records = site.account.records("eu-west-1", outputs["hosted_zone_id"], "ha-web-failover.www.example.com")
    found = {(r["Failover"], r["Type"]) for r in records}
    assert found == {(role, kind) for role in ("PRIMARY", "SECONDARY") for kind in ("A", "AAAA")}
    [followed] = {r["HealthCheckId"] for r in records if r["Failover"] == "PRIMARY"}
    checks = site.account.client("route53", "eu-west-1").list_health_checks()["HealthChecks"]
    [switch] = [check["HealthCheckConfig"] for check in checks if check["Id"] == followed]
    assert switch["Inverted"]
    assert switch["FullyQualifiedDomainName"].startswith(outputs["failover_switch"])
    endpoints = [c["HealthCheckConfig"] for c in checks if not c["HealthCheckConfig"].get("Inverted")]
    endpoints = [c for c in endpoints if not c["FullyQualifiedDomainName"].startswith(outputs["failover_switch"])]
    assert [(c["RequestInterval"], c["FailureThreshold"]) for c in endpoints] == [(10, 2), (10, 2)]


def test_a_database_stands_in_both_regions_and_the_primarys_is_the_writer(site: Site) -> None:
    [world] = site.account.client("rds", "eu-west-1").describe_global_clusters()["GlobalClusters"]
    members = {m["DBClusterArn"].split(":")[3]: m["IsWriter"] for m in world["GlobalClusterMembers"]}
    assert members == {"eu-west-1": True, "eu-central-1": False}


def test_sessions_of_the_standby_follow_the_primarys(site: Site) -> None:
    client = site.account.client("elasticache", "eu-west-1")
    [world] = client.describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"]
    assert {m["ReplicationGroupRegion"]: m["Role"] for m in world["Members"]} == {
        "eu-west-1": "PRIMARY",
        "eu-central-1": "SECONDARY",
    }


def test_keys_and_secrets_are_in_the_standby_region_before_they_are_needed(site: Site) -> None:
    for client in (site.account.client("secretsmanager", region) for region in REGIONS.values()):
        assert len(client.list_secrets()["SecretList"]) == 2
    standby = site.account.client("kms", "eu-central-1")
    keys = [standby.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in standby.list_keys()["Keys"]]
    kinds = [key.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") for key in keys]
    assert kinds.count("REPLICA") == 2


def test_both_regions_start_from_the_same_built_image(site: Site) -> None:
    found = {}
    for role, cluster in site.engine.outputs()["clusters"].items():
        images = site.account.client("ec2", REGIONS[role]).describe_images(ImageIds=[cluster["image_id"]])["Images"]
        [found[role]] = images
    assert found["primary"]["ImageId"] != found["standby"]["ImageId"]
    contents = [{tag["Key"]: tag["Value"] for tag in image["Tags"]}[CONTENT_TAG] for image in found.values()]
    assert contents[0] == contents[1]


@pytest.mark.parametrize("role", REGIONS)
def test_the_backup_plan_copies_to_the_other_region(site: Site, role: str) -> None:
    backup = site.account.client("backup", REGIONS[role])
    other = next(region for name, region in REGIONS.items() if name != role)
    copied = {}
    for plan in backup.list_backup_plans()["BackupPlansList"]:
        rules = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
        copies = {rule["RuleName"]: rule.get("CopyActions", []) for rule in rules}
        assert all(f":{other}:" in copy["DestinationBackupVaultArn"] for given in copies.values() for copy in given)
        [selection] = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
        found = backup.get_backup_selection(BackupPlanId=plan["BackupPlanId"], SelectionId=selection["SelectionId"])
        chosen = found["BackupSelection"]
        [tag] = chosen["Conditions"]["StringEquals"]
        assert (tag["ConditionKey"], tag["ConditionValue"]) == ("aws:ResourceTag/ha-web:backup", "true")
        assert not chosen.get("ListOfTags")
        copied[any(":cluster:" in arn and ":rds:" in arn for arn in chosen["Resources"])] = copies
    assert {name for name, copies in copied[False].items() if copies} == {"continuous", "hourly", "daily", "monthly"}
    to_standby = {"daily", "monthly"} if role == "primary" else set()
    assert {name for name, copies in copied[True].items() if copies} == to_standby


@pytest.mark.parametrize("region", REGIONS.values())
def test_servers_have_no_public_address_and_metadata_by_token_only(site: Site, region: str) -> None:
    reservations = site.account.client("ec2", region).describe_instances()["Reservations"]
    servers = [i for r in reservations for i in r["Instances"] if i["State"]["Name"] == "running"]
    assert servers
    assert not [s["InstanceId"] for s in servers if s.get("PublicIpAddress")]
    assert {s["MetadataOptions"]["HttpTokens"] for s in servers} == {"required"}


def test_no_generated_password_is_in_the_plain_text_of_the_state(site: Site) -> None:
    secret = site.account.client("secretsmanager", "eu-west-1")
    state = json.dumps(site.engine.export())
    for name in [each["Name"] for each in secret.list_secrets()["SecretList"]]:
        password = json.loads(secret.get_secret_value(SecretId=name)["SecretString"])["password"]
        assert len(password) >= 16
        assert password not in state


@pytest.mark.parametrize("region", REGIONS.values())
def test_every_notice_by_eventbridge_says_which_runbook_to_open(site: Site, region: str) -> None:
    events = site.account.client("events", region)
    rules = events.list_rules()["Rules"]
    targets = [each for rule in rules for each in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]]
    texts = [each["InputTransformer"]["InputTemplate"] for each in targets if ":sns:" in each["Arn"]]
    assert len(texts) == 3  # of launches, releases and keys
    assert all('"Runbook: docs/runbooks/' in text and '"Dashboard: https://' in text for text in texts)
