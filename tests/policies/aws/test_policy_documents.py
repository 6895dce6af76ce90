"""Policies are judged by what they mean; one that nobody can read is never taken for harmless."""

from typing import Any

import pytest
from resilience.adapter import Undecided, policies_of
from resilience.aws.policy_documents import denies_plain_text, statements
from resilience.known import UndecidableError
from resilience.rules import ALL

from tests.policies.judged import judged, resource, rule
from tests.policies.test_adapter import args

INSECURE = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("Statement: everything", "no JSON"),
        ("[]", "no JSON object"),
        (7, "no JSON object"),
        ({"Statement": "*"}, "no object"),
    ],
)
def test_what_can_not_be_read_is_undecidable(document: Any, reason: str) -> None:
    with pytest.raises(UndecidableError, match=reason):
        list(statements(document))


def test_a_rule_tells_that_it_can_not_tell() -> None:
    verdict = judged("bucket-policy-closed", resource("s3/bucketPolicy:BucketPolicy", policy="{"))

    assert (verdict.messages, verdict.undecidable) == ((), "the policy is no JSON")


def test_the_engine_is_told_so() -> None:
    [made, _] = policies_of([rule("bucket-policy-closed")])

    with pytest.raises(Undecided) as told:
        made.validate(args({"policy": "{"}, type_="aws:s3/bucketPolicy:BucketPolicy"), lambda *_: None)  # type: ignore[attr-defined] # it judges resources

    assert told.value.message == "cannot tell: the policy is no JSON"


@pytest.mark.parametrize("name", [each.name for each in ALL if "policy" in each.name and "closed" in each.name])
def test_no_rule_takes_an_unreadable_policy_for_closed(name: str) -> None:
    type_ = next(each for each in reversed(rule(name).types) if "olicy" in each or "ndpoint" in each).removeprefix(
        "aws:"
    )
    verdict = judged(name, resource(type_, policy="{"))

    assert verdict.undecidable or verdict.messages


@pytest.mark.parametrize(
    ("statement", "denies"),
    [
        ({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": INSECURE}, True),
        ({"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["s3:Get*", "*"], "Condition": INSECURE}, True),
        ({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Condition": INSECURE}, False),
        ({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Condition": INSECURE}, False),
        ({"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Condition": INSECURE}, False),
        ({"Effect": "Deny", "Principal": "*", "Action": "s3:*"}, False),
        (
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
            },
            False,
        ),
    ],
)
def test_plain_text_is_denied_by_a_statement_for_everybody_and_everything(
    statement: dict[str, Any], denies: bool
) -> None:
    [read] = statements({"Statement": [statement]})

    assert denies_plain_text(read, "s3") is denies
