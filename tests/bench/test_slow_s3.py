"""The bucket in memory, asked by an SDK of AWS as Pulumi asks it."""

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bench.slow_s3 import Bucket, bucket, plain


@pytest.fixture
def slow() -> Iterator[Bucket]:
    with bucket(0.0) as made:
        yield made


@pytest.fixture
def client(slow: Bucket) -> Any:
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "eu-west-1"}
    config = Config(s3={"addressing_style": "path"}, proxies={})
    return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{slow.port}", config=config, **keys)


def keys(client: Any, **given: str) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket="state", **given).get("Contents", [])]


def test_what_is_put_is_got_listed_copied_and_deleted(client: Any, slow: Bucket) -> None:
    client.put_object(Bucket="state", Key="stacks/a b.json", Body=b"{}")
    client.copy_object(Bucket="state", Key="stacks/a b.json.bak", CopySource="state/stacks/a b.json")
    assert client.get_object(Bucket="state", Key="stacks/a b.json.bak")["Body"].read() == b"{}"
    assert client.head_object(Bucket="state", Key="stacks/a b.json")["ContentLength"] == 2
    assert keys(client, Prefix="stacks/a b.json") == ["stacks/a b.json", "stacks/a b.json.bak"]
    client.delete_object(Bucket="state", Key="stacks/a b.json")
    assert keys(client) == ["stacks/a b.json.bak"]
    assert slow.requests == {"PUT": 1, "COPY": 1, "GET": 1, "HEAD": 1, "LIST": 2, "DELETE": 1}


def test_folders_are_told_apart(client: Any) -> None:
    for key in ("a/1", "a/b/2", "c"):
        client.put_object(Bucket="state", Key=key, Body=b"x")
    assert keys(client, Prefix="a/", Delimiter="/") == ["a/1"]
    found = client.list_objects_v2(Bucket="state", Delimiter="/")
    assert [each["Prefix"] for each in found["CommonPrefixes"]] == ["a/"]


def test_what_is_not_there_is_said(client: Any) -> None:
    with pytest.raises(client.exceptions.NoSuchKey):
        client.get_object(Bucket="state", Key="gone")


def test_a_body_in_signed_parts_is_put_together() -> None:
    assert plain(b"3;chunk-signature=x\r\nabc\r\n2;chunk-signature=y\r\nde\r\n0;chunk-signature=z\r\n\r\n") == b"abcde"


def test_it_answers_after_a_while() -> None:
    with bucket(0.1) as made:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{made.port}",
            region_name="eu-west-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(s3={"addressing_style": "path"}, proxies={}),
        )
        began = time.monotonic()
        client.list_objects_v2(Bucket="state")
        assert time.monotonic() - began >= 0.1
