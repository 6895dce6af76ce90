"""The instance metadata service: nothing without a token, credentials of the role, and what a server asks."""

import asyncio
import json
from dataclasses import replace

import pytest

from rehearsal.live.servers.instances import Instance
from rehearsal.live.servers.metadata import Metadata
from rehearsal.live.servers.small_http import Answer, Request

HERE = Instance("i-1", "eu-west-1", "eu-west-1b", "10.0.64.4", "running", "ami-1", "t4g.small")
TTL = "x-aws-ec2-metadata-token-ttl-seconds"


async def keys() -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session"}


def service(instance: Instance = HERE, role: str = "web") -> Metadata:
    return Metadata(instance, "123456789012", role, keys)


def ask(asked: Metadata, path: str, token: str | None = "", method: str = "GET", **headers: str) -> Answer:
    """With a new token, a given one, or (None) without one."""

    async def exchange() -> Answer:
        own = token
        if own == "":
            own = (await asked.handle(Request("PUT", "/latest/api/token", {TTL: "60"}))).body
        sent = {**headers, **({"x-aws-ec2-metadata-token": own} if own else {})}
        return await asked.handle(Request(method, path, sent))

    return asyncio.run(exchange())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("instance-id", "i-1"),
        ("placement/availability-zone", "eu-west-1b"),
        ("placement/region", "eu-west-1"),
        ("local-ipv4", "10.0.64.4"),
        ("placement/", "availability-zone\nregion"),
        ("iam/security-credentials/", "web"),
    ],
)
def test_what_a_server_asks(path: str, value: str) -> None:
    assert ask(service(), f"/latest/meta-data/{path}") == Answer(200, value, (("Content-Type", "text/plain"),))


def test_credentials_of_the_role() -> None:
    said = json.loads(ask(service(), "/latest/meta-data/iam/security-credentials/web").body)
    assert (said["Code"], said["AccessKeyId"], said["SecretAccessKey"], said["Token"]) == (
        "Success",
        "key",
        "secret",
        "session",
    )
    assert ask(service(role=""), "/latest/meta-data/iam/security-credentials/").status == 404


def test_the_document() -> None:
    assert json.loads(ask(service(), "/latest/dynamic/instance-identity/document").body)["instanceId"] == "i-1"


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("made up", 401)])
def test_no_answer_without_a_token_of_its_own(token: str | None, status: int) -> None:
    assert ask(service(), "/latest/meta-data/instance-id", token).status == status


def test_version_1_answers_where_it_is_allowed() -> None:
    assert ask(service(replace(HERE, token_required=False)), "/latest/meta-data/instance-id", None).body == "i-1"


def test_it_can_be_off() -> None:
    assert ask(service(replace(HERE, metadata=False)), "/latest/meta-data/instance-id", None).status == 403


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PUT", {TTL: "21601"}, 400),
        ("PUT", {}, 400),
        ("GET", {TTL: "60"}, 405),
        ("PUT", {TTL: "60", "x-forwarded-for": "10.0.0.1"}, 403),
        ("PUT", {TTL: "60"}, 200),
    ],
)
def test_tokens(method: str, headers: dict[str, str], status: int) -> None:
    assert ask(service(), "/latest/api/token", None, method, **headers).status == status


def test_what_is_not_there() -> None:
    assert ask(service(), "/latest/meta-data/spot").status == 404
    assert ask(service(), "/elsewhere").status == 404
