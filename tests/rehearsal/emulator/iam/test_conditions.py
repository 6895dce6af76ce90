"""Conditions of policies mean what they mean to IAM."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.iam.conditions import UnknownOperatorError, arn_like, hold, like

KEYS = {
    "aws:principalarn": ["arn:aws:iam::123456789012:role/web"],
    "aws:securetransport": ["true"],
    "aws:sourceip": ["10.1.2.3"],
    "aws:tagkeys": ["team", "stage"],
    "kms:viaservice": ["secretsmanager.eu-west-1.amazonaws.com"],
    "s3:max-keys": ["5"],
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}, True),
        ({"StringEquals": {"kms:ViaService": ["a", "secretsmanager.eu-west-1.amazonaws.com"]}}, True),
        ({"StringEquals": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}, False),
        ({"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}, True),
        ({"StringLike": {"KMS:viaservice": "secretsmanager.*.amazonaws.com"}}, True),
        ({"StringNotLike": {"kms:ViaService": ["a", "secretsmanager.*"]}}, False),
        ({"StringNotEquals": {"kms:ViaService": ["a", "b"]}}, True),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, False),  # nothing is known of the key
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, True),
        ({"StringEqualsIgnoreCase": {"aws:SecureTransport": "TRUE"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/w*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/failover*"]}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": ["x", "arn:aws:iam::123456789012:role/web"]}}, False),
        ({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "10.1.0.0/16"]}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "10.1.0.0/16"}}, False),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, True),
        ({"NumericGreaterThanEquals": {"s3:max-keys": "6"}}, False),
        ({"Null": {"aws:TokenIssueTime": "true"}}, True),
        ({"Null": {"aws:SourceIp": "true"}}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage", "cost"]}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, False),
        ({"ForAllValues:StringEquals": {"aws:Nothing": ["team"]}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["stage"]}}, True),
        ({"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["stage"]}}, True),
        ({"ForAnyValue:StringEquals": {"aws:Nothing": ["stage"]}}, False),
        ({"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}, True),
        ({"StringEquals": {"aws:PrincipalArn": "${aws:Nothing}"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"kms:ViaService": "x"}}, False),  # all must hold
    ],
)
def test_a_condition_holds_or_not(condition: dict[str, Any], holds: bool) -> None:
    assert hold(condition, KEYS) is holds


def test_an_operator_that_is_not_emulated_counts_neither_as_met_nor_as_not_met() -> None:
    with pytest.raises(UnknownOperatorError, match="DateLessThan"):
        hold({"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, KEYS)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [("s3:Get*", "s3:GetObject", True), ("s3:Get?", "s3:GetObject", False), ("a.c", "abc", False), ("*", "", True)],
)
def test_wildcards_are_stars_and_question_marks(pattern: str, text: str, fits: bool) -> None:
    assert like(pattern, text) is fits


def test_a_star_in_an_arn_does_not_reach_into_the_next_part() -> None:
    assert arn_like("arn:aws:iam::*:role/web", "arn:aws:iam::1:role/web")
    assert not arn_like("arn:aws:*:role/web", "arn:aws:iam::1:role/web")
