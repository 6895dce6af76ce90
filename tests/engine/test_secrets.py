"""Secrets in the real engine's state: none is plain there, nor in what the engine prints."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.emulator.process import Emulator
from rehearsal.engine import STACK, Engine
from tests.conftest import Client
from tests.engine.stack import new_home, new_project

SECRET = "aws:secretsmanager/secret:Secret"
PROGRAM = """
import pulumi
from pulumi_aws import elasticache, secretsmanager

drawn = secretsmanager.get_random_password_output(password_length=40, exclude_punctuation=True)
password = pulumi.Output.secret(drawn.random_password)
secret = secretsmanager.Secret("s", recovery_window_in_days=0)
secretsmanager.SecretVersion("v", secret_id=secret.id, secret_string=password)
elasticache.User("u", user_id="u", user_name="u", engine="valkey", access_string="on ~* +@all",
    authentication_mode={"type": "password", "passwords": [password]})
elasticache.User("p", user_id="p", user_name="p", engine="valkey", access_string="on ~* +@all", passwords=[password])
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[Engine]:
    """The real engine with a program that draws a password and uses it."""
    root: Path = tmp_path_factory.mktemp("secrets")
    engine = Engine(new_home(root), emulator, new_project(root / "secrets", PROGRAM, stack=STACK))
    engine.select()
    yield engine
    engine.run("destroy", "--yes", "--skip-preview", "--stack", engine.stack, capture=True)


def test_no_password_is_plain_in_the_engines_state(engine: Engine, aws: Client) -> None:
    for command in (["up", "--skip-preview"], ["refresh", "--skip-preview"]):
        shown = engine.run(*command, "--yes", "--stack", engine.stack, capture=True)
        secrets = {resource["id"] for resource in engine.resources() if resource["type"] == SECRET}
        password = aws("secretsmanager").get_secret_value(SecretId=secrets.pop())["SecretString"]
        state = "".join(each.read_text() for each in engine.home.state.rglob("*.json"))
        assert len(password) == 40
        assert "SecretVersion" in state
        assert password not in state
        assert password not in shown
