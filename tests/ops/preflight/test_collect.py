"""The calls against the emulated account, and what becomes of those that fail."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from ops.core.policy import PREFIXES
from ops.preflight.check import DENIED
from ops.preflight.collect import answer, clients, collect, is_emulated
from ops.preflight.facts import Asked, Facts, Unanswered
from ops.preflight.policy import ACTIONS, policy
from ops.preflight.questions import QUESTIONS
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import FRANKFURT, IRELAND

PROD = fakes.site()


def dead(operation: str) -> Callable[..., Any]:
    def call(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url=f"https://{operation}")

    return call


class Unreachable:
    """A client of a Region that nobody answers in."""

    def can_paginate(self, _: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return dead(operation)


def test_the_emulated_account_answers_and_what_it_lacks_is_a_reason(aws: Client) -> None:
    facts = collect(PROD, lambda service, region: aws(service, region))
    assert facts.of("caller", IRELAND)["Account"] == "123456789012"
    assert [zone["ZoneId"] for zone in facts.of("zones", FRANKFURT)["AvailabilityZones"]]
    assert facts.of("quota", IRELAND, "L-F678F1CE")["Quota"]["Value"] == 5
    reason = facts.why_not("quota", IRELAND, "L-1216C47A")
    assert reason
    assert reason.code == "NoSuchResourceException"


def test_all_pages_are_one_answer(aws: Client, unique: str) -> None:
    iam = aws("iam")
    names = [f"{unique}-{number}" for number in range(3)]
    for name in names:
        iam.create_role(RoleName=name, Path=f"/{unique}/", AssumeRolePolicyDocument="{}")
    found = answer(iam, "ListRoles", {"PathPrefix": f"/{unique}/", "PaginationConfig": {"PageSize": 1}})
    assert sorted(role["RoleName"] for role in found["Roles"]) == names


def test_a_region_that_is_unreachable_does_not_stop_the_other(aws: Client) -> None:
    silent = Unreachable()
    facts = collect(PROD, lambda service, region: aws(service, region) if region == IRELAND else silent)
    assert facts.of("vpcs", IRELAND)["Vpcs"]
    reason = facts.why_not("vpcs", FRANKFURT)
    assert reason
    assert reason.code == "EndpointConnection"


def test_a_refusal_is_the_code_of_awss_error(aws: Client) -> None:
    client = aws("backup")
    with Stubber(client) as stub:
        stub.add_client_error("describe_region_settings", "AccessDeniedException", "User: … is not authorized")
        refused = answer(client, "DescribeRegionSettings", {})
    assert isinstance(refused, Unanswered)
    assert (refused.code, refused.message) == ("AccessDeniedException", "User: … is not authorized")


def test_what_builds_on_a_missing_answer_is_not_asked() -> None:
    facts = collect(PROD, lambda *_: Unreachable())
    asked = {found.question for found in facts.answers}
    assert {question.name for question in QUESTIONS if question.after} & asked == set()


class Recorder:
    """A client that gives the answers of a good account, and remembers what it was asked."""

    called: set[str] = set()

    def __init__(self, service: str, region: str, answers: dict[Asked, Any]) -> None:
        self.service, self.region, self.answers = service, region, answers

    def can_paginate(self, _: str) -> bool:
        return False

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(**_: object) -> Any:
            prefix = PREFIXES.get(self.service, self.service)
            [name] = [name for name, action in ACTIONS.items() if _same(action, prefix, method)]
            Recorder.called.add(ACTIONS[name])
            found = [value for asked, value in self.answers.items() if asked.question == name]
            return found[0]

        return call


def _same(action: str, prefix: str, method: str) -> bool:
    return action.lower() == f"{prefix}:{method.replace('_', '')}"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"database": None, "backup": None},
        {"sessions": {"durable": True, "nodes": 3}},
        {"standby": None, "failover": None},
    ],
)
def test_the_policy_allows_what_is_called_and_no_more(changes: dict[str, Any]) -> None:
    site = fakes.site(**changes)
    Recorder.called = set()
    collect(site, lambda service, region: Recorder(service, region, fakes.answers(site)))
    [statement] = policy(site)["Statement"]
    fallback = "servicequotas:GetAWSDefaultServiceQuota"  # asked where the account has no value of its own
    assert set(statement["Action"]) == Recorder.called | {fallback}


def under_policy(aws: Client, emulator: Emulator, name: str, document: dict[str, Any]) -> tuple[str, Client]:
    """A role with just this policy, and clients of who has assumed it."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    iam = aws("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="preflight", PolicyDocument=json.dumps(document))
    keys = aws("sts").assume_role(RoleArn=role, RoleSessionName="preflight")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return role, clients(session, emulator.endpoint)


def denials(facts: Facts) -> set[str]:
    """The questions that AWS's policies didn't let it ask."""
    return {
        asked.question
        for asked, found in facts.answers.items()
        if isinstance(found, Unanswered) and found.code in DENIED
    }


@pytest.mark.parametrize("changes", [{}, {"sessions": {"durable": True, "nodes": 3}}])
def test_the_emulated_account_lets_it_ask_everything_under_its_own_policy(
    aws: Client, emulator: Emulator, unique: str, changes: dict[str, Any]
) -> None:
    site = fakes.site(**changes)
    role, client = under_policy(aws, emulator, unique, policy(site))
    facts = collect(site, client)
    assert denials(facts) == set()
    assert facts.of("caller", IRELAND)["Arn"].endswith(f"assumed-role/{unique}/preflight")
    used = {each["action"] for each in emulator.asked(role)} | {"sts:GetCallerIdentity"}  # which needs no right
    assert used >= set(policy(site)["Statement"][0]["Action"])


@pytest.mark.parametrize("taken", ["ec2:DescribeVpcs", "iam:SimulatePrincipalPolicy", "backup:DescribeRegionSettings"])
def test_without_one_of_its_rights_just_that_question_is_not_answered(
    aws: Client, emulator: Emulator, unique: str, taken: str
) -> None:
    document = policy(PROD)
    document["Statement"][0]["Action"].remove(taken)
    _, client = under_policy(aws, emulator, unique, document)
    assert {ACTIONS[question] for question in denials(collect(PROD, client))} == {taken}


def test_requests_that_do_not_go_to_aws_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x")
    assert not is_emulated(clients(session), PROD)
    assert is_emulated(clients(session, "http://127.0.0.1:1"), PROD)
