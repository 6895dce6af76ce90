"""What ends a command is one line and an exit code, whichever command it is."""

import json
import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

from ops.core.entry import TRACEBACK, guarded
from ops.core.errors import DOWN, INTERRUPTED, LOCKED, NOT_ASKED, NOT_DONE, OpsError

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no\nnever"}}, "DescribeDBClusters")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OpsError("ann is at work", LOCKED), LOCKED, "error: ann is at work\n"),
        (OpsError("two\nlines", LOCKED), LOCKED, "error: two lines\n"),
        (DENIED, NOT_ASKED, "error: these credentials may not call DescribeDBClusters; `--policy` prints"),
        (EndpointConnectionError(endpoint_url="https://x"), NOT_ASKED, "error: https://x: doesn't answer"),
        (KeyError("Instances"), NOT_DONE, "error: KeyError: 'Instances' ("),
        (KeyboardInterrupt(), INTERRUPTED, "\n"),
    ],
)
def test_what_ends_a_command_is_one_line(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert guarded(work) == code
    printed = capsys.readouterr()
    assert printed.err.startswith(said)
    assert len(printed.err.splitlines()) == 1
    assert not printed.out


def test_a_command_that_ends_well_has_its_own_code() -> None:
    assert guarded(lambda: 1) == 1


def test_a_mistake_of_ours_shows_its_traceback_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACEBACK, "1")
    with pytest.raises(KeyError):
        guarded(lambda: int(json.loads("{}")["Instances"]))


def test_a_process_that_is_told_to_end_ends_in_order() -> None:
    before = signal.getsignal(signal.SIGTERM)
    done: list[str] = []

    def work() -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            done.append("let go of the lock")
        return 0

    assert guarded(work) == INTERRUPTED
    assert done == ["let go of the lock"]
    assert signal.getsignal(signal.SIGTERM) is before


REGIONS = ("eu-west-1", "eu-central-1")
LB = "arn:aws:elasticloadbalancing:{}:123456789012:{}/app/site/0123456789abcdef"
OUTPUTS = {
    "site": "www.site.example",
    "strategy": "warm-standby",
    "clusters": {
        role: {
            "region": region,
            "auto_scaling_group_name": f"{role}-group",
            "target_group_arn": LB.format(region, "targetgroup"),
            "load_balancer_arn": LB.format(region, "loadbalancer"),
            "load_balancer_dns_name": f"{role}.invalid",
            "session_store_id": f"{role}-store",
            "zone_ids": [f"{zones}-az{number}" for number in (1, 2, 3)],
        }
        for role, region, zones in (("primary", "eu-west-1", "euw1"), ("standby", "eu-central-1", "euc1"))
    },
    "failover_function": "site-failover",
    "failover_switch": "site-switch",
    "operations_buckets": {region: f"records-{region}" for region in REGIONS},
    "backup_vaults": dict.fromkeys(REGIONS, "vault"),
    "restore_role": "arn:aws:iam::123456789012:role/restore",
    "objectives": {"zone": {"recovery": "2m"}},
    "game_day": {"region": "eu-west-1", "zone": "euw1-az1", "templates": {"zone": "EXT1"}},
}
LOOKS = ("status", "report", "evidence", "zone show", "release status", "release history", "backup status")
"""Commands that report what they can't read beside what they can."""

CHANGES = (
    *("failover --region-lost", "failback", "switchover", "zone away euc1-az1", "zone back"),
    *("maintenance on", "maintenance off", "release cancel", "release rollback"),
    *("backup start", "backup copy", "restore test"),
    *("gameday list", "gameday start zone --dry-run", "gameday stop"),
    *("hub show", "hub declare --role hub", "hub assess"),
)
"""Commands that need to know everything before they begin."""

ALONE = ("preflight --stack local",)
"""Commands that read a stack file, and no outputs."""


@pytest.mark.parametrize("asked", [*LOOKS, *CHANGES])
def test_every_command_may_read_the_copy_of_the_outputs(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    name, *given = asked.split()
    assert import_module(f"ops.{name}.command").main([*given, "--policy"]) == 0
    statements = json.loads(capsys.readouterr().out)["Statement"]
    assert {"s3:GetObject", "s3:ListBucket"} <= {action for each in statements for action in each["Action"]}


BROKEN: dict[str, tuple[str | BotoCoreError, str]] = {
    "expired": ("ExpiredTokenException", "the AWS credentials have expired; sign in again"),
    "skewed": ("RequestTimeTooSkewed", "this machine's clock or the secret key is wrong"),
    "signature": ("SignatureDoesNotMatch", "this machine's clock or the secret key is wrong"),
    "unknown keys": ("UnrecognizedClientException", "AWS doesn't know these credentials"),
    "throttled": ("ThrottlingException", "is throttled (ThrottlingException)"),
    "denied": ("AccessDeniedException", "`--policy` prints what the command needs"),
    "silent": (ConnectTimeoutError(endpoint_url="https://aws.example"), "doesn't answer (ConnectTimeoutError)"),
}
REPORTED = ("throttled", "denied", "silent")
"""What a look reports as the reason why nothing is known, where it doesn't end with it."""


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """One for all: each new one reads the descriptions of all services again."""
    return boto3.Session(aws_access_key_id="x", aws_secret_access_key="x")


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("asked", [*LOOKS, *CHANGES, *ALONE])
def test_an_account_that_is_out_of_reach_is_one_line_and_an_exit_code(
    asked: str,
    kind: str,
    session: boto3.Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    error, said = BROKEN[kind]

    def broken(_client: Any, operation: str, _given: Any) -> Any:
        raise error if isinstance(error, BotoCoreError) else ClientError({"Error": {"Code": error}}, operation)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", broken)
    monkeypatch.setattr("boto3.Session", lambda: session)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # and no question to the public DNS
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(OUTPUTS))
    name, *given = asked.split()
    given += [] if asked in ALONE else ["--outputs", str(outputs)]
    code = import_module(f"ops.{name}.command").main([*given, "--json"])
    printed = capsys.readouterr()
    if printed.out:
        assert asked in LOOKS
        assert kind in REPORTED or code == NOT_ASKED
        assert code in (0, NOT_DONE, DOWN, NOT_ASKED)
        assert said in json.dumps(json.loads(printed.out))
        return
    assert code == NOT_ASKED
    [line] = [line for line in printed.err.splitlines() if not line.startswith("   ")]
    assert line.startswith("error: ")
    assert said in line


FILES = {
    "adopt {}": "is no state as `pulumi stack export` writes it",
    "gameday report {}": "FILE {}: is no ",
    "evidence --drill {}": "--drill {}: is no ",
    "report --drill {} --outputs {good}": "--drill {}: is no ",
    "status --outputs {}": "{}: ",
    "gameday start zone --outputs {}": "{}: ",
}
"""Commands that are given a file, and what they say of one that is something else."""

CONTENTS = {
    "no JSON": b"[",
    "no text": b"\xff\xfe\x00",
    "nothing": b"",
    "a list": b"[1]",
    "an empty object": b"{}",
    "parts of other kinds": json.dumps(
        {"deployment": [], "at": "x", "verdict": [], "results": [7], "site": [], "clusters": {"primary": 7}}
    ).encode(),
    "parts without parts": json.dumps(
        {"deployment": {"resources": [7]}, "at": 1, "verdict": "", "results": [{}], "site": "", "clusters": {}}
    ).encode(),
}


@pytest.mark.parametrize("content", [*CONTENTS, None])
@pytest.mark.parametrize("asked", FILES)
def test_a_file_that_is_something_else_is_one_line_and_an_exit_code(
    asked: str, content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, good = tmp_path / "given.json", tmp_path / "outputs.json"
    good.write_text(json.dumps(OUTPUTS))
    if content is not None:
        file.write_bytes(CONTENTS[content])
    name, *given = asked.format(file, good=good).split()
    assert import_module(f"ops.{name}.command").main(given) == NOT_ASKED
    printed = capsys.readouterr()
    [line] = printed.err.splitlines()
    said = "No such file or directory" if content is None else FILES[asked].format(file)
    assert said in line
    assert "mistake of this program" not in line
    assert not printed.out


def test_a_state_that_can_not_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    resource = {"custom": True, "type": "aws:sns/topic:Topic", "urn": "a::b::notices"}
    state = {"deployment": {"resources": [{**resource, "inputs": {"name": "notices-0123abc"}}]}}
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state))

    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert import_module("ops.adopt.command").main([str(file)]) == NOT_ASKED
    assert capsys.readouterr().err == f"error: {file}: can't be written (No space left on device)\n"
