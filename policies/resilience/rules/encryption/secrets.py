"""Secrets: where they stand in plain text, and how long they can be had back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from resilience.aws.plain_secrets import decoded, is_value, looks_like, names_a_secret, secrets_in
from resilience.aws.types import (
    FUNCTION,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    PARAMETER,
    SECRET,
    TASK_DEFINITION,
)
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

SECRETS = well_architected("SEC02-BP03", "sec_identities_secrets")
USER_DATA = ("userData", "userDataBase64")
RECOVERY_DAYS = 30
"""AWS's default. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html"""


@RULES.rule(
    "server-user-data-without-secrets",
    "User data of servers has no secrets in it.",
    Severity.HIGH,
    SECRETS,
    LAUNCH_TEMPLATE,
    LAUNCH_CONFIGURATION,
    INSTANCE,
)
def user_data(server: Resource, _: Config) -> Iterator[str]:
    """Whoever may describe a server, and every process on it, can read its user data."""
    for path in USER_DATA:
        if server.has(path):
            for kind in secrets_in(decoded(server.get(path))):
                yield f"{path} has {kind}; let the server read it from Secrets Manager or Parameter Store"


@RULES.rule(
    "parameter-secret-encrypted",
    "A parameter that holds a secret is a SecureString.",
    Severity.HIGH,
    SECRETS,
    PARAMETER,
)
def parameter_encrypted(parameter: Resource, _: Config) -> Iterator[str]:
    """By its name, or by what its value looks like; a value that points elsewhere is no secret."""
    if parameter.get("type") == "SecureString":
        return
    name = parameter.get("name") if is_known(parameter, "name") else parameter.name
    values = [parameter.get(path) for path in ("value", "insecureValue") if is_known(parameter, path)]
    if names_a_secret(name) and (not values or any(is_value(value) for value in values)):
        yield "type is not SecureString, and the name says that the value is secret"
    for kind in {kind for value in values for kind in looks_like(value)}:
        yield f"type is not SecureString, and the value has {kind}"


@RULES.rule(
    "function-environment-without-secrets",
    "The environment of a function has no secrets in it.",
    Severity.HIGH,
    SECRETS,
    FUNCTION,
)
def function_environment(function: Resource, _: Config) -> Iterator[str]:
    """Whoever may read the function's configuration can read them. A variable of another name that is not known yet
    holds something of another resource, and no secret of the program's."""
    variables = function.get("environment.variables", {})
    for name in variables:
        path = f"environment.variables.{name}"
        if names_a_secret(name) or is_known(function, path):
            yield from _in_variable(path, name, function.get(path))


@RULES.rule(
    "task-environment-without-secrets",
    "The environment of a container has no secrets in it.",
    Severity.HIGH,
    security_hub("ECS.8"),
    TASK_DEFINITION,
)
def task_environment(task: Resource, _: Config) -> Iterator[str]:
    """`secrets` reads them from where they are kept."""
    for container in _containers(task.get("containerDefinitions")):
        for variable in container.get("environment") or ():
            name = str(variable.get("name", ""))
            yield from _in_variable(f"environment of {container.get('name')}, {name},", name, variable.get("value"))


def _in_variable(path: str, name: str, value: Any) -> Iterator[str]:
    kinds = [*looks_like(str(value))]
    if kinds:
        yield f"{path} has {kinds[0]}; pass the ARN of a secret"
    elif names_a_secret(name) and is_value(str(value or "")):
        yield f"{path} is given in plain text; pass the ARN of a secret"


def _containers(definitions: Any) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(definitions) if isinstance(definitions, str) else definitions
    except ValueError:
        return []
    return [each for each in found or () if isinstance(each, Mapping)]


@RULES.rule(
    "secret-recoverable",
    "A secret can be had back for a while after its deletion.",
    Severity.HIGH,
    SECRETS,
    SECRET,
    days=Setting(7, "the least days between the order to delete a secret and its end", {"minimum": 7, "maximum": 30}),
)
def recoverable(secret: Resource, config: Config) -> Iterator[str]:
    """0 deletes it at once, and with it the way into what it opens."""
    days = secret.get("recoveryWindowInDays", RECOVERY_DAYS)
    if days < config["days"]:
        yield f"recoveryWindowInDays is {days}; at least {config['days']:g} are asked for"
