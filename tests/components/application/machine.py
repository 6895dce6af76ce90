"""A server for a release to run on: the commands that change a real one are stand-ins that write down their calls."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from ha_web.application.boot import Boot, boot_commands
from ha_web.application.commands import Artifact
from ha_web.application.package import read_package
from ha_web.application.release import Release, make_release
from ha_web.fleet.user_data import build_release_data

from rehearsal.home import CHECKOUT

APP = CHECKOUT / "app"
NAMES = (
    *("aws", "chown", "curl", "dnf", "docker", "haproxy", "id", "journalctl", "mount", "mountpoint", "node", "python3"),
    *("python3.12", "systemctl", "useradd"),
)
SECRET = {"username": "sessions", "password": "from-the-secret-0123456789"}
SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sessions-AbCdEf"
OWN_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stripe-AbCdEf"
PARAMETER_ARN = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/key"
OWN_VALUE = 'sk_live_"$HOME`id`\\'
ENVIRONMENT = {
    "SESSION_HOST": "127.0.0.1",
    "SESSION_PORT": "6379",
    "SESSION_USER": "sessions",
    "SESSION_SECRET_ARN": SECRET_ARN,
    "HA_WEB_REGION": "eu-central-1",
    "PORT": "8080",
}
CONTROL = "opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"

# IMDSv2 only: the stand-in for curl gives facts to who shows the token. A secret comes with its ARN only.
_STUB = """\
#!/bin/bash
echo "$(basename "$0") $*" >>"$STUB_FOLDER/calls"
[ ! -e "$STUB_FOLDER/fails-$(basename "$0")" ] || exit 1
case "$(basename "$0") $*" in
  "curl "*"-X PUT"*"X-aws-ec2-metadata-token-ttl-seconds: "*"http://169.254.169.254/latest/api/token") echo -n TOKEN ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/instance-id) echo -n i-0123456789abcdef0 ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/placement/availability-zone) echo -n eu-central-1b ;;
  "curl "*"X-aws-ec2-metadata-token: TOKEN"*/meta-data/placement/region) echo -n eu-central-1 ;;
  "curl "*http://127.0.0.1:*/healthz | "curl "*https://127.0.0.1:8443/healthz) echo ok ;;
  "curl "*) exit 22 ;;
  "aws s3api get-object --region eu-central-1 --bucket releases --key release.tar --version-id v1 "*)
    cp "$STUB_FOLDER/release.tar" "${!#}" ;;
  "aws secretsmanager get-secret-value --secret-id "*" --region eu-central-1 --output json")
    cat "$STUB_FOLDER/secret-${4##*:}" ;;
  "aws ssm get-parameter --name "*" --with-decryption --region eu-central-1 --output json")
    cat "$STUB_FOLDER/secret-${4##*/}" ;;
  "aws ecr get-login-password --region eu-central-1") echo -n LOGIN ;;
  "docker login "*) [ "$(cat)" = LOGIN ] ;;
  "aws "* | "id "* | "mountpoint "*) exit 1 ;;
  "python3.12 -m venv "*) mkdir -p "${!#}/bin" && ln -sf "$0" "${!#}/bin/python" ;;
  "python3.12 -m pip "*) ;;
  python*) exec "$REAL_PYTHON" "$@" ;;
esac
"""


@dataclass
class Machine:
    """A folder that stands for / of a fresh server."""

    folder: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    secret: str = json.dumps(SECRET)
    package: Path = APP
    boot: Boot = field(default_factory=lambda: Boot(8080, "/healthz", boot_seconds=5, drain_seconds=30))
    kind: str = "package"

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def calls(self) -> str:
        file = self.folder / "calls"
        return file.read_text() if file.exists() else ""

    @property
    def release(self) -> Release:
        """The release of the package; a container and an image of one's own have none."""
        package = read_package(self.package) if self.kind == "package" else None
        return make_release(self.folder / "made", package, self.kind)

    @property
    def installed(self) -> Path:
        """The folder of the release on the server."""
        [found] = (self.root / "opt/ha-web/releases").iterdir()
        return found

    def unit(self, name: str = "ha-web-app.service") -> str:
        return (self.root / "etc/systemd/system" / name).read_text()

    def with_agent(self) -> None:
        """As after the installation of CloudWatch's agent."""
        control = self.root / CONTROL
        control.parent.mkdir(parents=True)
        control.write_text(_STUB)
        control.chmod(0o755)
        self.boot = replace(self.boot, log_group="/ha-web/web")

    def forget(self) -> None:
        """Begin the calls anew."""
        (self.folder / "calls").unlink(missing_ok=True)

    def start(self, failing: str | None = None, commands: str = "") -> subprocess.CompletedProcess[str]:
        """Run the user data that a fleet makes; `failing` names a command that fails here."""
        release = self.release
        (self.folder / "release.tar").write_bytes(release.path.read_bytes())
        artifact = Artifact("eu-central-1", "releases", "release.tar", "v1", release.digest)
        shell = commands or boot_commands(artifact, self.boot)
        return self.run(build_release_data(self.environment, self.boot.description, shell), failing)

    def run(self, script: str, failing: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script as root of this server."""
        stubs = self.folder / "bin"
        stubs.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (stubs / name).write_text(_STUB)
            (stubs / name).chmod(0o755)
        if failing:
            (self.folder / f"fails-{failing}").touch()
        self._keep("sessions-AbCdEf", {"SecretString": self.secret})
        self._keep("stripe-AbCdEf", {"SecretString": OWN_VALUE})
        self._keep("key", {"Parameter": {"Value": "from-ssm"}})
        return subprocess.run(
            ["bash"],
            input=script,
            env=self.surroundings,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    @property
    def surroundings(self) -> dict[str, str]:
        """Environment of a process on this server."""
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HA_WEB_ROOT": str(self.root),
            "HA_WEB_RETRY_SECONDS": "0",
            "STUB_FOLDER": str(self.folder),
            "REAL_PYTHON": sys.executable,
        }

    def _keep(self, name: str, answer: dict[str, object]) -> None:
        (self.folder / f"secret-{name}").write_text(json.dumps(answer))
