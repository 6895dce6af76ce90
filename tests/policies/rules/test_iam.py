"""Edges of the rules about rights: how documents are written, conditions, and what is not known yet."""

import json
from typing import Any

import pytest
from resilience.aws.policy_documents import statements

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.iam import GITHUB, PROVIDER, ROLE, ROLE_POLICY, document, grants, lets_in, trusts

ATTACHMENT = "iam/rolePolicyAttachment:RolePolicyAttachment"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_a_document_may_be_an_object() -> None:
    policy = resource(ROLE_POLICY, policy=json.loads(document(Action=["s3:GetObject", "*"], Resource=["*"])))

    assert judged("policy-not-everything", policy).messages


def test_a_document_may_have_a_single_statement() -> None:
    text = json.dumps({"Statement": {"Effect": "Allow", "Action": "*:*", "Resource": "*"}})

    assert judged("policy-not-everything", resource(ROLE_POLICY, policy=text)).messages


@pytest.mark.parametrize("text", ["", '{"Statement": null}'])
def test_what_says_nothing_has_no_statements(text: str) -> None:
    assert list(statements(text)) == []


def test_a_denial_grants_nothing() -> None:
    text = json.dumps({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})

    assert not judged("policy-not-everything", resource(ROLE_POLICY, policy=text)).messages


@pytest.mark.parametrize("type_", ["policy:Policy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"])
def test_policies_of_all_kinds_are_judged(type_: str) -> None:
    policy = resource(f"iam/{type_}", policy=document(Action="*", Resource="*"))

    assert judged("policy-not-everything", policy).messages


def test_policies_inside_a_role_are_judged() -> None:
    role = resource(ROLE, inlinePolicies=[{"name": "x", "policy": document(Action="*", Resource="*")}])

    assert judged("policy-not-everything", role).messages[0].startswith("inlinePolicies.0.policy")


def test_one_rule_says_that_a_document_is_not_known_yet() -> None:
    policy = resource(ROLE_POLICY, policy=UNKNOWN)
    rules = ("not-everything", "not-whole-services", "passes-named-roles", "decrypts-with-named-keys")

    assert [judged(f"policy-{rule}", policy).unknown for rule in rules] == ["policy", None, None, None]


def test_a_service_on_named_resources_is_fine() -> None:
    assert not judged("policy-not-whole-services", grants("s3:*", "arn:aws:s3:::site/*")).messages


def test_everything_but_something_is_too_much() -> None:
    policy = resource(ROLE_POLICY, policy=document(NotAction=["iam:*"], Resource="*"))

    assert "allows all but iam:*" in judged("policy-not-whole-services", policy).messages[0]


@pytest.mark.parametrize("action", ["iam:*", "iam:Pass*", "IAM:PASSROLE"])
def test_roles_are_passed_by_any_spelling(action: str) -> None:
    assert judged("policy-passes-named-roles", grants(action, "*")).messages


def test_roles_may_be_passed_to_a_named_service() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}

    assert not judged("policy-passes-named-roles", grants("iam:PassRole", "*", Condition=condition)).messages


def test_all_keys_may_be_used_through_a_named_service() -> None:
    condition = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}

    assert not judged("policy-decrypts-with-named-keys", grants("kms:Decrypt", "*", Condition=condition)).messages


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::123456789012:root", "*"]}])
def test_everybody_is_written_in_several_ways(principal: Any) -> None:
    assert judged("role-not-for-everybody", trusts(principal)).messages


@pytest.mark.parametrize(
    ("rule", "type_"),
    [
        ("key", "kms/keyPolicy:KeyPolicy"),
        ("secret", "secretsmanager/secretPolicy:SecretPolicy"),
        ("topic", "sns/topicPolicy:TopicPolicy"),
        ("queue", "sqs/queuePolicy:QueuePolicy"),
        ("bucket", "s3/bucketPolicy:BucketPolicy"),
    ],
)
def test_all_but_somebody_is_everybody(rule: str, type_: str) -> None:
    but = document(NotPrincipal={"AWS": "arn:aws:iam::123456789012:root"}, Action="*", Resource="*")

    assert judged(f"{rule}-policy-closed", resource(type_, policy=but)).messages


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("*", True),
        ("repo:*", True),
        ("repo:own*", True),
        ("repo:*/site:*", True),
        ("repo:owner/*", False),
        ("repo:owner/si*", False),
        ("repo:owner@1/site@2:*", False),
        (["repo:owner/site:ref:refs/heads/main"], False),
        (["repo:owner/site:*", "repo:*"], True),
    ],
)
def test_a_subject_that_narrows_nothing_is_none(subject: Any, found: bool) -> None:
    role = trusts(PROVIDER, Condition={"StringLike": {f"{GITHUB}:sub": subject}})

    assert bool(judged("role-names-the-workload", role).messages) == found


@pytest.mark.parametrize(
    "operator", ["StringNotEquals", "StringNotLike", "StringLikeIfExists", "ForAllValues:StringLike"]
)
def test_a_subject_that_a_workload_need_not_have_is_none(operator: str) -> None:
    role = trusts(PROVIDER, Condition={operator: {f"{GITHUB}:sub": "repo:owner/site:*"}})

    assert judged("role-names-the-workload", role).messages


@pytest.mark.parametrize("roles", ["arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:*"])
def test_all_roles_of_an_account_are_no_named_roles(roles: str) -> None:
    assert judged("policy-passes-named-roles", grants("iam:PassRole", roles)).messages


def test_a_service_that_roles_are_not_passed_to_leaves_all_others() -> None:
    condition = {"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}

    assert judged("policy-passes-named-roles", grants("iam:PassRole", "*", Condition=condition)).messages


@pytest.mark.parametrize(
    "condition",
    [{"Bool": {"aws:SecureTransport": "true"}}, {"StringNotEquals": {"kms:ViaService": "s3.amazonaws.com"}}],
)
def test_a_condition_that_names_nothing_leaves_all_keys(condition: dict[str, Any]) -> None:
    assert judged("policy-decrypts-with-named-keys", grants("kms:Decrypt", "*", Condition=condition)).messages


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:123456789012:alarm:*"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}}, True),
        ({"StringEquals": {"aws:SourceOrgID": "o-1"}}, False),
        ({"StringNotEquals": {"aws:SourceAccount": "210987654321"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
    ],
)
def test_a_service_says_for_whom_it_calls(condition: dict[str, Any], found: bool) -> None:
    verdict = judged("service-acts-for-its-account", lets_in("backup.amazonaws.com", **condition))

    assert bool(verdict.messages) == found


def test_a_path_with_the_account_in_it_says_for_whom_logs_are_delivered() -> None:
    path = "arn:aws:s3:::logs/AWSLogs/123456789012/*"

    assert not judged("service-acts-for-its-account", lets_in("delivery.logs.amazonaws.com", path)).messages


def test_a_trust_that_is_not_known_yet_is_told_once() -> None:
    role = resource(ROLE, assumeRolePolicy=UNKNOWN)

    assert judged("role-not-for-everybody", role).unknown == "assumeRolePolicy"
    assert judged("role-names-the-workload", role).unknown is None


def test_the_administrators_policy_is_found_in_a_role() -> None:
    assert judged("policy-not-administrator", resource(ROLE, managedPolicyArns=[UNKNOWN, ADMINISTRATOR])).messages


def test_a_policy_of_ones_own_may_have_any_name() -> None:
    own = resource(ATTACHMENT, policyArn="arn:aws:iam::123456789012:policy/AdministratorAccess")

    assert not judged("policy-not-administrator", own).messages


def test_a_policy_that_is_not_made_yet_is_none_of_aws() -> None:
    verdict = judged("policy-not-administrator", resource(ATTACHMENT, policyArn=UNKNOWN))

    assert (verdict.messages, verdict.unknown) == ((), None)


def test_a_team_may_forbid_more_of_the_policies_of_aws() -> None:
    attachment = resource(ATTACHMENT, policyArn="arn:aws:iam::aws:policy/PowerUserAccess")

    assert judged("policy-not-administrator", attachment, policies=["PowerUserAccess"]).messages


def test_an_attachment_to_users_is_one_to_users() -> None:
    assert judged(
        "user-rights-come-from-groups", resource("iam/policyAttachment:PolicyAttachment", users=["x"])
    ).messages


def test_no_boundary_is_asked_for_by_default() -> None:
    assert not judged("role-has-boundary", resource(ROLE)).messages


@pytest.mark.parametrize(("boundary", "found"), [("arn:a", False), ("arn:b", True)])
def test_a_certain_boundary_may_be_asked_for(boundary: str, found: bool) -> None:
    verdict = judged("role-has-boundary", resource(ROLE, permissionsBoundary=boundary), boundary="arn:a")

    assert bool(verdict.messages) == found


def test_any_boundary_will_do_even_if_it_is_not_known_yet() -> None:
    verdict = judged("role-has-boundary", resource(ROLE, permissionsBoundary=UNKNOWN), boundary="*")

    assert (verdict.messages, verdict.unknown) == ((), None)
