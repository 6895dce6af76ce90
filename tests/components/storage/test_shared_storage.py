"""Shared storage: who may mount it, where, and what keeps a promoted copy."""

import json
from collections.abc import Mapping
from typing import Any

import grpc
import pytest
from ha_web import ConfigurationError, SharedStorage, StorageReplication
from ha_web.storage.rules import creation_token, file_system_policy, is_not_found

from tests.components.made import Answer, Made, make
from tests.components.regional import assert_region_reaches_everything

FILES, MOUNT, POINT = (
    "aws:efs/fileSystem:FileSystem",
    "aws:efs/mountTarget:MountTarget",
    "aws:efs/accessPoint:AccessPoint",
)
REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration"
LOOKUP = "aws:efs/getFileSystem:getFileSystem"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1"
ARN = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1"
WAY_IN = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1"
ARGS: dict[str, Any] = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "zone_ids": ["euw1-az1", "euw1-az3"],
    "key_arn": KEY,
}


class RefusalError(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    """The error of an invoke that the provider refuses."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self.args[0])


def refuses(reason: str) -> Answer:
    def answer(_args: Mapping[str, Any]) -> Mapping[str, Any]:
        raise RefusalError(reason)

    return answer


NONE_THERE = refuses("reading: no matching EFS file system found")


def found(protection: str) -> Answer:
    return {"id": "fs-2", "protections": [{"replicationOverwrite": protection}]}


def storage(answers: Mapping[str, Answer] | None = None, **changed: Any) -> Made[SharedStorage]:
    return make(
        lambda: SharedStorage("files", {**ARGS, **changed}),  # type: ignore[typeddict-item]  # wrong on purpose, at times
        answers=answers,
        outputs={FILES: {"arn": ARN}, POINT: {"arn": WAY_IN}},
    )


def test_the_file_system_is_encrypted_elastic_and_backed_up() -> None:
    files = storage().one(FILES)
    assert (files["encrypted"], files["kmsKeyId"], files["throughputMode"]) == (True, KEY, "elastic")
    assert "availabilityZoneName" not in files
    assert files["tags"]["ha-web:backup"] == "true"


def test_files_go_to_infrequent_access_and_come_back() -> None:
    assert storage().one(FILES)["lifecyclePolicies"] == [
        {"transitionToIa": "AFTER_30_DAYS"},
        {"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
    ]


def test_there_is_one_backup_plan_and_it_is_not_efs_own() -> None:
    assert storage().one("aws:efs/backupPolicy:BackupPolicy")["backupPolicy"] == {"status": "DISABLED"}


def test_each_zone_has_a_mount_target_that_is_called_by_it() -> None:
    made = storage()
    assert [(m.name, m["subnetId"]) for m in made.all(MOUNT)] == [
        ("files-mount-euw1-az1", "subnet-1"),
        ("files-mount-euw1-az3", "subnet-2"),
    ]
    assert {group for mount in made.all(MOUNT) for group in mount["securityGroups"]} == {"files-storage-mounts-id"}


def test_adding_a_zone_touches_no_other() -> None:
    more = storage(subnet_ids=["subnet-1", "subnet-9", "subnet-2"], zone_ids=["euw1-az1", "euw1-az2", "euw1-az3"])
    before = {mount.name: mount.inputs for mount in storage().all(MOUNT)}
    after = {mount.name: mount.inputs for mount in more.all(MOUNT)}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"files-mount-euw1-az2"}


def test_who_knows_the_access_point_can_mount_in_every_zone() -> None:
    made = storage()
    waited = [urn.rpartition("::")[2] for urn in made.one(POINT).options["depends_on"]]
    assert {mount.name for mount in made.all(MOUNT)} <= set(waited)


def test_clients_reach_nothing_but_nfs() -> None:
    made = storage()
    (into,) = made.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    (out,) = made.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert (into["fromPort"], into["toPort"], into["ipProtocol"]) == (2049, 2049, "tcp")
    assert (out["fromPort"], out["toPort"], out["ipProtocol"]) == (2049, 2049, "tcp")
    mounts, clients = made.outputs["security_group_id"], made.outputs["client_security_group_id"]
    assert (into["securityGroupId"], into["referencedSecurityGroupId"]) == (mounts, clients)
    assert (out["securityGroupId"], out["referencedSecurityGroupId"]) == (clients, mounts)


def test_the_application_is_one_user_in_a_directory_of_its_own() -> None:
    point = storage().one(POINT)
    assert point["posixUser"] == {"uid": 1000, "gid": 1000}
    assert point["rootDirectory"]["path"] == "/ha-web"
    assert point["rootDirectory"]["creationInfo"] == {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}


def test_the_policy_is_about_this_file_system_and_this_way_in() -> None:
    policy = json.loads(storage().one("aws:efs/fileSystemPolicy:FileSystemPolicy")["policy"])
    assert policy == file_system_policy(ARN, WAY_IN)


def statements() -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in file_system_policy(ARN, WAY_IN)["Statement"]}


def test_nobody_mounts_without_tls() -> None:
    denied = statements()["OnlyOverTls"]
    assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", {"AWS": "*"}, "elasticfilesystem:*")
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nobody_mounts_beside_the_access_point() -> None:
    denied = statements()["OnlyThroughTheAccessPoint"]
    assert denied["Condition"] == {"StringNotEquals": {"elasticfilesystem:AccessPointArn": WAY_IN}}
    assert denied["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]


def test_restored_files_are_reached_by_a_second_access_point_while_it_is_wanted() -> None:
    made = storage(shows_restored=True)
    points = {point.name: point["rootDirectory"]["path"] for point in made.all(POINT)}
    assert points == {"files-access-point": "/ha-web", "files-restored": "/"}
    assert made.outputs["restored_access_point_arn"] == made.named("files-restored").state["arn"]
    assert storage().outputs["restored_access_point_arn"] is None
    both = file_system_policy(ARN, WAY_IN, "arn:second")["Statement"]
    ways = [s["Condition"] for s in both if "AccessPointArn" in str(s.get("Condition"))]
    assert [next(iter(way.values())) for way in ways] == [
        {"elasticfilesystem:AccessPointArn": [WAY_IN, "arn:second"]}
    ] * 2


def test_nobody_is_root_and_nobody_anonymous_is_allowed() -> None:
    denied = statements()["NobodyIsRoot"]
    assert (denied["Effect"], denied["Action"], "Condition" in denied) == (
        "Deny",
        "elasticfilesystem:ClientRootAccess",
        False,
    )
    allowed = [statement for statement in statements().values() if statement["Effect"] == "Allow"]
    assert [statement["Principal"] for statement in allowed] == [{"AWS": "arn:aws:iam::123456789012:root"}]


def test_nothing_of_the_program_replaces_the_file_system() -> None:
    assert set(storage().one(FILES).options["ignore_changes"]) == {"kmsKeyId", "creationToken"}


def test_a_new_file_system_that_receives_a_replica_is_made_open() -> None:
    made = storage({LOOKUP: NONE_THERE}, receives_replica=True)
    assert made.one(FILES)["protection"] == {"replicationOverwrite": "DISABLED"}
    assert made.calls[0].args == {"creationToken": "test/test/files"}
    assert made.one(FILES)["creationToken"] == "test/test/files"


@pytest.mark.parametrize("protection", ["REPLICATING", "ENABLED", "DISABLED"])
def test_one_that_is_there_is_never_opened(protection: str) -> None:
    assert "protection" not in storage({LOOKUP: found(protection)}, receives_replica=True).one(FILES)


def test_a_look_up_that_fails_for_another_reason_is_no_proof_that_there_is_none() -> None:
    assert is_not_found("reading: no matching EFS file system found")
    assert not is_not_found("AccessDeniedException: not authorized to perform DescribeFileSystems")
    assert not is_not_found("multiple EFS file systems matched; use additional constraints")


def test_one_that_receives_nothing_keeps_its_protection_and_asks_nobody() -> None:
    made = storage()
    assert "protection" not in made.one(FILES)
    assert made.calls == []
    assert made.all(REPLICATION) == []


def test_it_can_replicate_itself_and_is_the_same_file_system() -> None:
    copy = {"file_system_id": "fs-2", "region": "eu-central-1"}
    made = storage({LOOKUP: found("DISABLED")}, replicate_to=copy)
    assert made.one(REPLICATION)["sourceFileSystemId"] == made.outputs["file_system_id"]
    assert made.one(REPLICATION)["destination"] == {"fileSystemId": "fs-2", "region": "eu-central-1"}
    assert made.one(FILES).inputs == storage().one(FILES).inputs


REPLICATE: dict[str, Any] = {
    "source_file_system_id": "fs-1",
    "source_region": "eu-west-1",
    "destination_file_system_id": "fs-2",
    "destination_region": "eu-central-1",
}


def replication(protection: str) -> Made[StorageReplication]:
    return make(
        lambda: StorageReplication("copy", REPLICATE),  # type: ignore[arg-type]  # a dict for the tests' sake
        answers={LOOKUP: found(protection)},
    )


def test_the_replication_is_managed_in_the_source_region_and_its_copy_looked_up_in_the_others() -> None:
    made = replication("REPLICATING")
    assert made.one(REPLICATION)["region"] == "eu-west-1"
    assert [call.args for call in made.calls] == [{"fileSystemId": "fs-2", "region": "eu-central-1"}]
    outputs = made.outputs["source_file_system_id"], made.outputs["destination_file_system_id"]
    assert outputs == ("fs-1", "fs-2")


@pytest.mark.parametrize(("protection", "warned"), [("ENABLED", 1), ("REPLICATING", 0), ("DISABLED", 0)])
def test_a_promoted_copy_is_told_of(protection: str, warned: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, _resource: told.append(message))
    replication(protection)
    assert len(told) == warned
    if told:
        assert told[0].startswith('StorageReplication "copy": fs-2 in eu-central-1 is protected from being overwritten')


def test_a_copy_in_the_same_region_is_refused() -> None:
    args: Any = {**REPLICATE, "destination_region": "eu-west-1"}
    with pytest.raises(ConfigurationError) as refusal:
        make(lambda: StorageReplication("copy", args))
    assert str(refusal.value) == (
        'StorageReplication "copy": source_region and destination_region are "eu-west-1"; '
        "a copy must be in another region"
    )


def test_too_few_zones_and_too_few_subnets_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        storage(zone_ids=["euw1-az1"])
    assert str(refusal.value) == (
        'SharedStorage "files": zone_ids has 1; surviving a zone needs at least 2\n'
        'SharedStorage "files": subnet_ids has 2, zone_ids 1; give each zone one subnet, in the same order'
    )


def test_a_zone_that_is_named_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='zone_ids has "euw1-az1" twice; a file system has one mount target'):
        storage(zone_ids=["euw1-az1", "euw1-az1"])


def test_a_long_token_fits_and_stays_its_own() -> None:
    one, other = (creation_token("project", "stack", f"{'x' * 80}{end}") for end in "ab")
    assert len(one) == len(other) == 64
    assert one != other


def test_the_region_reaches_everything() -> None:
    def build(region: str | None) -> SharedStorage:
        args: Any = {**ARGS, "region": region, "receives_replica": True}
        return SharedStorage("files", args)

    assert_region_reaches_everything(build, answers={LOOKUP: found("DISABLED")})
