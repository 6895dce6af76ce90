"""The function's configuration: one environment variable with a JSON object, checked before anything else."""

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

CANARY_KEY = "readable"
"""An object that is always there: while a health check can't read it, Route 53 couldn't see the switch move either."""

SEEN_KEY = "primary-seen"
"""The object that notes that the primary was healthy, and how many servers it ran."""

LOCK_KEY = "failover-runs"
"""The object that exists while a run fails over."""

NOTICE_KEY = "notice-owed"
"""The object that exists from just before users are sent until people have been told: what the notice has to say."""

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
OPTIONAL_SHAPES: dict[str, dict[str, type]] = {
    "capacity": {"primary_group": str, "primary_region": str, "patience": int},
    "database": {"source_arn": str, "forward": bool},
}
REQUIRED = {"region": str, "probe": dict, "after_seconds": int}
OPTIONAL = {
    "beacon": str,
    "switch": dict,
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
    """The standby region. Everything that a failover needs is asked of it."""
    probe: Mapping[str, Any]
    """The standby's own request to the primary: protocol (https, http, tcp), host, port, path."""
    after_seconds: int
    """Seconds for which both views must have failed without a break."""
    beacon: str = ""
    """Name of the record that says whether Route 53 finds the primary healthy. Empty where there is no switch."""
    switch: Mapping[str, Any] | None = None
    """bucket: where the object `standby-serves` and the notes between runs go. None where no switch sends users:
    behind Cloudflare, whose monitor follows the session store."""
    topic_arn: str = ""
    """SNS topic for notices; empty for none."""
    capacity: Mapping[str, Any] | None = None
    """group: Auto Scaling group; minimum: servers that it gets at least; needed: servers that must run before users are
    sent; primary_group, primary_region: the primary's group, whose size is noted while the primary is healthy;
    patience: seconds of waiting for more than `needed` servers if the primary ran more than `minimum`."""
    sessions: Mapping[str, Any] | None = None
    """global_id: global datastore; id: the standby's replication group. None where nothing is to be promoted."""
    database: Mapping[str, Any] | None = None
    """global_id: Aurora global cluster; arn: the standby's cluster; source_arn: the primary's; forward: whether that
    forwards writes once it is back as a secondary."""
    storage: Mapping[str, Any] | None = None
    """source_id: file system in the primary region; id: its replica here."""
    optional: tuple[str, ...] = ()
    """Stores without which users are sent to the standby all the same."""


def load(environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration of this function. Raises ConfigError."""
    text = (os.environ if environment is None else environment).get(VARIABLE)
    if not text:
        raise ConfigError(f"{VARIABLE} is not set")
    try:
        return parse(json.loads(text))
    except json.JSONDecodeError as error:
        raise ConfigError(f"{VARIABLE} is no JSON: {error}") from None


def parse(given: Any) -> Config:
    """Return a configuration from plain data. Raises ConfigError with all problems at once."""
    if not isinstance(given, dict):
        raise ConfigError(f"{VARIABLE} is {given!r}; it must be an object")
    problems = _problems_of("", given, REQUIRED, OPTIONAL)
    for part, shape in SHAPES.items():
        if isinstance(given.get(part), dict):
            problems += _problems_of(f"{part}.", given[part], shape, OPTIONAL_SHAPES.get(part, {}))
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
        if name in known
        and (not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool))
    ]


def _is_a(wanted: type, value: object) -> bool:
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def _value_problems(given: Mapping[str, Any]) -> list[str]:
    problems = []
    if given["probe"]["protocol"] not in PROTOCOLS:
        problems.append(f'probe.protocol is "{given["probe"]["protocol"]}"; it must be one of {", ".join(PROTOCOLS)}')
    if ("switch" in given) != bool(given.get("beacon")):
        problems.append("switch and beacon belong together; only one of them is given")
    if given["after_seconds"] < 0:
        problems.append(f"after_seconds is {given['after_seconds']}; it must not be negative")
    problems += [
        f'optional has "{store}"; it can have {", ".join(STORES)}'
        for store in given.get("optional", ())
        if store not in STORES
    ]
    return problems
