"""Conditions that leave only callers whom somebody has named, and those that look like it."""

from typing import Any

import pytest
from resilience.aws.conditions import conditions_of
from resilience.aws.policy_documents import everyone, statements

ACCOUNT = "123456789012"


def is_open(principal: str = "Principal", /, **condition: Any) -> bool:
    """Return whether a statement for everybody with this condition is open; `ForAllValues__` is a quantifier."""
    conditions = {operator.replace("__", ":"): keys for operator, keys in condition.items()}
    statement = {"Effect": "Allow", principal: {"AWS": "*"}, "Action": "*", "Resource": "*", "Condition": conditions}
    [read] = statements({"Statement": statement})
    return everyone(read)


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        {"StringEqualsIgnoreCase": {"AWS:PrincipalOrgID": ["o-1", "o-2"]}},
        {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/web-*"}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:*"}},
        {"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::pictures"}},
        {"ForAnyValue__StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringNotEquals": {"aws:PrincipalArn": "x"}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        {"StringEquals": {"kms:CallerAccount": ACCOUNT}, "StringLike": {"kms:CallerAccount": "*"}},
    ],
)
def test_naming_who_may_call_closes(condition: dict[str, Any]) -> None:
    assert not is_open(**condition)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
        {"StringNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:*"}},
        {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:*"}},
        {"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}},
        {"ForAllValues__StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/"}},
        {"StringLike": {"aws:PrincipalAccount": "*"}},
        {"StringLike": {"aws:PrincipalAccount": "12345678901?"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, "*"]}},
        {"StringEquals": {"aws:PrincipalAccount": []}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:*:*:*:*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/web"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"ArnLike": {"aws:SourceArn": "arn:*"}},
        {"Null": {"aws:PrincipalAccount": "false"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringEquals": {"sts:ExternalId": "x"}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    ],
)
def test_a_condition_that_lets_strangers_pass_does_not_close(condition: dict[str, Any]) -> None:
    assert is_open(**condition)


def test_all_but_somebody_is_everybody_until_a_condition_closes_it() -> None:
    assert is_open("NotPrincipal")
    assert not is_open("NotPrincipal", StringEquals={"aws:PrincipalOrgID": "o-1"})


@pytest.mark.parametrize(
    ("addresses", "few"),
    [
        ("203.0.113.7", True),
        (["203.0.113.0/24", "2001:db8::/32"], True),
        ("10.0.0.0/7", False),
        (["203.0.113.0/24", "::/0"], False),
        ("anywhere", False),
        ([], False),
    ],
)
def test_few_addresses_are_not_the_public(addresses: Any, few: bool) -> None:
    [condition] = conditions_of({"IpAddress": {"aws:SourceIp": addresses}})
    [optional] = conditions_of({"IpAddressIfExists": {"aws:SourceIp": addresses}})
    assert condition.narrows_addresses is few
    assert not optional.narrows_addresses
