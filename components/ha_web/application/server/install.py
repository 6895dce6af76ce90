"""The first phase: what a server needs to have before it can start without asking anybody outside its region."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import tls
from .machine import USER, Problem, answer, install_packages, local_image, ran, retried, run, say

DONE = "installed.json"
"""File of a release that says what has been done, so that a baked image does nothing of it again."""

STORAGE_PACKAGES = ("amazon-efs-utils",)
LOG_PACKAGES = ("amazon-cloudwatch-agent", "logrotate")
CONTAINER_PACKAGES = ("docker",)


@dataclass(frozen=True)
class Wanted:
    """What is needed besides the package."""

    region: str
    storage: bool = False
    logs: bool = False
    container: str = ""
    tls: bool = False


def install(release: Path, described: Mapping[str, Any], wanted: Wanted) -> None:
    """Install the packages of the operating system, the user, the application. It may be run again."""
    done = _done(release)
    packages = _packages(described, wanted)
    missing = [name for name in packages if f"package {name}" not in done]
    if not ran("id", USER):
        run("useradd", "--system", "--no-create-home", "--shell", "/sbin/nologin", USER)
    if missing and described["kind"] == "image":
        # An image of one's own has what its application needs, and may have no dnf at all.
        say(f"not installed, as the image is one of your own: {' '.join(missing)}")
    elif missing:
        install_packages(missing)
        done += [f"package {name}" for name in missing]
    if described["install"] and "application" not in done:
        _install_application(release, described["install"])
        done.append("application")
    if wanted.container and f"container {local_image(wanted.container)}" not in done:
        _pull(wanted.container)
        done.append(f"container {local_image(wanted.container)}")
    (release / DONE).write_text(json.dumps(done, indent=1) + "\n")
    say("installed")


def _done(release: Path) -> list[str]:
    path = release / DONE
    return list(json.loads(path.read_text())) if path.exists() else []


def _packages(described: Mapping[str, Any], wanted: Wanted) -> list[str]:
    names = list(described["packages"])
    names += STORAGE_PACKAGES if wanted.storage else ()
    names += LOG_PACKAGES if wanted.logs else ()
    names += CONTAINER_PACKAGES if wanted.container else ()
    names += tls.PACKAGES if wanted.tls else ()
    return names


def _install_application(release: Path, command: str) -> None:
    """Run the package's own command in its folder, as root."""
    env = {**os.environ, "HOME": "/root"}
    retried(
        lambda: ran("bash", "-c", f"umask 022; {command}", folder=release / "package", env=env),
        f"the package's install ({command})",
        tries=3,
    )


def _pull(image: str) -> None:
    """Pull a container image by its digest. What signs in to a registry of ECR is deleted again."""
    run("systemctl", "enable", "--now", "docker")
    registry, _, _ = image.partition("/")
    parts = registry.split(".")
    private = ".dkr.ecr." in registry
    if private:
        # The region is part of the registry's name.
        password = retried(
            lambda: answer("aws", "ecr", "get-login-password", "--region", parts[3]), f"sign-in to {registry}"
        )
        if not ran("docker", "login", "--username", "AWS", "--password-stdin", registry, given=password):
            raise Problem(f"{registry}: the role's password is refused")
    retried(lambda: ran("docker", "pull", "--quiet", image), f"docker pull {image}")
    run("docker", "tag", image, local_image(image))
    if private:
        ran("docker", "logout", registry)
