"""Secrets by their ARN, and the addresses of stores that hold a password."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from ha_web.application.server.machine import environment
from ha_web.application.server.secret_values import database_url, session_url

from tests.components.application.machine import (
    ENVIRONMENT,
    OWN_ARN,
    PARAMETER_ARN,
    SECRET,
    SECRET_ARN,
    Machine,
)


def with_secrets(tmp_path: Path, **secrets: str) -> Machine:
    machine = Machine(tmp_path)
    machine.boot = replace(machine.boot, secrets=secrets)
    return machine


def values(machine: Machine) -> dict[str, str]:
    return environment(machine.root / "etc/ha-web/secrets.env")


def test_parameters_and_single_keys_of_a_secret_are_variables_too(tmp_path: Path) -> None:
    machine = with_secrets(tmp_path, A=PARAMETER_ARN, B=f"{SECRET_ARN}:password::")
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    found = values(machine)
    assert (found["A"], found["B"]) == ("from-ssm", SECRET["password"])


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        (f"{SECRET_ARN}:token::", f"A={SECRET_ARN}:token::: holds no token"),
        (f"{OWN_ARN}:key::", f"A={OWN_ARN}:key::: is no JSON object, and key is asked of it"),
        (
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-AbCdEf",
            "can't be read: given up after 5 tries",
        ),
    ],
)
def test_a_secret_that_cannot_be_had_ends_the_start_with_its_name(tmp_path: Path, arn: str, reason: str) -> None:
    run = with_secrets(tmp_path, A=arn).start()
    assert run.returncode == 1
    assert reason in run.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("not json", f"SESSION_SECRET_ARN={SECRET_ARN}: is no JSON object with username and password"),
        ('{"username": "sessions"}', f"SESSION_SECRET_ARN={SECRET_ARN}: holds no password"),
        ('{"username": "other", "password": "x"}', "SESSION_USER=sessions: the secret is for the user other"),
    ],
)
def test_an_unfit_secret_of_a_store_ends_the_start_with_its_reason(tmp_path: Path, secret: str, reason: str) -> None:
    machine = Machine(tmp_path, secret=secret)
    run = machine.start()
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"ha-web start: {reason}"
    assert "systemctl" not in machine.calls


def test_a_client_gets_each_store_as_one_address(tmp_path: Path) -> None:
    password = "p@ss/w:rd%"
    machine = Machine(tmp_path, secret=json.dumps({"username": "sessions", "password": password}))
    machine.environment = {
        **ENVIRONMENT,
        **{"DATABASE_HOST": "db", "DATABASE_PORT": "5432", "DATABASE_NAME": "app", "DATABASE_SECRET_ARN": SECRET_ARN},
    }
    assert machine.start().returncode == 0
    found = values(machine)
    session, database = urlsplit(found["SESSION_URL"]), urlsplit(found["DATABASE_URL"])
    assert (session.scheme, session.hostname, session.port, session.username) == (
        "rediss",
        "127.0.0.1",
        6379,
        "sessions",
    )
    assert (database.scheme, database.hostname, database.port, database.path) == ("postgresql", "db", 5432, "/app")
    assert {unquote(each.password or "") for each in (session, database)} == {password}
    assert found["DATABASE_USER"] == "sessions"
    assert (machine.root / "etc/ha-web/secrets/DATABASE_PASSWORD").read_text() == password


def test_two_hosts_of_a_database_are_tried_in_turn() -> None:
    given = {"DATABASE_HOST": "writer,readers", "DATABASE_PORT": "5432", "DATABASE_NAME": "app"}
    assert database_url(given, "u", "p") == "postgresql://u:p@writer:5432,readers:5432/app?sslmode=require"


def test_a_session_store_is_reached_over_tls_only() -> None:
    assert session_url({"SESSION_HOST": "store"}, "p") == "rediss://:p@store:6379/0"
