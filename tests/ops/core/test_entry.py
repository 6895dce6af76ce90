"""What ends a command is one line and an exit code, whichever command it is."""

import json
import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

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


REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}
NAMES = "auto_scaling_group_name target_group_arn load_balancer_arn load_balancer_dns_name session_store_id"
OUTPUTS = {
    "site": "www.site.example",
    "strategy": "warm-standby",
    "clusters": {
        role: {"region": region, "zone_ids": [], **dict.fromkeys(NAMES.split(), "x.invalid")}
        for role, region in REGIONS.items()
    },
    "failover_function": "site-failover",
    "failover_switch": "site-switch",
    "operations_buckets": {region: f"records-{region}" for region in REGIONS.values()},
}
ARGUMENTS: dict[str, list[str]] = {
    "status": [],
    "report": [],
    "failover": ["--region-lost"],
    "failback": [],
    "switchover": [],
}
"""The commands that ask AWS about a stack, with what they must be given."""

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
"""What a look reports as the reason why nothing is known, rather than ending with it."""


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_account_that_is_out_of_reach_is_one_line_and_an_exit_code(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error, said = BROKEN[kind]

    def broken(_client: Any, operation: str, _given: Any) -> Any:
        raise error if isinstance(error, BotoCoreError) else ClientError({"Error": {"Code": error}}, operation)

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", broken)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # and no question to the public DNS
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(OUTPUTS))
    code = import_module(f"ops.{name}.command").main([*ARGUMENTS[name], "--outputs", str(outputs), "--json"])
    printed = capsys.readouterr()
    if name in ("status", "report") and kind in REPORTED:
        assert code in (0, NOT_DONE, DOWN)
        assert said in printed.out.replace("\\", "")
        return
    assert code == NOT_ASKED
    [line] = [line for line in printed.err.splitlines() if not line.startswith("   ")]
    assert line.startswith("error: ")
    assert said in line
    assert printed.out == ""
