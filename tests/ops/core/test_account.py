"""Calls that are tried again: with back-off, a few times, and shown with the reason."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectTimeoutError

from ops.core.account import TRIES, Account

REGION = "eu-west-1"


class Raw:
    """The body of an answer."""

    def __init__(self, text: str) -> None:
        self.text = text.encode()

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.text


THROTTLED = {
    "memorydb": json.dumps({"__type": "ThrottlingException", "message": "slow"}),
    "rds": "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
}
GOOD = {"memorydb": json.dumps({"Clusters": []}), "rds": "<X><DescribeDBClustersResult/></X>"}


class Answers:
    """Answers in the place of AWS: a text with its status, or an exception."""

    def __init__(self, *answers: tuple[int, str] | Exception) -> None:
        self.answers, self.shown, self.waits = [*answers], list[str](), list[float]()
        session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x")
        self.account = Account(session, self.shown.append)

    def client(self, service: str, *, brief: bool = False) -> Any:
        client = self.account.client(service, REGION, brief=brief)
        client.meta.events.register("before-send", self._answer)
        return client

    def _answer(self, request: Any, **_: Any) -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return AWSResponse(request.url, answer[0], {}, Raw(answer[1]))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", found.append)
    return found


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [("memorydb", "DescribeClusters", "ThrottlingException"), ("rds", "DescribeDBClusters", "Throttling")],
)
def test_what_is_throttled_is_tried_again_with_back_off_and_shown(
    waits: list[float], service: str, operation: str, code: str
) -> None:
    told = Answers((400, THROTTLED[service]), (400, THROTTLED[service]), (200, GOOD[service]))
    client = told.client(service)
    getattr(client, {"memorydb": "describe_clusters", "rds": "describe_db_clusters"}[service])()
    assert told.shown == [f"eu-west-1: {operation}: throttled ({code}); try {number} of {TRIES}" for number in (2, 3)]
    assert len(waits) == 2


def test_what_stays_throttled_ends_after_a_few_tries(waits: list[float]) -> None:
    told = Answers(*[(400, THROTTLED["rds"])] * TRIES)
    with pytest.raises(ClientError, match="Throttling"):
        told.client("rds").describe_db_clusters()
    assert (told.answers, len(told.shown), len(waits)) == ([], TRIES - 1, TRIES - 1)


def test_a_silent_endpoint_is_shown_and_a_refusal_is_not_tried_again(waits: list[float]) -> None:
    told = Answers(ConnectTimeoutError(endpoint_url="https://x"), (400, THROTTLED["rds"].replace("Throttling", "No")))
    with pytest.raises(ClientError, match="No"):
        told.client("rds").describe_db_clusters()
    assert told.shown == ["eu-west-1: DescribeDBClusters: no answer (ConnectTimeoutError); try 2 of 4"]
    assert len(waits) == 1


def test_a_brief_call_is_tried_once_and_shows_nothing(waits: list[float]) -> None:
    told = Answers((400, THROTTLED["rds"]))
    with pytest.raises(ClientError):
        told.client("rds", brief=True).describe_db_clusters()
    assert (told.shown, waits) == ([], [])
