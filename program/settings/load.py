"""The program's settings: every key of `Pulumi.<stack>.yaml` under `ha-web:`, read once and checked as a whole.

`load` reports all problems in one error before any resource is registered. A key's meaning and default stand in
`components/ha_web/site/model.py` and `components/ha_web/site/groups.py`; `Pulumi.yaml`, `Pulumi.schema.json` and the
arguments of the component Site are written from them (`make tables`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pulumi
from ha_web.recovery.assumptions import read_measured, with_measured
from ha_web.site import parse as site_settings
from ha_web.site.application import KINDS
from ha_web.site.args import SiteArgs
from ha_web.site.model import Settings
from ha_web.site.reader import given, key_of
from pulumi.runtime import config as runtime_config

APP = Path(__file__).resolve().parents[2] / "app"
"""The package that servers run where a stack file names no other application."""
NAMESPACE = "ha-web:"
"""The project's name, which precedes our keys in a stack file."""
MEASURED = Path(__file__).resolve().parents[2] / "measured.json"
"""Durations that drills have measured, if the file exists: `{"measured": {"sessions.promotion": 21.5}}`, in seconds."""


def parse(values: Mapping[str, object]) -> Settings:
    """Return settings from `values` (keys without the namespace).

    Raises `pulumi.RunError` that lists every problem, a line each: the key, the value and the reason.
    """
    settings, lines = site_settings.parse({**values, "application": _with_own(values.get("application"))})
    if lines:
        heading = f"{len(lines)} setting{'s are' if len(lines) > 1 else ' is'} wrong; nothing was changed:"
        raise pulumi.RunError("\n".join([heading, *(f"  {NAMESPACE}{line}" for line in lines)]))
    return settings


def load() -> Settings:
    """Return the settings of the stack that the engine runs. Raises as `parse` and `measured` do."""
    everything = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    ours: dict[str, Any] = {k.removeprefix(NAMESPACE): v for k, v in everything.items() if k.startswith(NAMESPACE)}
    return parse({"measured": measured(), **ours})


def as_args(settings: Settings) -> SiteArgs:
    """Return settings as the arguments of a Site, which have the same names."""
    return cast(SiteArgs, given(settings))


def measured(file: Path = MEASURED) -> dict[str, float]:
    """Return the times that drills have measured; none without the file. Raises `pulumi.RunError`."""
    if not file.exists():
        return {}
    try:
        found = read_measured(file.read_text())
        with_measured(found)
    except ValueError as error:
        raise pulumi.RunError(f"{file.name}: {error}") from None
    return found


def _with_own(application: object) -> object:
    """Return the settings of the application, with the program's own where they name none."""
    if isinstance(application, str) and application.startswith("{"):  # structured config arrives as JSON text
        try:
            application = json.loads(application)
        except ValueError:
            return application  # what is wrong with it is told by the reader
    if application is None:
        application = {}
    if not isinstance(application, Mapping) or any(application.get(key_of(kind)) is not None for kind in KINDS):
        return application
    return {"package": str(APP), **application}
