"""The program's settings: every key of `Pulumi.<stack>.yaml` under `ha-web:`, read once and checked as a whole.

`load` reports all problems in one error before any resource is registered. What a key means and its default stand
here and nowhere else; `Pulumi.yaml` repeats the descriptions for `pulumi config` users, and a test compares them.
"""

from collections.abc import Mapping

import pulumi
from pulumi.runtime import config as runtime_config

from program.settings import checks as settings_checks
from program.settings import recovery_checks as settings_recovery  # noqa: F401 - registers its checks
from program.settings.model import Settings
from program.settings.reader import NAMESPACE, Problems, read


def parse(values: Mapping[str, object]) -> Settings:
    """Settings from `values` (keys without the namespace).

    Raises `pulumi.RunError` that lists every problem, a line each: the key, the value and the reason.
    """
    problems = Problems()
    settings = read(Settings, values, NAMESPACE, problems)
    settings_checks.check(settings, problems)
    if problems.lines:
        count = len(problems.lines)
        heading = f"{count} setting{'s are' if count > 1 else ' is'} wrong; nothing was changed:"
        raise pulumi.RunError("\n".join([heading, *(f"  {line}" for line in problems.lines)]))
    return settings


def load() -> Settings:
    """The settings of the stack that the engine runs. Raises as `parse` does."""
    everything = {**runtime_config.get_config_env(), **runtime_config.CONFIG.get()}
    ours = {k.removeprefix(NAMESPACE): v for k, v in everything.items() if k.startswith(NAMESPACE)}
    return parse(ours)
