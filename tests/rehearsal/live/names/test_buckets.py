"""S3 as Route 53's checkers see it."""

import asyncio
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.live.names.buckets import Buckets, region_of

BUCKET = "switch.s3.eu-central-1.amazonaws.com"
CHECKER, OTHER = "54.228.16.10", "203.0.113.9"

POLICY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": ["arn:aws:s3:::switch/readable", "arn:aws:s3:::switch/standby-serves"],
            "Condition": {"IpAddress": {"aws:SourceIp": ["54.228.16.0/26"]}},
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::switch/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]
}


class Account:
    def __init__(self, policy: dict[str, Any] | None, objects: set[str]) -> None:
        self.policy, self.objects = policy, objects

    async def ask(self, _service: str, _region: str, operation: str, **given: str) -> dict[str, Any]:
        if operation == "get_bucket_policy" and self.policy:
            return {"Policy": json.dumps(self.policy)}
        if operation == "head_object" and given["Key"] in self.objects:
            return {"ContentLength": 3}
        raise ClientError({"Error": {"Code": "404", "Message": ""}}, operation)


def get(account: Account, path: str, address: str = CHECKER, host: str = BUCKET) -> int:
    return asyncio.run(Buckets(account.ask, "eu-central-1").get(host, path, address))[0]


LISTING: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::switch",
}


@pytest.mark.parametrize(
    ("path", "address", "wanted"),
    [
        ("/readable", CHECKER, 200),
        ("/readable?versionId=1", CHECKER, 200),
        ("/standby-serves", CHECKER, 403),
        ("/readable", OTHER, 403),
        ("/secret", CHECKER, 403),
    ],
)
def test_the_buckets_policy_says_who_reads_what(path: str, address: str, wanted: int) -> None:
    assert get(Account(POLICY, {"readable", "secret"}), path, address) == wanted


def test_who_may_list_the_bucket_learns_that_an_object_is_missing() -> None:
    policy = {"Statement": [*POLICY["Statement"], LISTING]}
    assert get(Account(policy, set()), "/standby-serves") == 404


def test_without_a_policy_nobody_is_let_in() -> None:
    assert get(Account(None, {"readable"}), "/readable") == 403


def test_a_bucket_of_another_region_is_not_served_here() -> None:
    assert get(Account(POLICY, {"readable"}), "/readable", host="switch.s3.eu-west-1.amazonaws.com") == 400


def test_a_changed_policy_holds_once_the_old_one_is_forgotten() -> None:
    account = Account(None, {"readable"})
    buckets = Buckets(account.ask, "eu-central-1")
    assert asyncio.run(buckets.get(BUCKET, "/readable", CHECKER))[0] == 403
    account.policy = POLICY
    buckets.forget()
    assert asyncio.run(buckets.get(BUCKET, "/readable", CHECKER))[0] == 200


def test_the_region_stands_in_the_name() -> None:
    assert region_of("a.b.s3.eu-central-1.amazonaws.com.") == "eu-central-1"
    assert region_of("lb.eu-central-1.elb.amazonaws.com") is None
