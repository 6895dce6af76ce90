"""The first phase on a server of stand-ins: fetched once, verified, installed once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ha_web.application.boot import Boot
from ha_web.application.commands import Artifact, Extras, install_command, start_command

from tests.components.application.machine import Machine

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:" + "a" * 64


def fetched(machine: Machine, digest: str = "", extras: Extras | None = None) -> str:
    """The install command alone, as whoever bakes an image runs it."""
    release = machine.release
    (machine.folder / "release.tar").write_bytes(release.path.read_bytes())
    artifact = Artifact("eu-central-1", "releases", "release.tar", "v1", digest or release.digest)
    return install_command(artifact, extras)


def test_the_packages_own_install_runs_in_its_folder_after_the_systems_packages(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    assert "dnf install -y -q python3.12 python3.12-pip\n" in calls
    assert "--require-hashes -r requirements.lock\n" in calls
    assert calls.index("dnf ") < calls.index("python3.12 -m venv")
    assert "useradd --system --no-create-home --shell /sbin/nologin ha-web\n" in calls


def test_a_second_boot_fetches_and_installs_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start()
    machine.forget()
    assert machine.start().returncode == 0
    assert not [line for line in machine.calls.splitlines() if line.startswith(("dnf", "aws s3api", "python3.12"))]


def test_a_baked_image_does_nothing_of_it_again_at_its_boot(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.boot = replace(machine.boot, storage=True, log_group="/ha-web/web")
    assert machine.run(fetched(machine, extras=machine.boot.extras)).returncode == 0
    assert "dnf install -y -q python3.12 python3.12-pip amazon-efs-utils amazon-cloudwatch-agent logrotate\n" in (
        machine.calls
    )
    machine.forget()
    assert machine.start().returncode == 0
    assert "dnf" not in machine.calls
    assert "s3api" not in machine.calls


def test_what_an_image_lacks_is_installed_at_boot(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.run(fetched(machine))
    machine.forget()
    machine.boot = replace(machine.boot, storage=True)
    machine.start()
    assert "dnf install -y -q amazon-efs-utils\n" in machine.calls
    assert "python3.12 -m venv" not in machine.calls


def test_another_content_than_the_programs_is_refused(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    run = machine.run(fetched(machine, "0" * 64))
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"ha-web: release {'0' * 64}: what releases has is another content"
    assert not (machine.root / "opt/ha-web/releases").exists()


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ("aws", ": can't be fetched from releases, given up after 5 tries"),
        ("dnf", "ha-web install: dnf install -y -q python3.12 python3.12-pip: given up after 5 tries"),
        ("python3.12", "ha-web install: the package's install (./install): given up after 3 tries"),
        ("useradd", "ha-web install: failed: useradd --system --no-create-home --shell /sbin/nologin ha-web"),
    ],
)
def test_a_step_that_fails_ends_it_with_its_reason(tmp_path: Path, failing: str, reason: str) -> None:
    machine = Machine(tmp_path)
    run = machine.start(failing)
    assert run.returncode == 1
    assert reason in run.stderr.splitlines()[-1]
    assert "systemctl" not in machine.calls


def test_a_step_that_failed_is_done_by_the_next_try_and_the_others_are_not(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.start("python3.12")
    (tmp_path / "fails-python3.12").unlink()
    assert machine.start().returncode == 0
    assert json.loads((machine.installed / "installed.json").read_text())[-1] == "application"


def contained(tmp_path: Path, image: str = IMAGE) -> Machine:
    return Machine(tmp_path, kind="container", boot=Boot(8080, "/healthz", 5, 30, container=image))


def test_a_container_is_pulled_by_its_digest_and_the_sign_in_is_deleted_again(tmp_path: Path) -> None:
    machine = contained(tmp_path)
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    steps = [
        "dnf install -y -q docker\n",
        "systemctl enable --now docker\n",
        "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com\n",
        f"docker pull --quiet {IMAGE}\n",
        f"docker tag {IMAGE} ha-web-app:{'a' * 64}\n",
        "docker logout 123456789012.dkr.ecr.eu-central-1.amazonaws.com\n",
    ]
    assert [calls.index(step) for step in steps] == sorted(calls.index(step) for step in steps)
    assert "LOGIN" not in calls + run.stdout


def test_an_image_of_another_registry_needs_no_sign_in(tmp_path: Path) -> None:
    image = f"ghcr.io/somebody/shop@sha256:{'b' * 64}"
    machine = contained(tmp_path, image)
    assert machine.start().returncode == 0
    assert f"docker pull --quiet {image}\n" in machine.calls
    assert "docker login" not in machine.calls


def test_a_container_that_was_pulled_is_not_pulled_again(tmp_path: Path) -> None:
    machine = contained(tmp_path)
    machine.start()
    machine.forget()
    machine.start()
    assert "docker pull" not in machine.calls


def test_a_container_that_another_region_pulled_is_the_same_content_and_is_not_pulled_again(tmp_path: Path) -> None:
    machine = contained(tmp_path, IMAGE.replace("eu-central-1", "eu-west-1"))
    machine.run(fetched(machine, extras=Extras(container=IMAGE)))
    machine.forget()
    assert machine.start().returncode == 0
    assert "docker pull" not in machine.calls
    assert machine.unit().count(f"ha-web-app:{'a' * 64}") == 1


def test_an_image_of_ones_own_gets_no_packages(tmp_path: Path) -> None:
    machine = Machine(tmp_path, kind="image")
    machine.boot = replace(machine.boot, log_group="/ha-web/web")
    run = machine.start()
    assert run.returncode == 0
    assert "dnf" not in machine.calls
    assert "not installed, as the image is one of your own: amazon-cloudwatch-agent logrotate" in run.stdout


def test_starting_needs_the_settings_that_user_data_writes(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    run = machine.run(fetched(machine) + start_command(machine.release.digest))
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].endswith("server.json: no such file; the user data has to write it first")
