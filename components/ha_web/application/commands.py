"""The shell that fetches a release, installs and starts it: for user data, and for whoever bakes an image. No SDK here.

A server needs bash, coreutils, tar, curl, the AWS CLI and Python 3.9 or later for it: Amazon Linux 2023 has them all.
HA_WEB_ROOT puts all paths under a folder, for tests.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from ha_web.application.release import PROGRAM

FOLDER = "/opt/ha-web/releases"

_FETCH = """\
# Fetches the release unless it is there, and makes sure that it is the one.
release="${{HA_WEB_ROOT:-}}{folder}/{digest}"
if [ ! -d "$release" ]; then
  archive="$(mktemp)"
  try=1
  until aws s3api get-object --region {region} --bucket {bucket} --key {key} --version-id {version} "$archive" \
>/dev/null; do
    if [ "$try" -ge 5 ]; then
      echo "ha-web: release {digest}: can't be fetched from "{bucket}", given up after $try tries" >&2
      exit 1
    fi
    try=$((try + 1))
    sleep "${{HA_WEB_RETRY_SECONDS:-5}}"
  done
  if ! echo "{digest}  $archive" | sha256sum --check --status; then
    echo "ha-web: release {digest}: what "{bucket}" has is another content" >&2
    exit 1
  fi
  rm -rf "$release.part"
  mkdir -p "$release.part"
  tar -xf "$archive" -C "$release.part" --no-same-owner
  rm -f "$archive"
  mv "$release.part" "$release"
fi
"""


@dataclass(frozen=True)
class Artifact:
    """Where a release is, in the region that fetches it."""

    region: str
    bucket: str
    key: str
    version: str
    """Id of the object's version: the key always has the newest."""
    digest: str


@dataclass(frozen=True)
class Extras:
    """What a server needs besides the package: everything that its `start` will ask for is installed beforehand."""

    storage: bool = False
    """The mount helper of EFS."""
    logs: bool = False
    """The agent that sends logs to CloudWatch."""
    container: str = ""
    """The image to pull, by digest."""
    tls: bool = False
    """What ends the load balancer's TLS."""


def install_command(artifact: Artifact, extras: Extras | None = None) -> str:
    """Return the script that puts a release on a server: run as root, at the first boot or when an image is baked.

    It may be run again, and then does what isn't done yet. An image that it ran on needs nothing of it at boot.
    """
    quoted = {name: shlex.quote(getattr(artifact, name)) for name in ("region", "bucket", "key", "version")}
    fetch = _FETCH.format(folder=FOLDER, digest=artifact.digest, **quoted)
    return fetch + _run("install", *_options(extras or Extras(), artifact.region))


def start_command(digest: str) -> str:
    """Return the script that starts a release which is installed, as `/etc/ha-web` says; it may be run again."""
    return f'release="${{HA_WEB_ROOT:-}}{FOLDER}/{digest}"\n' + _run("start")


def trial_command(digest: str, port: int, health: str) -> str:
    """Return the script that tries a baked image: starts the application without stores, and asks its health path.

    The variables lead nowhere: an application that needs its stores to answer its health path fails here, as it would
    take every server out when a store fails over.
    """
    release = f'release="${{HA_WEB_ROOT:-}}{FOLDER}/{digest}"\n'
    return release + _run("trial", "--port", str(port), "--health", shlex.quote(health))


def _options(extras: Extras, region: str) -> Sequence[str]:
    options = ["--region", shlex.quote(region)]
    options += ["--storage"] if extras.storage else []
    options += ["--logs"] if extras.logs else []
    options += ["--tls"] if extras.tls else []
    options += ["--container", shlex.quote(extras.container)] if extras.container else []
    return options


def _run(phase: str, *options: str) -> str:
    return f'(cd "$release" && python3 -B -m {PROGRAM} {" ".join((phase, *options))})\n'
