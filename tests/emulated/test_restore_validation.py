"""The restore validation's questions, put to the emulated account: names, shapes and verdicts of real answers."""

from typing import Any

import pytest
from ha_web.backup.validation.handler import NotReady, look

from tests.conftest import Client


def test_a_bucket_answers_when_it_has_objects(aws: Client, unique: str) -> None:
    s3, arn = aws("s3"), f"arn:aws:s3:::{unique}"
    assert look("S3", arn, aws).facts == f"{arn} isn't there"
    s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert look("S3", arn, aws).facts == "it is empty"
    s3.put_object(Bucket=unique, Key="a", Body=b"")
    assert look("S3", arn, aws).facts == "all its objects are empty"
    s3.put_object(Bucket=unique, Key="b", Body=b"data")
    verdict = look("S3", arn, aws)
    assert (verdict.successful, verdict.facts) == (True, f"{unique} available; 2 objects seen, 4 bytes")


def test_a_cluster_answers_with_its_instances(aws: Client, unique: str) -> None:
    rds = aws("rds")
    made: dict[str, Any] = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
    cluster = rds.create_db_cluster(DBClusterIdentifier=unique, StorageEncrypted=True, **made)["DBCluster"]
    assert look("Aurora", cluster["DBClusterArn"], aws).successful
    name = f"{unique}-1"
    instance = {"DBInstanceClass": "db.r6g.large", "Engine": "aurora-postgresql"}
    rds.create_db_instance(DBInstanceIdentifier=name, DBClusterIdentifier=unique, **instance)
    verdict = look("Aurora", cluster["DBClusterArn"], aws)
    assert verdict.successful
    assert f"{unique}, {name} available; aurora-postgresql" in verdict.facts
    open_one = rds.create_db_cluster(DBClusterIdentifier=f"{unique}-open", **made)["DBCluster"]["DBClusterArn"]
    assert look("Aurora", open_one, aws).facts == "the cluster isn't encrypted"
    assert look("Aurora", f"{cluster['DBClusterArn']}-none", aws).facts.endswith("isn't there")


@pytest.mark.parametrize(("restored", "successful"), [(6_144, False), (10_000_000, True), (None, True)])
def test_a_file_system_answers_by_the_size_that_the_job_restored(
    aws: Client, unique: str, restored: int | None, successful: bool
) -> None:
    made = aws("efs").create_file_system(CreationToken=unique, Encrypted=True)
    try:
        verdict = look("EFS", made["FileSystemArn"], aws, restored)
    except NotReady:  # the emulator may take a moment
        pytest.skip("still creating")
    assert verdict.successful is successful
    assert look("EFS", f"{made['FileSystemArn'][:-1]}", aws).facts.endswith("isn't there")
