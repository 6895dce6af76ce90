"""Buckets of S3 and their settings in the emulated plugin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
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
