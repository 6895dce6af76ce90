"""Resources of an OperationsRecords."""

import json
from collections.abc import Callable
from typing import Any, cast

import pulumi
import pytest
from ha_web import ConfigurationError, OperationsRecords, OperationsRecordsArgs

from tests.components.made import Made, make

BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


def records(late: Callable[[], dict[str, Any]] = dict, **args: Any) -> Made[OperationsRecords]:
    """Made; `late` gives arguments with outputs, which only a program can have."""

    def build() -> OperationsRecords:
        given = {"regions": ["eu-west-1", "eu-central-1"], "outputs": {"site": "www.example.com"}, **args, **late()}
        return OperationsRecords("site", cast(OperationsRecordsArgs, given))

    return make(build)


def test_each_region_has_a_copy_of_the_outputs() -> None:
    made = records(lambda: {"outputs": {"site": pulumi.Output.from_input("www.example.com")}})
    copies = {each["region"]: each for each in made.all(OBJECT)}
    assert set(copies) == {"eu-west-1", "eu-central-1"}
    assert {json.loads(each["content"])["site"] for each in copies.values()} == {"www.example.com"}
    assert {each["key"] for each in copies.values()} == {"outputs.json"}


def test_each_copy_tells_of_all_buckets_so_that_lock_and_journal_are_found() -> None:
    made = records()
    names = {each["region"]: each["bucket"] for each in made.all(OBJECT)}
    assert len({*names.values()}) == 2
    for each in made.all(OBJECT):
        assert json.loads(each["content"])["operations_buckets"] == names


def test_the_journal_expires_and_the_outputs_never_do() -> None:
    made = records(journal_days=30)
    for each in made.all("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"):
        [rule] = each["rules"]
        assert (rule["filter"]["prefix"], rule["expiration"]["days"]) == ("journal/", 30)
        assert rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"] > 0


def test_the_buckets_are_closed_versioned_over_tls_only_and_in_no_backup() -> None:
    made = records()
    assert len(made.all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")) == 2
    assert len(made.all("aws:s3/bucketVersioning:BucketVersioning")) == 2
    policies = [json.loads(each["policy"]) for each in made.all("aws:s3/bucketPolicy:BucketPolicy")]
    assert [[s["Sid"] for s in policy["Statement"]] for policy in policies] == [["OnlyOverTls"]] * 2
    assert {each["tags"]["ha-web:backup"] for each in made.all(BUCKET)} == {"no: logs"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"regions": []}, "regions is empty"),
        ({"regions": ["eu-west-1", "eu-west-1"]}, "regions names one twice"),
        ({"journal_days": 0}, "journal_days is 0; it must be at least 1"),
        ({"days": 3}, "days"),
    ],
)
def test_what_can_not_be_is_refused(args: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        records(**args)
