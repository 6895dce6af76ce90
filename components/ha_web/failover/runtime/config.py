"""What the function is told: one environment variable with a JSON object, checked before anything else."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VARIABLE = "FAILOVER"
"""Name of the environment variable."""

SWITCH_KEY = "standby-serves"
"""The object whose existence sends users to the standby."""

STORES = ("sessions", "database", "storage")
"""What has to be promoted, in this order."""

SHAPES: dict[str, dict[str, type]] = {
    "probe": {"protocol": str, "host": str, "port": int, "path": str},
    "switch": {"bucket": str},
    "capacity": {"group": str, "minimum": int, "needed": int},
    "sessions": {"global_id": str, "id": str},
    "database": {"global_id": str, "arn": str},
    "storage": {"source_id": str, "id": str},
}
REQUIRED = {"region": str, "beacon": str, "probe": dict, "switch": dict, "after_seconds": int}
OPTIONAL = {
    "topic_arn": str,
    "capacity": dict,
    "sessions": dict,
    "database": dict,
    "storage": dict,
    "optional": list,
}
PROTOCOLS = ("https", "http", "tcp")


class ConfigError(ValueError):
    """The configuration can't be used; its text has one line a problem."""


@dataclass(frozen=True)
class Config:
    """The configuration; parts that don't exist are None."""

    region: str
    """The standby region: the only one that is asked."""
    beacon: str
    """Name of the record that says whether Route 53 finds the primary healthy."""
    probe: Mapping[str, Any]
    """How the standby looks itself: protocol (https, http, tcp), host, port, path."""
    switch: Mapping[str, Any]
    """bucket: where the object `standby-serves` goes."""
    after_seconds: int
    """Seconds that both views must have failed without a break."""
    topic_arn: str = ""
    """SNS topic for notices; none without."""
    capacity: Mapping[str, Any] | None = None
    """group: Auto Scaling group; minimum: servers it gets; needed: servers that must run before users are sent."""
    sessions: Mapping[str, Any] | None = None
    """global_id: global datastore; id: the standby's replication group. None where nothing is to be promoted."""
    database: Mapping[str, Any] | None = None
    """global_id: Aurora global cluster; arn: the standby's cluster."""
    storage: Mapping[str, Any] | None = None
    """source_id: file system in the primary region; id: its replica here."""
    optional: tuple[str, ...] = ()
    """Stores without which users are sent to the standby all the same."""


def load(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of this function. Raises ConfigError."""
    text = (os.environ if environment is None else environment).get(VARIABLE)
    if not text:
        raise ConfigError(f"{VARIABLE} is not set")
    try:
        return parse(json.loads(text))
    except json.JSONDecodeError as error:
        raise ConfigError(f"{VARIABLE} is no JSON: {error}") from None


def parse(given: Any) -> Config:
    """A configuration from plain data; ConfigError with all problems at once."""
    if not isinstance(given, dict):
        raise ConfigError(f"{VARIABLE} is {given!r}; it must be an object")
    problems = _problems_of("", given, REQUIRED, OPTIONAL)
    for part, shape in SHAPES.items():
        if isinstance(given.get(part), dict):
            problems += _problems_of(f"{part}.", given[part], shape, {})
    if not problems:
        problems = _value_problems(given)
    if problems:
        raise ConfigError("\n".join(problems))
    return Config(**{**given, "optional": tuple(given.get("optional", ()))})


def _problems_of(
    prefix: str, given: Mapping[str, Any], required: Mapping[str, type], optional: Mapping[str, type]
) -> list[str]:
    known = {**required, **optional}
    problems = [f"{prefix}{name} is unknown" for name in given if name not in known]
    problems += [f"{prefix}{name} is missing" for name in required if name not in given]
    return problems + [
        f"{prefix}{name} is {value!r}; it must be a {known[name].__name__}"
        for name, value in given.items()
        if name in known and (not isinstance(value, known[name]) or isinstance(value, bool))
    ]


def _value_problems(given: Mapping[str, Any]) -> list[str]:
    problems = []
    if given["probe"]["protocol"] not in PROTOCOLS:
        problems.append(f'probe.protocol is "{given["probe"]["protocol"]}"; it must be one of {", ".join(PROTOCOLS)}')
    if given["after_seconds"] < 0:
        problems.append(f"after_seconds is {given['after_seconds']}; it must not be negative")
    problems += [
        f'optional has "{store}"; it can have {", ".join(STORES)}'
        for store in given.get("optional", ())
        if store not in STORES
    ]
    return problems
