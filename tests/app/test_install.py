"""The user data that a fleet makes of the start script, on a machine of stand-ins: dnf, pip, systemd, IMDS, AWS CLI."""

import stat
from pathlib import Path

import pytest

from tests.app.stubs import SECRET, SECRET_ARN, Machine


def test_it_installs_the_pinned_packages_and_starts_the_service(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    assert "dnf install -y -q python3.12 python3.12-pip\n" in calls
    assert f"--require-hashes -r {machine.root}/opt/ha-web/src/requirements.lock\n" in calls
    assert "useradd --system --no-create-home --shell /sbin/nologin ha-web\n" in calls
    assert calls.index("systemctl daemon-reload") < calls.index("systemctl restart ha-web-app")
    assert "systemctl enable ha-web-app\n" in calls
    assert (machine.root / "etc/systemd/system/ha-web-app.service").is_file()


def test_it_writes_down_who_the_server_is(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    assert (machine.root / "etc/ha-web/instance").read_text().splitlines() == [
        "HA_WEB_INSTANCE_ID=i-0123456789abcdef0",
        "HA_WEB_ZONE=eu-central-1b",
        "HA_WEB_REGION=eu-central-1",
        "SESSION_PASSWORD_FILE=/etc/ha-web/session-password",
    ]


def test_the_password_is_readable_by_the_service_only_and_in_no_command(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    run = machine.start()
    file = machine.root / "etc/ha-web/session-password"
    assert file.read_text().strip() == SECRET["password"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert f"chown ha-web:ha-web {file}\n" in machine.calls
    assert SECRET["password"] not in machine.calls + run.stdout + run.stderr


def test_a_second_run_ends_in_the_same_state(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    before = (machine.root / "etc/ha-web/instance").read_text()
    stray = machine.root / "opt/ha-web/src/ha_web_app/left_from_an_older_version.py"
    stray.write_text("")
    assert machine.start().returncode == 0
    assert (machine.root / "etc/ha-web/instance").read_text() == before
    assert not stray.exists()


def test_without_a_secret_no_password_is_written(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    del machine.environment["SESSION_SECRET_ARN"]
    assert machine.start().returncode == 0
    assert not (machine.root / "etc/ha-web/session-password").exists()
    assert "aws " not in machine.calls


def test_a_value_with_signs_that_are_special_to_a_shell_does_no_harm(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.environment["SESSION_HOST"] = '$(touch harm) `touch harm` "; touch harm; "'
    assert machine.start().returncode == 0
    assert not (machine.root / "opt/ha-web/src/harm").exists()
    assert not Path("harm").exists()


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ("dnf", "gave up after 5 tries: dnf install -y -q python3.12"),
        ("curl", "instance metadata: no token from IMDSv2 at http://169.254.169.254/latest"),
        ("aws", f"SESSION_SECRET_ARN={SECRET_ARN}: can't be read"),
        ("systemctl", "failed: systemctl daemon-reload"),
    ],
)
def test_a_step_that_fails_ends_the_start_with_its_reason(tmp_path: Path, failing: str, reason: str) -> None:
    run = Machine(tmp_path).start(failing)
    assert run.returncode != 0
    assert reason in run.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("not json", f"SESSION_SECRET_ARN={SECRET_ARN}: is no JSON object with username and password"),
        ('{"username": "sessions"}', f"SESSION_SECRET_ARN={SECRET_ARN}: holds no password"),
        ('{"username": "other", "password": "x"}', "SESSION_USER=sessions: the secret is for the user other"),
    ],
)
def test_an_unfit_secret_ends_the_start_with_its_reason(tmp_path: Path, secret: str, reason: str) -> None:
    machine = Machine(tmp_path, secret=secret)
    run = machine.start()
    assert run.returncode != 0
    assert reason in run.stderr.splitlines()[-1]
    assert "systemctl" not in machine.calls


def test_a_missing_session_host_ends_the_start_before_anything_is_installed(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    del machine.environment["SESSION_HOST"]
    run = machine.start()
    assert run.returncode != 0
    assert run.stderr.startswith("ha-web install: SESSION_HOST: not set in ")
    assert "dnf" not in machine.calls


STORAGE = {"STORAGE_FILE_SYSTEM": "fs-0123456789abcdef0", "STORAGE_ACCESS_POINT": "fsap-0123456789abcdef0"}


def with_storage(tmp_path: Path, **more: str) -> Machine:
    machine = Machine(tmp_path)
    machine.environment |= {**STORAGE, **more}
    return machine


def test_shared_storage_is_mounted_before_the_application_starts_and_after_each_reboot(tmp_path: Path) -> None:
    machine = with_storage(tmp_path)
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    assert "dnf install -y -q amazon-efs-utils\n" in calls
    assert calls.index("mount /srv/ha-web\n") < calls.index("systemctl daemon-reload")
    assert (machine.root / "etc/fstab").read_text() == (
        "fs-0123456789abcdef0:/ /srv/ha-web efs _netdev,noresvport,tls,iam,accesspoint=fsap-0123456789abcdef0 0 0\n"
    )
    assert (machine.root / "srv/ha-web").is_dir()


def test_the_application_waits_for_its_storage_and_may_write_there_only(tmp_path: Path) -> None:
    machine = with_storage(tmp_path, STORAGE_PATH="/srv/uploads")
    machine.start()
    assert (machine.root / "etc/systemd/system/ha-web-app.service.d/storage.conf").read_text().splitlines() == [
        "[Unit]",
        "RequiresMountsFor=/srv/uploads",
        "[Service]",
        "ReadWritePaths=/srv/uploads",
    ]
    assert "mount /srv/uploads\n" in machine.calls


def test_a_second_run_leaves_one_line_for_the_storage_and_the_others_alone(tmp_path: Path) -> None:
    machine = with_storage(tmp_path)
    table = machine.root / "etc/fstab"
    table.parent.mkdir(parents=True)
    table.write_text("UUID=1 / xfs defaults 0 0\n")
    machine.start()
    machine.start()
    assert [line.split()[2] for line in table.read_text().splitlines()] == ["xfs", "efs"]


def test_storage_that_cannot_be_mounted_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    machine = with_storage(tmp_path)
    run = machine.start("mount")
    assert run.returncode != 0
    assert run.stderr.splitlines()[-1] == (
        "ha-web install: STORAGE_FILE_SYSTEM=fs-0123456789abcdef0: can't be mounted at /srv/ha-web"
    )
    assert machine.calls.count("mount /srv/ha-web\n") == 5
    assert "systemctl" not in machine.calls


@pytest.mark.parametrize("left_out", STORAGE)
def test_half_of_the_storages_settings_ends_the_start(tmp_path: Path, left_out: str) -> None:
    machine = with_storage(tmp_path)
    del machine.environment[left_out]
    run = machine.start()
    assert run.returncode != 0
    assert run.stderr == "ha-web install: STORAGE_FILE_SYSTEM, STORAGE_ACCESS_POINT: only one is set\n"


def test_without_storage_nothing_is_mounted(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    assert "mount" not in machine.calls
    assert not (machine.root / "etc/fstab").exists()
