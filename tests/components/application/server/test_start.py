"""The second phase on a server of stand-ins: facts, secrets, the unit, and the wait until the application answers."""

import json
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.components.application.machine import ENVIRONMENT, OWN_ARN, OWN_VALUE, SECRET, SECRET_ARN, Machine


def test_the_service_is_started_once_everything_is_there(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.start().returncode == 0
    calls = machine.calls
    assert calls.index("secretsmanager") < calls.index("systemctl daemon-reload")
    assert calls.index("systemctl enable ha-web-app") < calls.index("systemctl restart ha-web-app")
    assert calls.index("systemctl restart ha-web-app") < calls.index("http://127.0.0.1:8080/healthz")


def test_it_writes_down_who_the_server_is(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    assert (machine.root / "etc/ha-web/instance").read_text().splitlines() == [
        'HA_WEB_INSTANCE_ID="i-0123456789abcdef0"',
        'HA_WEB_ZONE="eu-central-1b"',
        'HA_WEB_REGION="eu-central-1"',
        'SESSION_PASSWORD_FILE="/etc/ha-web/secrets/SESSION_PASSWORD"',
    ]


def test_passwords_are_readable_by_the_service_only_and_in_no_command_or_log(tmp_path: Path) -> None:
    machine = Machine(tmp_path, boot=replace(Machine(tmp_path).boot, secrets={"STRIPE_KEY": OWN_ARN}))
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    folder = machine.root / "etc/ha-web/secrets"
    for name, value in {"SESSION_PASSWORD": SECRET["password"], "STRIPE_KEY": OWN_VALUE}.items():
        assert (folder / name).read_text() == value
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o400
        assert f"chown ha-web:ha-web {folder / name}\n" in machine.calls
        assert value not in machine.calls + run.stdout + run.stderr
        assert value not in (machine.root / "etc/ha-web/server.json").read_text()
    assert stat.S_IMODE((folder.parent / "secrets.env").stat().st_mode) == 0o600


def test_a_shell_and_systemd_read_the_secrets_as_they_are(tmp_path: Path) -> None:
    machine = Machine(tmp_path, boot=replace(Machine(tmp_path).boot, secrets={"STRIPE_KEY": OWN_ARN}))
    machine.start()
    shell = f'. {machine.root}/etc/ha-web/secrets.env; printf %s "$STRIPE_KEY"'
    assert subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout == OWN_VALUE


def test_a_secret_that_is_no_longer_given_is_gone_after_the_next_start(tmp_path: Path) -> None:
    machine = Machine(tmp_path, boot=replace(Machine(tmp_path).boot, secrets={"STRIPE_KEY": OWN_ARN}))
    machine.start()
    machine.boot = replace(machine.boot, secrets={})
    machine.start()
    assert [file.name for file in (machine.root / "etc/ha-web/secrets").iterdir()] == ["SESSION_PASSWORD"]
    assert "STRIPE_KEY" not in (machine.root / "etc/ha-web/secrets.env").read_text()


def test_without_secrets_aws_is_not_asked(tmp_path: Path) -> None:
    machine = Machine(tmp_path, environment={"PORT": "8080"})
    assert machine.start().returncode == 0
    assert "aws secretsmanager" not in machine.calls
    assert (machine.root / "etc/ha-web/secrets.env").read_text() == ""


def test_a_second_run_ends_in_the_same_state(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    files = ["etc/ha-web/instance", "etc/ha-web/secrets.env", "etc/systemd/system/ha-web-app.service"]
    before = [(machine.root / file).read_text() for file in files]
    assert machine.start().returncode == 0
    assert [(machine.root / file).read_text() for file in files] == before


def test_a_value_with_signs_that_are_special_to_a_shell_does_no_harm(tmp_path: Path) -> None:
    nasty = '$(touch harm) `touch harm` "; touch harm; "\nSESSION_SECRET_ARN="x"'
    machine = Machine(tmp_path, environment={**ENVIRONMENT, "SESSION_HOST": nasty})
    assert machine.start().returncode == 0
    assert not list(tmp_path.rglob("harm"))
    assert not Path("harm").exists()


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ("curl", "instance metadata: no token from IMDSv2 at http://169.254.169.254/latest: given up after 5 tries"),
        ("systemctl", "failed: systemctl daemon-reload"),
    ],
)
def test_a_step_that_fails_ends_the_start_with_its_reason(tmp_path: Path, failing: str, reason: str) -> None:
    run = Machine(tmp_path).start(failing)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"ha-web start: {reason}"


def test_an_application_that_does_not_answer_leaves_its_last_lines_in_the_log_of_the_boot(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.boot = replace(machine.boot, health="/other", boot_seconds=3)
    run = machine.start()
    assert run.returncode == 1
    assert machine.calls.count("http://127.0.0.1:8080/other") == 3
    assert "journalctl -u ha-web-app -n 40 --no-pager\n" in machine.calls
    assert run.stderr.splitlines()[-1] == (
        "ha-web start: the application does not answer on port 8080 after 3 s; its last lines are above"
    )


def test_the_operators_command_starts_it_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    machine.forget()
    assert machine.run(f"{machine.root}/usr/local/sbin/ha-web start").returncode == 0
    assert "systemctl restart ha-web-app\n" in machine.calls


def test_a_container_gets_names_of_variables_in_its_command_and_files_that_its_user_reads(tmp_path: Path) -> None:
    machine = Machine(tmp_path, kind="container")
    machine.boot = replace(machine.boot, secrets={"STRIPE_KEY": OWN_ARN}, container="registry/shop@sha256:1")
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    unit = machine.unit()
    for name in ("SESSION_URL", "STRIPE_KEY", "STRIPE_KEY_FILE", "HA_WEB_ZONE", "PORT"):
        assert f"--env {name} " in unit
    assert "--volume /etc/ha-web/secrets/STRIPE_KEY:/etc/ha-web/secrets/STRIPE_KEY:ro" in unit
    assert OWN_VALUE not in unit
    folder = machine.root / "etc/ha-web/secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "STRIPE_KEY").stat().st_mode) == 0o444


def test_an_image_of_ones_own_keeps_its_unit_and_gets_variables_and_stop_time(tmp_path: Path) -> None:
    machine = Machine(tmp_path, kind="image")
    assert machine.start().returncode == 0
    assert not (machine.root / "etc/systemd/system/ha-web-app.service").exists()
    added = machine.unit("ha-web-app.service.d/ha-web.conf")
    assert "EnvironmentFile=-/etc/ha-web/secrets.env\n" in added
    assert "TimeoutStopSec=90\n" in added
    assert "ExecStart" not in added
    assert "systemctl restart ha-web-app\n" in machine.calls


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd's own check of units")
@pytest.mark.parametrize("kind", ["package", "container"])
def test_systemd_takes_the_unit(tmp_path: Path, kind: str) -> None:
    machine = Machine(tmp_path, kind=kind)
    machine.boot = replace(machine.boot, container="registry/shop@sha256:1" if kind == "container" else "")
    machine.start()
    unit = tmp_path / "ha-web-app.service"
    # Commands are those of another machine; systemd checks that they exist.
    unit.write_text(
        "".join(line.replace("/usr/bin/docker", "/bin/true") for line in machine.unit().splitlines(keepends=True))
    )
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert [
        line for line in done.stderr.splitlines() if "ha-web-app.service" in line and "docker.service" not in line
    ] == []


def test_the_settings_name_secrets_and_hold_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path, boot=replace(Machine(tmp_path).boot, secrets={"STRIPE_KEY": OWN_ARN}))
    machine.start()
    assert json.loads((machine.root / "etc/ha-web/server.json").read_text())["secrets"] == {"STRIPE_KEY": OWN_ARN}
    assert SECRET_ARN in (machine.root / "etc/ha-web/environment").read_text()
