"""A stack from its outputs, wherever they come from, and what is said of outputs that are none."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from ops.core.errors import NOT_ASKED, OpsError
from ops.core.stack import parse, read

CLUSTER = {
    "region": "eu-west-1",
    "auto_scaling_group_name": "primary-group",
    "target_group_arn": "arn:tg",
    "load_balancer_arn": "arn:lb",
    "load_balancer_dns_name": "lb.example",
    "session_store_id": "store",
    "zone_ids": ["euw1-az1"],
}
OUTPUTS: dict[str, Any] = {
    "site": "www.example.com",
    "clusters": {"standby": {**CLUSTER, "region": "eu-central-1"}, "primary": CLUSTER},
    "failover_switch": "bucket",
}


def no_get(*_: str) -> bytes:
    raise AssertionError("S3 is not asked")


def test_the_primary_comes_first_and_what_is_absent_is_empty() -> None:
    stack = parse(OUTPUTS, "here")
    assert stack.regions == ("eu-west-1", "eu-central-1")
    assert (stack.switch, stack.function, stack.primary.database) == ("bucket", "", "")
    assert stack.standby is not None
    assert stack.standby.role == "standby"


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ([], "has no output site, clusters"),
        ({"site": "x"}, "has no output clusters"),
        ({"site": "x", "clusters": {}}, "has no primary"),
        ({"site": "x", "clusters": {"primary": {"region": "x"}}}, "can't be read ('auto_scaling_group_name')"),
    ],
)
def test_what_are_no_outputs_is_said(outputs: Any, said: str) -> None:
    with pytest.raises(OpsError) as raised:
        parse(outputs, "here")
    assert said in str(raised.value)
    assert raised.value.code == NOT_ASKED


def test_outputs_come_from_a_file_from_standard_input_and_from_s3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))
    assert read(str(file), "prod", no_get).site == "www.example.com"
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(OUTPUTS)))
    assert read("-", "prod", no_get).site == "www.example.com"
    asked = []

    def get(*which: str) -> bytes:
        asked.append(which)
        return json.dumps(OUTPUTS).encode()

    assert read("s3://eu-central-1/records", "prod", get).site == "www.example.com"
    assert asked == [("eu-central-1", "records", "outputs.json")]


@pytest.mark.parametrize(
    ("source", "said"), [("/nowhere", "No such file"), ("s3://records", "write s3://REGION/BUCKET")]
)
def test_a_source_that_is_not_there_is_said(source: str, said: str) -> None:
    with pytest.raises(OpsError, match=said):
        read(source, "prod", no_get)


def test_a_stack_that_the_engine_does_not_know_is_said_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "pulumi"
    fake.write_text("#!/bin/sh\necho \"error: no stack named 'nope' found\" >&2\nexit 255\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OpsError, match="stack nope: no stack named 'nope' found; --outputs reads") as raised:
        read("", "nope", no_get)
    assert raised.value.code == NOT_ASKED


def test_an_engine_that_is_silent_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "pulumi"
    fake.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("ops.core.stack.PATIENCE", 0.1)
    with pytest.raises(OpsError, match=r"`pulumi` has not answered for 0\.1 s; --outputs s3://REGION/BUCKET") as raised:
        read("", "prod", no_get)
    assert raised.value.code == NOT_ASKED
