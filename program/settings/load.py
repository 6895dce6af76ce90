"""The program's settings: every key of `Pulumi.<stack>.yaml` under `ha-web:`, read once and checked as a whole.

`load` reports all problems in one error before any resource is registered. A key's meaning and default stand in
`model.py` and `groups.py`; `Pulumi.yaml` and `Pulumi.schema.json` are written from them (`make tables`).
"""

from collections.abc import Mapping

import pulumi
from pulumi.runtime import config as runtime_config

from program.settings.checks import CHECKS
from program.settings.model import Settings
from program.settings.reader import NAMESPACE, Problems, read
from program.settings.recovery_checks import RECOVERY_CHECKS


def parse(values: Mapping[str, object]) -> Settings:
    """Return settings from `values` (keys without the namespace).

    Raises `pulumi.RunError` that lists every problem, a line each: the key, the value and the reason.
    """
    problems = Problems()
    settings = read(Settings, values, NAMESPACE, problems)
    checks = [*CHECKS, *RECOVERY_CHECKS]
    for check in [each for each in checks if not problems.any_bad(*(f"{NAMESPACE}{key}" for key in each.keys))]:
        check.judge(settings, problems)
    if problems.lines:
        count = len(problems.lines)
        heading = f"{count} setting{'s are' if count > 1 else ' is'} wrong; nothing was changed:"
        raise pulumi.RunError("\n".join([heading, *(f"  {line}" for line in problems.lines)]))
    return settings


def load() -> Settings:
    """Return the settings of the stack that the engine runs. Raises as `parse` does."""
    everything = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    ours = {k.removeprefix(NAMESPACE): v for k, v in everything.items() if k.startswith(NAMESPACE)}
    return parse(ours)
