"""`python3 -m ha_web_server install|start|trial`, run by root in the folder of a release."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import install, start, trial
from .machine import Problem


def main() -> None:
    """Do one phase; end with 1 and one line when it fails."""
    parser = argparse.ArgumentParser(prog="ha-web")
    phases = parser.add_subparsers(dest="phase", required=True)
    installing = phases.add_parser("install", help="install the release; what is done already isn't done again")
    installing.add_argument("--region", required=True, help="AWS Region to pull a container image in")
    installing.add_argument("--storage", action="store_true", help="install the mount helper of EFS")
    installing.add_argument("--logs", action="store_true", help="install the agent of CloudWatch Logs")
    installing.add_argument("--tls", action="store_true", help="install what ends the load balancer's TLS")
    installing.add_argument("--container", default="", help="container image to pull, by digest")
    phases.add_parser("start", help="start the application as /etc/ha-web says; again after a change of a secret")
    trying = phases.add_parser("trial", help="start the application without stores, ask its health path, clean up")
    trying.add_argument("--port", type=int, required=True)
    trying.add_argument("--health", required=True)
    given = parser.parse_args()
    release = Path.cwd()
    described = json.loads((release / "release.json").read_text())
    try:
        if given.phase == "install":
            wanted = install.Wanted(given.region, given.storage, given.logs, given.container, given.tls)
            install.install(release, described, wanted)
        elif given.phase == "start":
            start.start(release, described)
        else:
            trial.trial(release, described, given.port, given.health)
    except Problem as problem:
        print(f"ha-web {given.phase}: {problem}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
