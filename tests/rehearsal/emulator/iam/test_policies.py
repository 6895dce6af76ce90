"""What policies say of a request, and whose word counts."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, leaves_to_the_account, of_identity, of_resource

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
READ = Ask("s3:GetObject", "arn:aws:s3:::bucket/key")


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(**more: Any) -> dict[str, Any]:
    return {**allow(), "Effect": "Deny", **more}


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([], Verdict.IMPLICIT),
        ([allow()], Verdict.ALLOWED),
        ([allow("s3:getobject")], Verdict.ALLOWED),
        ([allow(["s3:Put*", "s3:Get*"])], Verdict.ALLOWED),
        ([allow("s3:PutObject")], Verdict.IMPLICIT),
        ([allow(resource="arn:aws:s3:::bucket/*")], Verdict.ALLOWED),
        ([allow(resource="arn:aws:s3:::bucket")], Verdict.IMPLICIT),
        ([allow(resource="arn:aws:s3:::bucket/KEY")], Verdict.IMPLICIT),
        ([allow(), deny()], Verdict.EXPLICIT),
        ([allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})], Verdict.ALLOWED),
        ([{"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}], Verdict.ALLOWED),
        ([{"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "*"}], Verdict.IMPLICIT),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::bucket/*"}], Verdict.IMPLICIT),
        ([allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})], Verdict.IMPLICIT),
    ],
)
def test_an_identity_may_what_is_allowed_and_not_denied(statements: list[Any], verdict: Verdict) -> None:
    assert of_identity([document(*statements)], READ) is verdict


def test_a_deny_in_one_policy_wins_over_an_allow_in_another() -> None:
    assert of_identity([document(allow()), document(deny())], READ) is Verdict.EXPLICIT


def test_a_policy_may_have_its_one_statement_without_a_list() -> None:
    assert of_identity([{"Statement": allow()}], READ) is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("*", Verdict.ALLOWED),
        ({"AWS": "*"}, Verdict.ALLOWED),
        ({"AWS": ["x", ROLE]}, Verdict.ALLOWED),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}, Verdict.IMPLICIT),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Verdict.IMPLICIT),
        ({"Service": "lambda.amazonaws.com"}, Verdict.IMPLICIT),
    ],
)
def test_a_resources_policy_speaks_to_those_whom_it_names(principal: Any, verdict: Verdict) -> None:
    assert of_resource(document(allow(Principal=principal)), READ, Principal(ACCOUNT, ROLE)) is verdict


def test_a_service_is_named_as_a_service() -> None:
    trust = document({"Effect": "Allow", "Principal": {"Service": ["a.amazonaws.com"]}, "Action": "sts:AssumeRole"})
    ask = Ask("sts:AssumeRole", ROLE)
    assert of_resource(trust, ask, Principal(service="a.amazonaws.com")) is Verdict.ALLOWED
    assert of_resource(trust, ask, Principal(service="b.amazonaws.com")) is Verdict.IMPLICIT


def test_the_accounts_root_in_a_resources_policy_stands_for_the_accounts_own_policies() -> None:
    root = document(allow(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    assert leaves_to_the_account(root, READ, ACCOUNT)
    assert not leaves_to_the_account(document(allow(Principal={"AWS": ROLE})), READ, ACCOUNT)
