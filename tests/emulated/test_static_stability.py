"""A server of a baked image boots with nothing but what is inside its region.

It runs what a fleet's user data runs, on a machine whose commands are stand-ins that write down what they are asked:
whatever would leave the machine is one of them. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from ha_web.application.commands import Artifact, install_command, trial_command
from ha_web.network.endpoints import NEEDED

from tests.components.application.machine import ENVIRONMENT, OWN_ARN, PARAMETER_ARN, Machine

REGION = "eu-central-1"
CONTAINER = f"123456789012.dkr.ecr.{REGION}.amazonaws.com/shop@sha256:{'a' * 64}"
AGENT = "amazon-cloudwatch-agent-ctl"
LOCAL = frozenset({"chown", "id", "journalctl", "mount", "mountpoint", "systemctl", "useradd", AGENT})
"""Commands that ask nobody but this machine; `mount` reaches a mount target in the server's own zone."""


def outside(calls: str) -> list[str]:
    """Which calls leave the machine, but for those of services of its own region that an endpoint is there for."""
    return [call for call in calls.splitlines() if not _stays(call)]


def _stays(call: str) -> bool:
    command, _, rest = call.partition(" ")
    if command in LOCAL or call.startswith("python3 -B -m ha_web_server "):
        return True
    if command == "curl":
        return re.findall(r"https?://([^/:]+)", rest) in (["169.254.169.254"], ["127.0.0.1"])
    service = rest.partition(" ")[0]
    return command == "aws" and service in NEEDED and f"--region {REGION} " in f"{rest} "


def machine(folder: Path, kind: str) -> Machine:
    storage = {"STORAGE_FILE_SYSTEM": "fs-1", "STORAGE_ACCESS_POINT": "fsap-1"}
    found = Machine(folder, environment={**ENVIRONMENT, **storage}, kind=kind)
    secrets = {"STRIPE_KEY": OWN_ARN, "API_KEY": PARAMETER_ARN}
    container = CONTAINER if kind == "container" else ""
    found.boot = replace(found.boot, secrets=secrets, storage=True, container=container)
    found.with_agent()
    return found


def bake(server: Machine) -> None:
    """Do on the machine what Image Builder does on the instances that become the image and try it."""
    release = server.release
    (server.folder / "release.tar").write_bytes(release.path.read_bytes())
    artifact = Artifact(REGION, "releases", "release.tar", "v1", release.digest)
    script = install_command(artifact, server.boot.extras) + trial_command(release.digest, 8080, "/healthz")
    done = server.run(script)
    assert done.returncode == 0, done.stderr
    server.forget()


@pytest.mark.parametrize("kind", ["package", "container"])
def test_a_server_of_a_baked_image_boots_with_what_its_region_has_and_installs_nothing(
    tmp_path: Path, kind: str
) -> None:
    server = machine(tmp_path, kind)
    bake(server)
    done = server.start()
    assert done.returncode == 0, done.stderr
    assert "systemctl restart ha-web-app" in server.calls
    assert "aws secretsmanager" in server.calls
    assert outside(server.calls) == []


def test_a_server_of_the_base_image_asks_for_its_release_and_for_packages(tmp_path: Path) -> None:
    server = machine(tmp_path, "package")
    assert server.start().returncode == 0
    asked = {call.split()[0] for call in outside(server.calls)}
    assert {"aws", "dnf"} <= asked


def test_a_call_to_another_region_or_place_would_be_seen() -> None:
    seen = [
        "aws secretsmanager get-secret-value --secret-id x --region eu-west-1 --output json",
        "aws s3api get-object --region eu-central-1 --bucket releases",
        "curl -sf https://packages.example.com/simple",
        "curl -sf http://169.254.169.254/latest https://packages.example.com/simple",
        "dnf install -y nginx",
        f"docker pull {CONTAINER}",
        "python3.12 -m pip install flask",
        "python3 -m pip install flask",
    ]
    assert outside("\n".join(seen)) == seen
