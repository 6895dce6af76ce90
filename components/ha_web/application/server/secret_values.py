"""Secrets, fetched by their ARN and left where only the application reads them: as files and in its environment."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from .machine import Problem, answer, at, retried, run

FOLDER = "/etc/ha-web/secrets"


def fetch(name: str, arn: str) -> str:
    """Return the value of a secret or a parameter, or of one key of it where the ARN ends with `:key::`.

    Raises Problem that names the variable and the ARN, never the value.
    """
    parts = arn.split(":")
    service, region = parts[2], parts[3]
    command = ["secretsmanager", "get-secret-value", "--secret-id", ":".join(parts[:7])]
    if service == "ssm":
        command = ["ssm", "get-parameter", "--name", arn, "--with-decryption"]
    text = retried(
        lambda: answer("aws", *command, "--region", region, "--output", "json"), f"{name}={arn}: can't be read"
    )
    value = _value(json.loads(text))
    key = parts[7] if service != "ssm" and len(parts) > 7 else ""
    return _part(name, arn, value, key) if key else value


def _value(found: Mapping[str, Any]) -> str:
    if "Parameter" in found:
        return str(found["Parameter"]["Value"])
    if "SecretString" in found:
        return str(found["SecretString"])
    return base64.b64decode(found["SecretBinary"]).decode(errors="surrogateescape")


def _part(name: str, arn: str, value: str, key: str) -> str:
    try:
        known = json.loads(value)
    except ValueError:
        raise Problem(f"{name}={arn}: is no JSON object, and {key} is asked of it") from None
    if not isinstance(known, dict) or key not in known:
        raise Problem(f"{name}={arn}: holds no {key}")
    return str(known[key])


def all_secrets(environment: Mapping[str, str], own: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the variables that hold secrets, and the content of the files that do, both by name.

    Args:
        environment: what the cluster says: where session store and database are, and the ARNs of their secrets.
        own: the application's own secrets, ARN by name.
    """
    variables, files = {name: fetch(name, arn) for name, arn in own.items()}, {}
    files.update(variables)
    if environment.get("SESSION_SECRET_ARN"):
        files["SESSION_PASSWORD"] = _password("SESSION", environment, environment.get("SESSION_USER"))[1]
        variables["SESSION_URL"] = session_url(environment, files["SESSION_PASSWORD"])
    if environment.get("DATABASE_SECRET_ARN"):
        user, files["DATABASE_PASSWORD"] = _password("DATABASE", environment, None)
        variables["DATABASE_USER"] = user
        variables["DATABASE_URL"] = database_url(environment, user, files["DATABASE_PASSWORD"])
    return variables, files


def _password(store: str, environment: Mapping[str, str], user: str | None) -> tuple[str, str]:
    """Return user and password of a store, which has to be for the user that the cluster names, if it names one."""
    name = f"{store}_SECRET_ARN"
    arn = environment[name]
    value = fetch(name, arn)
    try:
        known = json.loads(value)
        found = str(known["username"])
    except (ValueError, KeyError, TypeError):
        raise Problem(f"{name}={arn}: is no JSON object with username and password") from None
    if user is not None and found != user:
        raise Problem(f"{store}_USER={user}: the secret is for the user {found}")
    if "password" not in known:
        raise Problem(f"{name}={arn}: holds no password")
    return found, str(known["password"])


def session_url(environment: Mapping[str, str], password: str) -> str:
    """Return the session store's address in the form that clients of Redis and Valkey take."""
    user, host = environment.get("SESSION_USER", ""), environment.get("SESSION_HOST", "")
    return f"rediss://{quote(user, '')}:{quote(password, '')}@{host}:{environment.get('SESSION_PORT', '6379')}/0"


def database_url(environment: Mapping[str, str], user: str, password: str) -> str:
    """Return the database's address in the form that libpq takes, over TLS; with two hosts, both in turn.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
    """
    port = environment.get("DATABASE_PORT", "5432")
    hosts = ",".join(f"{host}:{port}" for host in environment.get("DATABASE_HOST", "").split(","))
    name = environment.get("DATABASE_NAME", "")
    return f"postgresql://{quote(user, '')}:{quote(password, '')}@{hosts}/{quote(name, '')}?sslmode=require"


def prepare_folder(mode: int) -> None:
    """Make the folder of the files anew, so that a secret that is no longer given is gone."""
    folder = at(FOLDER)
    run("rm", "-rf", str(folder))
    folder.mkdir(parents=True)
    folder.chmod(mode)
