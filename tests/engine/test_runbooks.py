"""Every command of the runbooks is typed on a whole stack, in the order of the pages, and leaves it as it was."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from ha_web.failover.runtime.config import SWITCH_KEY

from ops.__main__ import OPERATIONS, main
from ops.core.errors import DONE, NOT_DONE
from ops.preflight.stack_file import read_site
from ops.tree import commands as all_commands
from rehearsal import vaults
from tests.docs.elsewhere import is_run_here
from tests.docs.runbooks import commands
from tests.docs.shell import Shell
from tests.engine.conftest import Site
from tests.engine.operated import Operated

pytestmark = [pytest.mark.xdist_group("site"), pytest.mark.timeout(900)]

MAY_BE_REFUSED = {
    "ha-web status": "the emulated account has no lags",
    "ha-web backup status": "it has no backups yet",
    "ha-web evidence --out incident.html": "no drill has measured anything there",
    "ha-web restore apply database --to 2026-11-29T10:15:00Z --dry-run": "the database is younger",
    "ha-web restore serve r1 --dry-run": "nobody has restored it",
    "ha-web preflight": "it has what the stack made",
    "ha-web switchover --dry-run": "nobody measures how far the standby is behind",
    "ha-web failback --dry-run": "users are at the primary",
    "ha-web failover --region-lost --dry-run": "the standby's copy has no capacity of the primary",
}
"""Commands that may end with exit code 1 on the stack of the tests, and why."""

RESTORED = "pulumi config set --path 'ha-web:database.restored.r1' 2026-11-29T10:15:00Z"

BEFORE = {
    "ha-web restore serve r1 --dry-run": (RESTORED,),
    "pulumi config set --path 'ha-web:database.keepFirst' false": (
        "pulumi config set --path 'ha-web:database.serving' r1",
    ),
    "pulumi config rm --path 'ha-web:database.serving'": ("pulumi config rm --path 'ha-web:database.keepFirst'",),
}
"""What has been done before a command is typed: by another command of the page, which this stack is spared."""

LEAF = "aws:autoscaling/policy:Policy"
"""A type that nothing else depends on, so that one of it can be missing in a state."""


@dataclass
class Night:
    """A person at a terminal, in the folder of the project."""

    operated: Operated
    shell: Shell
    folder: Path
    """For what it writes down."""
    capsys: pytest.CaptureFixture[str]

    @property
    def project(self) -> Path:
        return self.operated.site.engine.project

    def types(self, command: str) -> None:
        """Run a command. Fails the test if it ends as it shouldn't."""
        for before in BEFORE.get(command, ()):
            self.types(before)
        program = command.split()[0]
        if program == "ha-web":
            self._ha_web(command)
        elif program == "pulumi":
            self._pulumi(command)
        else:
            self.shell.run(command)

    def _ha_web(self, command: str) -> None:
        words = [self.shell.expanded(word) for word in shlex.split(command)[1:]]
        self.capsys.readouterr()
        code = main([*words, *(["--yes"] if self._asks(words) else [])])
        printed = self.capsys.readouterr()
        may = MAY_BE_REFUSED.get(command.partition(" --outputs")[0])
        assert code == DONE or (code == NOT_DONE and may), f"{command}: {code}\n{printed.out}\n{printed.err}"
        assert "error:" not in printed.err, f"{command}: {printed.err}"

    @staticmethod
    def _asks(words: list[str]) -> bool:
        """Whether a command would ask a person."""
        path = tuple(words[:2]) if len(words) > 1 else tuple(words)
        found = [each for each in all_commands(OPERATIONS) if each.path in (path, path[:1])]
        options = {flag for each in found[-1:] for option in each.options for flag in option.flags}
        return "--yes" in options and "--dry-run" not in words

    def _pulumi(self, command: str) -> None:
        if command.startswith("pulumi import"):
            self._fill_in(self.project / "missing.json")
        engine = self.operated.site.engine
        environment = {**engine.environment(), "PULUMI_SKIP_CONFIRMATIONS": "true"}
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        if command.startswith("pulumi config"):
            self._read_settings(engine.stack)
        if command.endswith("--file damaged.json") and "export" in command:
            self._lose_one(self.project / "damaged.json", self.project / "good.json")

        if command == "pulumi stack import --file imported.json":
            assert "name" in self._imported()["inputs"].get("__defaults", []), "the next `up` would replace it"

    def _imported(self) -> Any:
        """What was missing in the state, as the state has it now."""
        engine = self.operated.site.engine
        return next(each for each in engine.resources() if each["type"] == LEAF and each["id"] == self.lost)

    def _read_settings(self, stack: str) -> None:
        """See that the settings are such as the program takes, whatever this very stack promises."""
        name = f"Pulumi.{stack}.yaml"
        settings = yaml.safe_load((self.project / name).read_text())
        settings["config"].pop("ha-web:objectives", None)
        self.folder.joinpath(name).write_text(yaml.safe_dump(settings))
        read_site(stack, self.folder)

    def _lose_one(self, whole: Path, earlier: Path) -> None:
        """Write the state of before the stack got a resource."""
        state = json.loads(whole.read_text())
        resources: list[dict[str, Any]] = state["deployment"]["resources"]
        lost = next(each for each in resources if each["type"] == LEAF)
        self.lost = lost["id"]
        resources.remove(lost)
        earlier.write_text(json.dumps(state))

    def _fill_in(self, missing: Path) -> None:
        """Do what the runbook asks of a person: give the id of what is missing."""
        asked = json.loads(missing.read_text())
        [only] = asked["resources"]
        assert only["type"] == LEAF
        only["id"] = self.lost
        missing.write_text(json.dumps(asked))


@pytest.fixture
def night(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Night]:
    operated = Operated(site, monkeypatch, capsys)
    for name, value in site.engine.environment().items():
        if name.startswith(("AWS_", "PULUMI_")) or name == "PATH":
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("HA_WEB_STACK", site.engine.stack)
    monkeypatch.setenv("HA_WEB_OUTPUTS", operated.copy)
    monkeypatch.chdir(site.engine.project)
    before = operated.state()
    with kept_state(site), kept_clusters(operated), kept_vaults(site), kept_passwords(operated) as variables:
        yield Night(operated, Shell(operated.client, variables), tmp_path, capsys)
    assert operated.state() == before


@contextmanager
def kept_files(project: Path) -> Iterator[None]:
    """Put the settings back, and take away what commands wrote."""
    before = {path: path.read_bytes() for path in project.glob("*") if path.is_file()}
    try:
        yield
    finally:
        for path in project.glob("*"):
            if path.is_file() and path not in before:
                path.unlink()
        for path, content in before.items():
            path.write_bytes(content)


@contextmanager
def kept_switch(operated: Operated) -> Iterator[None]:
    """Let users be at the primary again."""
    yield
    operated.client("s3", operated.standby).delete_object(Bucket=operated.stack.switch, Key=SWITCH_KEY)


@contextmanager
def kept_state(site: Site) -> Iterator[None]:
    """Put the state back."""
    state = site.engine.run("stack", "export", "--stack", site.engine.stack, capture=True)
    file = site.engine.home.root / "kept.json"
    file.write_text(state)
    try:
        yield
    finally:
        site.engine.run("stack", "import", "--stack", site.engine.stack, "--file", str(file), capture=True)


@contextmanager
def kept_clusters(operated: Operated) -> Iterator[None]:
    """Put back what protects the databases, and what they forward."""
    client = operated.client("rds", operated.stack.primary.region)

    def known() -> dict[str, dict[str, bool]]:
        return {
            each["DBClusterIdentifier"]: {
                "DeletionProtection": each["DeletionProtection"],
                "EnableGlobalWriteForwarding": each.get("GlobalWriteForwardingStatus") == "enabled",
            }
            for each in client.describe_db_clusters()["DBClusters"]
        }

    before = known()
    try:
        yield
    finally:
        for name, now in known().items():
            changed = {key: value for key, value in before[name].items() if value != now[key]}
            if changed:
                client.modify_db_cluster(DBClusterIdentifier=name, **changed)
        assert known() == before


@contextmanager
def kept_vaults(site: Site) -> Iterator[None]:
    """Empty the vaults again: other tests know of no recovery points."""
    try:
        yield
    finally:
        vaults.empty(site.account, site.engine.resources())


@contextmanager
def kept_passwords(operated: Operated) -> Iterator[dict[str, str]]:
    """Put passwords, secrets and the switch back; give the names that the runbooks have variables for."""
    stack = operated.stack
    home, away = stack.primary.region, operated.standby
    secrets = operated.client("secretsmanager", home)
    secret = next(each for each in secrets.list_secrets()["SecretList"] if "session store" in each["Description"])
    old = secrets.get_secret_value(SecretId=secret["ARN"])
    users = {
        region: next(
            each["UserId"]
            for each in operated.client("elasticache", region).describe_users()["Users"]
            if each["UserName"] != "default"
        )
        for region in (home, away)
    }
    database = operated.client("rds", home).describe_db_clusters()["DBClusters"][0]["DBClusterIdentifier"]
    of_database = next(each for each in secrets.list_secrets()["SecretList"] if "database" in each["Description"])
    master = json.loads(secrets.get_secret_value(SecretId=of_database["ARN"])["SecretString"])["password"]
    try:
        yield {
            "P": home,
            "W": home,
            "R": away,
            "B": stack.switch,
            "F": stack.function,
            "SECRET": secret["ARN"],
            "USER_P": users[home],
            "USER_R": users[away],
            "CLUSTER": database,
            "C": database,
            "RECORDS": stack.records[away],
            "STANDBY_REGION": away,
            "STANDBY_RECORDS": stack.records[away],
        }
    finally:
        now = secrets.get_secret_value(SecretId=secret["ARN"])["VersionId"]
        if now != old["VersionId"]:
            secrets.update_secret_version_stage(
                SecretId=secret["ARN"],
                VersionStage="AWSCURRENT",
                MoveToVersionId=old["VersionId"],
                RemoveFromVersionId=now,
            )
        password = json.loads(old["SecretString"])["password"]
        for region, user in users.items():
            operated.client("elasticache", region).modify_user(UserId=user, Passwords=[password])
        operated.client("rds", home).modify_db_cluster(
            DBClusterIdentifier=database, MasterUserPassword=master, ApplyImmediately=True
        )


def test_every_command_of_a_runbook_can_be_typed(night: Night) -> None:
    typed: set[str] = set()
    for _, page in groupby((each for each in commands() if is_run_here(each.text)), lambda each: each.page):
        with kept_files(night.project), kept_switch(night.operated):
            for command in dict.fromkeys(each.text for each in page):
                if command not in typed:
                    night.types(command)
                    typed.add(command)
    assert len(typed) > 20


@pytest.mark.parametrize("what", ["status", "rollback"])
def test_releases_are_read_with_the_rights_that_are_asked_for(
    what: str, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    operated = Operated(site, monkeypatch, capsys)
    command = operated.command("release", what, "--outputs", operated.copy)
    assert command.run(*(["--yes"] if what == "rollback" else [])) == DONE
    printed = capsys.readouterr().out
    assert "can't be read" not in printed
    assert command.regions == {operated.stack.primary.region, operated.standby}
