"""Buckets of S3 and their settings in the emulated plugin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.asked import calls, of_creation, of_deletion, of_reading, of_update, refused
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource


def policy(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


@pytest.fixture
def bucket(program: Program, unique: str) -> Resource:
    return program.up("aws:s3/bucket:Bucket", unique, forceDestroy=True)


def test_a_bucket_is_named_in_lower_case_and_emptied_only_when_it_says_so(
    program: Program, aws: Client, unique: str
) -> None:
    bucket = program.up("aws:s3/bucket:Bucket", f"Logs{unique}", tags={"a": "b"})
    assert bucket.id.startswith(f"logs{unique}-")
    assert bucket.settled()
    bucket.update(tags=None)
    assert bucket.settled()
    aws("s3").put_object(Bucket=bucket.id, Key="k", Body=b"v")
    with pytest.raises(Exception, match="BucketNotEmpty"):
        bucket.delete()
    bucket.update(forceDestroy=True)
    bucket.delete()
    assert bucket.gone()


SETTINGS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True},
        {"blockPublicPolicy": False},
    ),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": True}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]},
    ),
    (
        "aws:s3/bucketVersioning:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
    ),
    (
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"rules": [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}]},
        {"rules": [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 90}}]},
    ),
    (
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": policy("a")}, {"policy": policy("b")}),
]


@pytest.mark.parametrize(("token", "before", "after"), SETTINGS, ids=[each[0].rpartition(":")[2] for each in SETTINGS])
def test_a_setting_of_a_bucket_changes_in_place_and_belongs_to_its_bucket(
    program: Program, bucket: Resource, token: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    setting = program.up(token, bucket=bucket.id, **before)
    assert setting.settled()
    setting.update(**after)
    assert setting.settled()
    assert setting.changes(bucket="other") == {"bucket": "UPDATE_REPLACE"}
    setting.delete()


VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
SUSPENDED = {"call": "PutBucketVersioning", "Bucket": "web", "VersioningConfiguration": {"Status": "Suspended"}}


def versions(status: str) -> dict[str, Any]:
    return {"bucket": "web", "versioningConfiguration": {"status": status}}


def test_a_new_bucket_is_private_and_its_access_list_changes_in_place() -> None:
    token = "aws:s3/bucket:Bucket"
    assert of_creation(token, {"bucket": "web"})[0]["ACL"] == "private"
    put = {"call": "PutBucketAcl", "Bucket": "web"}
    assert of_update(token, {"bucket": "web"}, id="web", acl="public-read") == [{**put, "ACL": "public-read"}]
    old = {"bucket": "web", "acl": "public-read"}
    assert of_update(token, old, id="web", acl=None) == [{**put, "ACL": "private"}]


def test_a_bucket_is_emptied_once_its_deletion_was_refused() -> None:
    token, full = "aws:s3/bucket:Bucket", [refused("BucketNotEmpty"), {}]
    found = {"Versions": [{"Key": "a", "VersionId": "1"}]}
    answers = {"DeleteBucket": full, "ListObjectVersions": [found, {}]}
    emptied = ["DeleteBucket", "ListObjectVersions", "DeleteObjects", "ListObjectVersions", "DeleteBucket"]
    assert calls(of_deletion(token, {"bucket": "web", "forceDestroy": True}, answers, id="web")) == emptied
    with pytest.raises(CallError):
        of_deletion(token, {"bucket": "web"}, {"DeleteBucket": refused("BucketNotEmpty")}, id="web")
    assert calls(of_deletion(token, {"bucket": "web", "forceDestroy": True}, id="web")) == ["DeleteBucket"]


@pytest.mark.parametrize(
    ("status", "asked", "deleted"),
    [
        ("Enabled", "PutBucketVersioning", [SUSPENDED]),
        ("Suspended", "PutBucketVersioning", [SUSPENDED]),
        ("Disabled", "GetBucketVersioning", []),
    ],
)
def test_a_bucket_without_versions_is_left_alone_and_others_are_suspended(
    status: str, asked: str, deleted: list[dict[str, Any]]
) -> None:
    assert calls(of_creation(VERSIONING, versions(status))) == [asked]
    assert of_deletion(VERSIONING, versions(status)) == deleted
    locked = {"PutBucketVersioning": refused("InvalidBucketState", "An Object Lock configuration is present on it")}
    assert of_deletion(VERSIONING, versions(status), locked) == deleted


def test_a_bucket_with_versions_never_is_without_them_again() -> None:
    for before in ("Enabled", "Suspended"):
        with pytest.raises(RefusedError, match=f"from {before} to Disabled"):
            of_update(VERSIONING, versions(before), versioningConfiguration={"status": "Disabled"})
    assert of_update(VERSIONING, versions("Enabled"), versioningConfiguration={"status": "Suspended"}) == [SUSPENDED]
    found = of_reading(VERSIONING, versions("Disabled"), {"GetBucketVersioning": {}}) or {}
    assert found["versioningConfiguration"] == {"status": "Disabled"}


def test_all_four_blocks_are_always_sent_and_stay_where_the_program_says_so() -> None:
    [asked] = of_creation(BLOCK, {"bucket": "web", "blockPublicAcls": True})
    others = dict.fromkeys(("BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False)
    assert asked["PublicAccessBlockConfiguration"] == {"BlockPublicAcls": True, **others}
    assert calls(of_deletion(BLOCK, {"bucket": "web"})) == ["DeletePublicAccessBlock"]
    assert of_deletion(BLOCK, {"bucket": "web", "skipDestroy": True}) == []


def test_a_lifecycle_says_which_objects_are_too_small_to_move() -> None:
    rules = [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 30}}]
    [asked] = of_creation(LIFECYCLE, {"bucket": "web", "rules": rules})
    assert asked["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


@pytest.mark.parametrize("kind", ["BucketVersioning", "BucketServerSideEncryptionConfiguration"])
def test_another_owner_is_another_setting(kind: str) -> None:
    token = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
    old = {"bucket": "web", "expectedBucketOwner": "123456789012"}
    new = {**old, "expectedBucketOwner": "210987654321"}
    assert between(registry.type_of(token), old, {}, new, REGION, {}).replaces == ["expectedBucketOwner"]
