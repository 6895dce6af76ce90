"""The shared file system on a server of stand-ins."""

from pathlib import Path

import pytest

from tests.components.application.machine import Machine

STORAGE = {"STORAGE_FILE_SYSTEM": "fs-0123456789abcdef0", "STORAGE_ACCESS_POINT": "fsap-0123456789abcdef0"}


def with_storage(tmp_path: Path, **more: str) -> Machine:
    machine = Machine(tmp_path)
    machine.environment |= {**STORAGE, **more}
    return machine


def test_it_is_mounted_before_the_application_starts_and_after_each_reboot(tmp_path: Path) -> None:
    machine = with_storage(tmp_path)
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    assert calls.index("mount /srv/ha-web\n") < calls.index("systemctl daemon-reload")
    assert (machine.root / "etc/fstab").read_text() == (
        "fs-0123456789abcdef0:/ /srv/ha-web efs _netdev,noresvport,tls,iam,accesspoint=fsap-0123456789abcdef0 0 0\n"
    )
    assert (machine.root / "srv/ha-web").is_dir()


def test_the_application_waits_for_it_and_may_write_there(tmp_path: Path) -> None:
    machine = with_storage(tmp_path, STORAGE_PATH="/srv/uploads")
    machine.start()
    assert "RequiresMountsFor=/srv/uploads\n" in machine.unit()
    assert "ReadWritePaths=/srv/uploads\n" in machine.unit()
    assert "mount /srv/uploads\n" in machine.calls


def test_a_second_run_leaves_one_line_for_it_and_the_others_alone(tmp_path: Path) -> None:
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
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        "ha-web start: STORAGE_FILE_SYSTEM=fs-0123456789abcdef0: can't be mounted at /srv/ha-web: "
        "given up after 5 tries"
    )
    assert machine.calls.count("mount /srv/ha-web\n") == 5
    assert "systemctl" not in machine.calls


@pytest.mark.parametrize("left_out", STORAGE)
def test_half_of_its_settings_ends_the_start(tmp_path: Path, left_out: str) -> None:
    machine = with_storage(tmp_path)
    del machine.environment[left_out]
    run = machine.start()
    assert run.returncode == 1
    assert run.stderr == "ha-web start: STORAGE_FILE_SYSTEM, STORAGE_ACCESS_POINT: only one is set\n"


def test_without_it_nothing_is_mounted(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    assert "mount" not in machine.calls
    assert not (machine.root / "etc/fstab").exists()
