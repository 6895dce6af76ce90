"""Objects of S3, and the trust stores that are made of them, in the emulated plugin."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from rehearsal.aws_plugin.calls.archive import ASSET, SIGNATURE
from rehearsal.aws_plugin.calls.context import RECORDED
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_deletion, of_update
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObject:BucketObject"
STORE = "aws:lb/trustStore:TrustStore"


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def bundle(program: Program, unique: str) -> Resource:
    bucket = program.up(BUCKET, unique, forceDestroy=True).id
    program.up("aws:s3/bucketVersioning:BucketVersioning", bucket=bucket, versioningConfiguration={"status": "Enabled"})
    return program.up(OBJECT, bucket=bucket, key="a.pem", content="one", contentType="application/x-pem-file")


def content(aws: Client, resource: Resource) -> str:
    found: dict[str, Any] = aws("s3").get_object(Bucket=resource.inputs["bucket"], Key=resource.inputs["key"])
    return str(found["Body"].read().decode())


def test_an_object_has_the_programs_content_and_a_version(bundle: Resource, aws: Client) -> None:
    assert content(aws, bundle) == "one"
    assert bundle.state["versionId"]
    assert bundle.settled()


def test_other_content_is_another_version_in_place(bundle: Resource, aws: Client) -> None:
    before = bundle.state["versionId"]
    assert bundle.update(content="two") == {"content": "UPDATE"}
    assert content(aws, bundle) == "two"
    assert bundle.state["versionId"] != before


def test_another_key_is_another_object(bundle: Resource) -> None:
    assert bundle.difference({**bundle.inputs, "key": "b.pem"}).replaces == ["key"]


def test_a_deleted_object_is_seen_to_be_gone(bundle: Resource) -> None:
    bundle.delete()
    assert bundle.gone()


def test_a_trust_store_is_recorded_and_follows_its_bundle_in_place(program: Program, bundle: Resource) -> None:
    given = {"caCertificatesBundleS3Bucket": bundle.inputs["bucket"], "caCertificatesBundleS3Key": "a.pem"}
    store = program.up(STORE, "web-ts", **given, caCertificatesBundleS3ObjectVersion="1", tags={"a": "b"})
    assert store.state["arn"] == store.id
    assert "truststore/web-ts-" in store.id
    assert store.state[RECORDED] == ["CreateTrustStore"]
    assert store.settled()
    assert store.changes(caCertificatesBundleS3ObjectVersion="2") == {"caCertificatesBundleS3ObjectVersion": "UPDATE"}
    assert not store.difference({**given, "caCertificatesBundleS3ObjectVersion": "2", "tags": {"a": "b"}}).replaces
    store.delete()


FILE = "aws:s3/bucketObjectv2:BucketObjectv2"


def asset(path: Path, content: str) -> dict[str, str]:
    """A file as it arrives on Pulumi's wire."""
    path.write_text(content)
    return {SIGNATURE: ASSET, "hash": hashlib.sha256(content.encode()).hexdigest(), "path": str(path)}


@pytest.fixture
def file(program: Program, unique: str, tmp_path: Path) -> Resource:
    bucket = program.up(BUCKET, unique).id
    program.up("aws:s3/bucketVersioning:BucketVersioning", bucket=bucket, versioningConfiguration={"status": "Enabled"})
    given = {"checksumAlgorithm": "SHA256", "contentType": "application/x-tar"}
    return program.up(FILE, bucket=bucket, key="site.tar", source=asset(tmp_path / "one", "one"), **given)


def test_a_files_content_is_the_objects_wherever_the_file_is(file: Resource, aws: Client, tmp_path: Path) -> None:
    assert content(aws, file) == "one"
    assert file.settled()
    assert file.changes(source=asset(tmp_path / "elsewhere", "one")) == {}


def test_a_file_with_other_content_is_another_version_and_the_former_stays(
    file: Resource, aws: Client, tmp_path: Path
) -> None:
    before, where = file.state["versionId"], {"Bucket": file.inputs["bucket"], "Key": "site.tar"}
    assert file.update(source=asset(tmp_path / "two", "two")) != {}
    assert content(aws, file) == "two"
    assert file.state["versionId"] != before
    assert aws("s3").get_object(**where, VersionId=before)["Body"].read() == b"one"


def test_with_a_file_all_its_versions_are_deleted_so_that_the_bucket_can_be(
    file: Resource, aws: Client, tmp_path: Path
) -> None:
    file.update(source=asset(tmp_path / "two", "two"))
    file.delete()
    assert file.gone()
    aws("s3").delete_bucket(Bucket=file.inputs["bucket"])


PLACE = {"bucket": "web", "key": "a"}
AT = {"Bucket": "web", "Key": "a"}
UNTIL, SOONER = "2030-01-01T00:00:00Z", "2029-01-01T00:00:00Z"


def test_an_old_kind_of_object_says_that_it_is_private_and_the_new_one_says_nothing() -> None:
    assert of_creation(OBJECT, {**PLACE, "content": "x"})[0]["ACL"] == "private"
    assert "ACL" not in of_creation(FILE, {**PLACE, "content": "x"})[0]


def test_an_object_with_a_key_is_encrypted_by_kms() -> None:
    [asked] = of_creation(OBJECT, {**PLACE, "content": "x", "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"})
    assert asked["ServerSideEncryption"] == "aws:kms"


@pytest.mark.parametrize("token", [OBJECT, FILE])
def test_only_other_content_puts_an_object_anew(token: str) -> None:
    old = {**PLACE, "content": "x", "acl": "private", "objectLockMode": "GOVERNANCE"}
    put = of_update(token, old, content="y", acl="public-read")
    assert (calls(put), put[0]["ACL"], put[0]["ObjectLockMode"]) == (["PutObject"], "public-read", "GOVERNANCE")
    assert calls(of_update(token, old, sourceHash="1")) == ["PutObject"]
    assert of_update(token, old, acl="public-read") == [{"call": "PutObjectAcl", **AT, "ACL": "public-read"}]
    held = {"call": "PutObjectLegalHold", **AT, "LegalHold": {"Status": "ON"}}
    assert of_update(token, old, objectLockLegalHoldStatus="ON") == [held]


@pytest.mark.parametrize(
    ("before", "after", "bypass"), [(None, UNTIL, False), (UNTIL, SOONER, True), (UNTIL, None, True)]
)
def test_a_lock_is_shortened_only_past_its_governance(before: str | None, after: str | None, bypass: bool) -> None:
    old = {**PLACE, "content": "x", "objectLockMode": "GOVERNANCE", "objectLockRetainUntilDate": before}
    [asked] = of_update(OBJECT, old, objectLockRetainUntilDate=after)
    kept = {"RetainUntilDate": after} if after else {}
    assert asked["Retention"] == {"Mode": "GOVERNANCE", **kept}
    assert ("BypassGovernanceRetention" in asked) is bypass


def test_an_object_goes_with_all_its_versions() -> None:
    listed = {"Versions": [{"Key": key, "VersionId": "1"} for key in ("a", "ab")]}
    listed["DeleteMarkers"] = [{"Key": "a", "VersionId": "2"}]
    answers = {"ListObjectVersions": listed}
    _, version, marker = of_deletion(OBJECT, {**PLACE, "forceDestroy": True}, answers, versionId="3")
    assert version == {"call": "DeleteObject", **AT, "VersionId": "1", "BypassGovernanceRetention": True}
    assert marker == {"call": "DeleteObject", **AT, "VersionId": "2"}
    assert of_deletion(OBJECT, PLACE, answers) == [{"call": "DeleteObject", **AT}]


def test_how_an_object_is_encrypted_is_read(program: Program, aws: Client, unique: str) -> None:
    bucket = program.up(BUCKET, unique, forceDestroy=True).id
    it = program.up(OBJECT, bucket=bucket, key="a", content="x", serverSideEncryption="AES256")
    assert it.settled()
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    aws("s3").put_object(Bucket=bucket, Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert it.read() == {"serverSideEncryption": "UPDATE"}
