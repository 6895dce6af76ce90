"""What the rehearsal makes of `pulumi` itself, shown with a stand-in that prints and ends as told."""

import json
import os
from pathlib import Path

import pytest

from rehearsal import engine as engines
from rehearsal import vaults
from rehearsal.emulator.process import Emulator
from rehearsal.engine import Engine, EngineError
from rehearsal.home import Home, write_script
from rehearsal.pulumi_cli import Cli

EVENTS = [
    {"sequence": 1, "diagnosticEvent": {"message": "password: hunter22", "color": "never", "severity": "debug"}},
    {"sequence": 2, "diagnosticEvent": {"message": "preview failed", "color": "never", "severity": "error"}},
    {"sequence": 3, "resourcePreEvent": {"metadata": {"op": "delete", "old": {"inputs": {"severity": "debug"}}}}},
]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine whose `pulumi` says how it was called, prints events as the real one writes them, and fails."""
    lines = "\n".join(json.dumps(event, separators=(",", ":")) for event in EVENTS)
    (tmp_path / "lines").write_text(f"{lines}\n")
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    write_script(pulumi, f'echo "$*" > {tmp_path}/args; env > {tmp_path}/env; cat {tmp_path}/lines; exit 7')
    write_script(pulumi.with_name("pulumi-language-python"), "exit 1")
    cli = Cli(pulumi, "3.259.0", "stand-in")
    return Engine(Home(tmp_path / "home", cli), Emulator(pid=0, port=1), tmp_path)


def test_debug_messages_which_have_secrets_in_clear_are_not_kept(engine: Engine, tmp_path: Path) -> None:
    assert engine.preview_events(tmp_path / "events.jsonl") == 7
    kept = (tmp_path / "events.jsonl").read_text()
    assert [json.loads(line) for line in kept.splitlines()] == EVENTS[1:]


def test_a_preview_streams_its_events_and_is_judged_by_packs_and_another_config(engine: Engine, tmp_path: Path) -> None:
    engine.preview_events(
        tmp_path / "events.jsonl", "--refresh", policy_packs=[Path("a"), Path("b")], config_file=Path("c.yaml")
    )
    flags = (tmp_path / "args").read_text().strip()
    assert flags == ("preview --json --stack local --policy-pack a --policy-pack b --config-file c.yaml --refresh")
    assert "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1\n" in (tmp_path / "env").read_text()


def test_a_projects_own_components_come_before_the_installed_ones(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert engine.environment()["PYTHONPATH"] == os.pathsep.join([str(tmp_path / "components"), "/elsewhere"])


@pytest.mark.parametrize(("kind", "runs"), [(engines.MULTI_REGION, 2), ("aws:ec2/vpc:Vpc", 1)])
def test_a_stack_with_durable_sessions_in_two_regions_is_destroyed_again_while_memorydb_is_updating(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, runs: int
) -> None:
    (tmp_path / "Pulumi.local.yaml").write_text("config: {}\n")
    ran: list[str] = []

    def run(_: Engine, command: str, *_flags: str, capture: bool = False) -> str:
        ran.append(command)
        if len(ran) == 1:
            raise EngineError([command], f"updating, captured: {capture}")
        return "destroyed"

    monkeypatch.setattr(Engine, "up", lambda *_, **__: "")
    monkeypatch.setattr(Engine, "run", run)
    monkeypatch.setattr(Engine, "resources", lambda _: [{"type": kind}])
    monkeypatch.setattr(vaults, "empty", lambda *_: 0)
    monkeypatch.setattr(engines, "UPDATING", 0.0)
    if runs == 1:
        with pytest.raises(EngineError):
            engine.destroy()
    else:
        assert engine.destroy() == "destroyed"
    assert ran == ["destroy"] * runs


def test_a_command_that_fails_has_what_it_printed(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"^`pulumi stack ls` failed:") as failed:
        engine.run("stack", "ls", capture=True)
    assert "preview failed" in failed.value.output


def test_why_an_update_failed_is_the_first_error_that_says_something() -> None:
    output = """
     ~  aws:ssm:Parameter release updating (4s) [diff: ~insecureValue]; error: before hook "release" failed: no server
        pulumi:pulumi:Stack ha-web-local running error: update failed
    Resources:
        2 errored
    Duration: 2m11s
    """
    assert EngineError(["up"], output).reason == 'before hook "release" failed: no server'
    assert EngineError(["up"], "error: update failed\nDuration: 1s").reason == "update failed"
    assert EngineError(["up"], "killed\n").reason == "killed"
    assert EngineError(["up"]).reason == ""
