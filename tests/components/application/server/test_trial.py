"""A trial of a baked image: the application without its stores."""

from pathlib import Path

from ha_web.application.commands import Artifact, install_command, trial_command

from tests.components.application.machine import Machine


def tried(machine: Machine, health: str) -> tuple[int, str]:
    release = machine.release
    (machine.folder / "release.tar").write_bytes(release.path.read_bytes())
    artifact = Artifact("eu-central-1", "releases", "release.tar", "v1", release.digest)
    run = machine.run(install_command(artifact) + trial_command(release.digest, 8080, health))
    return run.returncode, run.stderr


def test_an_image_whose_application_answers_passes_and_keeps_nothing_of_the_trial(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert tried(machine, "/healthz") == (0, "")
    assert "aws secretsmanager" not in machine.calls
    assert machine.calls.index("http://127.0.0.1:8080/healthz") < machine.calls.index(
        "systemctl disable --now ha-web-app"
    )
    assert not (machine.root / "etc/ha-web").exists()
    assert not (machine.root / "etc/systemd/system/ha-web-app.service").exists()


def test_an_image_whose_application_does_not_answer_fails_with_the_reason(tmp_path: Path) -> None:
    code, error = tried(Machine(tmp_path), "/other")
    assert code == 1
    assert error.splitlines()[-1].startswith("ha-web trial: the application does not answer on port 8080 after 120 s")
