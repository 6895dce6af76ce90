"""EFS through the plugin and the emulated account: files, ways in, and a copy in another region."""

import json
from typing import Any

import pytest

from rehearsal.aws_plugin.provider import functions
from tests.conftest import REGION, Client, Network
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_reading, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

pytestmark = pytest.mark.xdist_group("services-efs")

FILES, MOUNT = "aws:efs/fileSystem:FileSystem", "aws:efs/mountTarget:MountTarget"
POINT, POLICY = "aws:efs/accessPoint:AccessPoint", "aws:efs/fileSystemPolicy:FileSystemPolicy"
BACKUPS = "aws:efs/backupPolicy:BackupPolicy"
REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration"
AWAY = "eu-central-1"
SOME = "fs-0123456789abcdef0"


@pytest.fixture
def program(emulator: Any) -> Program:
    return Program(emulator, {"project": "shop"})


def files(program: Program, aws: Client, region: str = REGION, **args: Any) -> Resource:
    key = aws("kms", region).create_key()["KeyMetadata"]["Arn"]
    given = {
        "encrypted": True,
        "kmsKeyId": key,
        "throughputMode": "elastic",
        "performanceMode": "generalPurpose",
        "lifecyclePolicies": [
            {"transitionToIa": "AFTER_30_DAYS"},
            {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ],
        "tags": {"Name": "files"},
    }
    return program.up(FILES, region=region, **{**given, **args})


def described(aws: Client, resource: Resource, region: str = REGION) -> dict[str, Any]:
    found: dict[str, Any] = aws("efs", region).describe_file_systems(FileSystemId=resource.id)["FileSystems"][0]
    return found


def test_a_file_system_is_what_was_asked_for(program: Program, aws: Client) -> None:
    it = files(program, aws)
    found = described(aws, it)
    assert (found["Encrypted"], found["KmsKeyId"], found["ThroughputMode"]) == (True, it.inputs["kmsKeyId"], "elastic")
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"Name": "files", "project": "shop"}
    assert it.state["arn"] == f"arn:aws:elasticfilesystem:{REGION}:123456789012:file-system/{it.id}"
    assert it.state["dnsName"] == f"{it.id}.efs.{REGION}.amazonaws.com"
    assert it.settled()


def test_lifecycle_and_throughput_change_in_place_and_the_key_does_not(program: Program, aws: Client) -> None:
    it = files(program, aws)
    it.update(lifecyclePolicies=[{"transitionToIa": "AFTER_90_DAYS"}], throughputMode="bursting")
    kept = aws("efs").describe_lifecycle_configuration(FileSystemId=it.id)["LifecyclePolicies"]
    assert kept == [{"TransitionToIA": "AFTER_90_DAYS"}]
    assert described(aws, it)["ThroughputMode"] == "bursting"
    other = aws("kms").create_key()["KeyMetadata"]["Arn"]
    assert it.changes(kmsKeyId=other) == {"kmsKeyId": "UPDATE_REPLACE"}


def test_drift_of_a_file_system_is_seen(program: Program, aws: Client) -> None:
    it = files(program, aws)
    aws("efs").put_lifecycle_configuration(FileSystemId=it.id, LifecyclePolicies=[])
    aws("efs").untag_resource(ResourceId=it.id, TagKeys=["Name"])
    assert set(it.read() or {}) >= {"tags.Name"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kmsKeyId": f"arn:aws:kms:{AWAY}:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"},
        {"performanceMode": "maxIO"},
    ],
)
def test_a_file_system_that_efs_refuses_is_refused(program: Program, aws: Client, wrong: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="CreateFileSystem"):
        files(program, aws, **wrong)


def test_a_key_without_encryption_is_refused_at_preview(program: Program) -> None:
    key = f"arn:aws:kms:{REGION}:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    for given in ({}, {"encrypted": False}):
        assert program.resource(FILES).refusals({"kmsKeyId": key, **given}) == [("kmsKeyId", "needs encrypted")]
    assert program.resource(FILES).refusals({"kmsKeyId": key, "encrypted": True}) == []


@pytest.mark.parametrize(("mode", "sent"), [("provisioned", 100.0), ("elastic", None)])
def test_throughput_is_sent_in_the_mode_that_takes_it(mode: str, sent: float | None) -> None:
    given = {"throughputMode": mode, "provisionedThroughputInMibps": 100}
    assert of_creation(FILES, given)[0].get("ProvisionedThroughputInMibps") == sent
    old = {"throughputMode": "bursting", "provisionedThroughputInMibps": 100}
    [asked] = of_update(FILES, old, id=SOME, throughputMode=mode)
    assert (asked["ThroughputMode"], asked.get("ProvisionedThroughputInMibps")) == (mode, sent)


def test_throughput_changes_before_the_lifecycle_and_the_protection() -> None:
    changed: dict[str, Any] = {"lifecyclePolicies": [{"transitionToIa": "AFTER_90_DAYS"}], "throughputMode": "elastic"}
    changed["protection"] = {"replicationOverwrite": "DISABLED"}
    asked = of_update(FILES, {"throughputMode": "bursting"}, id=SOME, **changed)
    assert calls(asked) == ["UpdateFileSystem", "PutLifecycleConfiguration", "UpdateFileSystemProtection"]


@pytest.mark.parametrize(
    ("addresses", "kind"),
    [
        ({"IpAddress": "10.0.0.1"}, "IPV4_ONLY"),
        ({"Ipv6Address": "::1"}, "IPV6_ONLY"),
        ({"IpAddress": "10.0.0.1", "Ipv6Address": "::1"}, "DUAL_STACK"),
    ],
)
def test_the_type_of_address_is_read_from_the_addresses(addresses: dict[str, str], kind: str) -> None:
    target = {"FileSystemId": SOME, "SubnetId": "subnet-1", "AvailabilityZoneName": "eu-west-1a", **addresses}
    described = {"DescribeMountTargets": {"MountTargets": [target]}}
    found = of_reading(MOUNT, {"fileSystemId": SOME}, described, id="fsmt-0123456789abcdef0") or {}
    assert found["ipAddressType"] == kind


def test_a_token_makes_one_file_system(program: Program, aws: Client, unique: str) -> None:
    files(program, aws, creationToken=unique)
    with pytest.raises(Exception, match="FileSystemAlreadyExists"):
        files(program, aws, creationToken=unique)


def mount(program: Program, it: Resource, subnet: str, group: str) -> Resource:
    return program.up(MOUNT, subnet, fileSystemId=it.id, subnetId=subnet, securityGroups=[group])


def test_each_zone_gets_one_mount_target(program: Program, aws: Client, network: Network) -> None:
    it = files(program, aws)
    made = [mount(program, it, subnet, network.group) for subnet in network.subnets]
    assert all(each.settled() for each in made)
    assert made[0].state["fileSystemArn"] == it.state["arn"]
    beside = network.subnet("10.0.9.0/24", network.ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneId"])
    with pytest.raises(Exception, match="MountTargetConflict"):
        mount(program, it, beside, network.group)
    with pytest.raises(Exception, match="SubnetNotFound"):
        mount(program, it, "subnet-0123456789abcdef0", network.group)
    with pytest.raises(Exception, match="SecurityGroupNotFound"):
        mount(program, files(program, aws), network.subnets[0], "sg-0123456789abcdef0")


def test_groups_of_a_mount_target_change_in_place(program: Program, aws: Client, network: Network) -> None:
    it = mount(program, files(program, aws), network.subnets[0], network.group)
    other = network.security_group("other")
    it.update(securityGroups=[other])
    assert aws("efs").describe_mount_target_security_groups(MountTargetId=it.id)["SecurityGroups"] == [other]


def test_what_a_mount_target_stands_on_cannot_go_before_it(
    program: Program, aws: Client, network: Network, refused: Any
) -> None:
    it = files(program, aws)
    target = mount(program, it, network.subnets[0], network.group)
    assert refused(aws("efs").delete_file_system, FileSystemId=it.id) == "FileSystemInUse"
    assert refused(network.ec2.delete_subnet, SubnetId=network.subnets[0]) == "DependencyViolation"
    assert refused(network.ec2.delete_security_group, GroupId=network.group) == "DependencyViolation"
    target.delete()
    it.delete()
    assert (target.gone(), it.gone()) == (True, True)
    assert refused(network.ec2.delete_security_group, GroupId=network.group) == ""


def test_an_access_point_is_a_user_and_a_directory_and_never_changes(program: Program, aws: Client) -> None:
    creation = {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}
    it = program.up(
        POINT,
        fileSystemId=files(program, aws).id,
        posixUser={"uid": 1000, "gid": 1000},
        rootDirectory={"path": "/ha-web", "creationInfo": creation},
        tags={"Name": "way-in"},
    )
    (found,) = aws("efs").describe_access_points(AccessPointId=it.id)["AccessPoints"]
    assert (found["PosixUser"], found["RootDirectory"]["Path"]) == ({"Uid": 1000, "Gid": 1000}, "/ha-web")
    assert it.state["arn"] == found["AccessPointArn"]
    assert it.settled()
    assert it.changes(posixUser={"uid": 2, "gid": 2}) == {
        "posixUser.uid": "UPDATE_REPLACE",
        "posixUser.gid": "UPDATE_REPLACE",
    }
    it.delete()
    assert it.gone()


def test_a_policy_is_put_changed_and_taken_away(program: Program, aws: Client) -> None:
    it = files(program, aws)

    def policy(sid: str) -> str:
        denied = {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}
        statement = {**denied, "Resource": it.state["arn"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        return json.dumps({"Version": "2012-10-17", "Id": "x", "Statement": [statement]})

    made = program.up(POLICY, fileSystemId=it.id, policy=policy("a"))
    assert made.settled()
    made.update(policy=policy("b"))
    assert (
        json.loads(aws("efs").describe_file_system_policy(FileSystemId=it.id)["Policy"])["Statement"][0]["Sid"] == "b"
    )
    assert made.changes(fileSystemId="fs-0123456789abcdef2") == {"fileSystemId": "UPDATE_REPLACE"}
    made.delete()
    assert made.gone()


def test_automatic_backups_that_someone_turns_on_are_seen(program: Program, aws: Client) -> None:
    it = program.up(BACKUPS, fileSystemId=files(program, aws).id, backupPolicy={"status": "DISABLED"})
    assert it.settled()
    aws("efs").put_backup_policy(FileSystemId=it.id, BackupPolicy={"Status": "ENABLED"})
    assert it.read() == {"backupPolicy.status": "UPDATE"}


def pair(program: Program, aws: Client) -> tuple[Resource, Resource]:
    return files(program, aws), files(program, aws, AWAY, protection={"replicationOverwrite": "DISABLED"})


def replicated(program: Program, source: Resource, copy: Resource) -> Resource:
    return program.up(REPLICATION, sourceFileSystemId=source.id, destination={"fileSystemId": copy.id, "region": AWAY})


def protection(aws: Client, it: Resource, region: str) -> str:
    return str(described(aws, it, region)["FileSystemProtection"]["ReplicationOverwriteProtection"])


def test_a_replication_is_seen_from_both_regions(program: Program, aws: Client) -> None:
    source, copy = pair(program, aws)
    it = replicated(program, source, copy)
    assert it.settled()
    for region, file_system in ((REGION, source.id), (AWAY, copy.id)):
        (found,) = aws("efs", region).describe_replication_configurations(FileSystemId=file_system)["Replications"]
        assert (found["SourceFileSystemId"], found["Destinations"][0]["FileSystemId"]) == (source.id, copy.id)
    assert protection(aws, copy, AWAY) == "REPLICATING"
    assert it.changes(destination={"fileSystemId": "fs-0123456789abcdef3", "region": AWAY}) == {
        "destination.fileSystemId": "UPDATE_REPLACE"
    }


def test_neither_file_system_goes_while_it_is_replicated(program: Program, aws: Client, refused: Any) -> None:
    source, copy = pair(program, aws)
    it = replicated(program, source, copy)
    assert refused(aws("efs").delete_file_system, FileSystemId=source.id) == "FileSystemInUse"
    assert refused(aws("efs", AWAY).delete_file_system, FileSystemId=copy.id) == "FileSystemInUse"
    opening = {"FileSystemId": copy.id, "ReplicationOverwriteProtection": "DISABLED"}
    assert refused(aws("efs", AWAY).update_file_system_protection, **opening) == "ReplicationAlreadyExists"
    it.delete()
    assert it.gone()


def test_a_protected_file_system_is_never_overwritten(program: Program, aws: Client) -> None:
    source, copy = files(program, aws), files(program, aws, AWAY)
    with pytest.raises(Exception, match="overwrite protection"):
        replicated(program, source, copy)


@pytest.mark.parametrize("mode", ["ALL_CONFIGURATIONS", "LOCAL_CONFIGURATION_ONLY"])
def test_a_failover_ends_the_replication_from_the_copys_region_and_the_copy_is_protected(
    program: Program, aws: Client, mode: str, refused: Any
) -> None:
    source, copy = pair(program, aws)
    it = replicated(program, source, copy)
    away = aws("efs", AWAY)
    away.delete_replication_configuration(SourceFileSystemId=source.id, DeletionMode=mode)
    assert refused(away.describe_replication_configurations, FileSystemId=copy.id) == "ReplicationNotFound"
    assert protection(aws, copy, AWAY) == "ENABLED"
    assert it.gone()
    it.delete()  # what an `up` without the replication does: nothing is there, and that is fine


def test_a_third_region_cannot_end_a_replication(program: Program, aws: Client, refused: Any) -> None:
    source, copy = pair(program, aws)
    replicated(program, source, copy)
    third = aws("efs", "us-east-1").delete_replication_configuration
    assert refused(third, SourceFileSystemId=source.id) == "FileSystemNotFound"
    assert protection(aws, copy, AWAY) == "REPLICATING"


def test_the_providers_word_for_a_replica_is_refused_as_the_provider_refuses_it(program: Program) -> None:
    wrong = program.resource(FILES).refusals({"protection": {"replicationOverwrite": "REPLICATING"}})
    assert wrong == [
        ("protection.replicationOverwrite", 'expected one of ["ENABLED" "DISABLED"], got REPLICATING'),
    ]


def test_a_replica_that_is_left_alone_after_it_was_opened_is_settled(program: Program, aws: Client) -> None:
    source, copy = pair(program, aws)
    replicated(program, source, copy)
    assert copy.changes(protection=None) == {}
    copy.update(protection=None)
    assert copy.settled()
    aws("efs", AWAY).delete_replication_configuration(SourceFileSystemId=source.id)
    assert copy.settled()


def test_a_file_system_is_looked_up_by_its_token_or_its_id(program: Program, aws: Client, unique: str) -> None:
    it = files(program, aws, creationToken=unique)
    token = "aws:efs/getFileSystem:getFileSystem"
    lifecycle = it.lifecycle
    for asked in ({"creationToken": unique}, {"fileSystemId": it.id}):
        found, wrong = functions.invoke(lifecycle.clients, lifecycle.region, token, asked)
        assert (found["fileSystemId"], found["protections"], wrong) == (
            it.id,
            [{"replicationOverwrite": "ENABLED"}],
            [],
        )
    for none in ({"creationToken": f"{unique}-2"}, {"fileSystemId": "fs-0123456789abcdef0"}):
        with pytest.raises(RuntimeError, match="no matching EFS file system found"):
            functions.invoke(lifecycle.clients, lifecycle.region, token, none)


def test_what_holds_files_is_found_by_its_tag(program: Program, aws: Client, unique: str) -> None:
    it = files(program, aws, tags={unique: "true"})
    found = aws("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": unique, "Values": ["true"]}])
    assert [each["ResourceARN"] for each in found["ResourceTagMappingList"]] == [it.state["arn"]]
