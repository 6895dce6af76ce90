"""A machine for install.sh to run on: the commands that change a real one are stand-ins that write down their calls."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ha_web.fleet.user_data import build_user_data

from program import start_script

NAMES = (
    "aws",
    "chown",
    "curl",
    "dnf",
    "id",
    "journalctl",
    "mount",
    "mountpoint",
    "python3",
    "python3.12",
    "systemctl",
    "useradd",
)
SECRET = {"username": "sessions", "password": "from-the-secret-0123456789"}
SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sessions-AbCdEf"
ENVIRONMENT = {
    "SESSION_HOST": "127.0.0.1",
    "SESSION_PORT": "6379",
    "SESSION_USER": "sessions",
    "SESSION_SECRET_ARN": SECRET_ARN,
    "HA_WEB_REGION": "eu-central-1",
    "PORT": "8080",
}

# IMDSv2 only: the stand-in for curl gives facts to who shows the token. A secret comes with the ARN only.
_STUB = """\
#!/bin/bash
echo "$(basename "$0") $*" >>"$STUB_FOLDER/calls"
[ ! -e "$STUB_FOLDER/fails-$(basename "$0")" ] || exit 1
case "$(basename "$0") $*" in
  "curl "*"-X PUT"*"X-aws-ec2-metadata-token-ttl-seconds: "*"http://169.254.169.254/latest/api/token") echo -n TOKEN ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/instance-id) echo -n i-0123456789abcdef0 ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/placement/availability-zone) echo -n eu-central-1b ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/placement/region) echo -n eu-central-1 ;;
  "curl "*http://127.0.0.1:*/healthz) echo ok ;;
  "curl "*) exit 22 ;;
  "aws secretsmanager get-secret-value "*"--secret-id ARN "*"--region eu-central-1") cat "$STUB_FOLDER/secret" ;;
  "aws "* | "id "* | "mountpoint "*) exit 1 ;;
  "python3.12 -m venv "*) mkdir -p "${!#}/bin" && ln -sf "$0" "${!#}/bin/python" ;;
  "python3.12 -m pip "*) ;;
  python*) exec "$REAL_PYTHON" "$@" ;;
esac
""".replace("ARN", SECRET_ARN)


@dataclass
class Machine:
    """A folder that stands for / of a fresh server."""

    folder: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    secret: str = json.dumps(SECRET)

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def calls(self) -> str:
        return (self.folder / "calls").read_text()

    def start(self, failing: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs the user data that a fleet makes of the start script; `failing` names a command that fails here."""
        commands = self.folder / "bin"
        commands.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (commands / name).write_text(_STUB)
            (commands / name).chmod(0o755)
        if failing:
            (self.folder / f"fails-{failing}").touch()
        (self.folder / "secret").write_text(self.secret)
        script = self.folder / "user-data.sh"
        script.write_text(build_user_data(self.environment, start_script.start_script()))
        return subprocess.run(
            ["bash", script],
            env={
                "PATH": f"{commands}:{os.environ['PATH']}",
                "HA_WEB_ROOT": str(self.root),
                "HA_WEB_RETRY_SECONDS": "0",
                "STUB_FOLDER": str(self.folder),
                "REAL_PYTHON": sys.executable,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
