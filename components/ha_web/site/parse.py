"""Settings from what a stack file or a program says: read, then checked as a whole."""

from collections.abc import Callable, Mapping
from typing import Any

from ha_web.site.application_checks import APPLICATION_CHECKS
from ha_web.site.checks import CHECKS
from ha_web.site.image_checks import IMAGE_CHECKS
from ha_web.site.model import Settings
from ha_web.site.reader import Problems, Spelling, key_of, read
from ha_web.site.recovery_checks import RECOVERY_CHECKS


def parse(
    values: Mapping[str, Any],
    spelled: Spelling = key_of,
    said: Callable[[str], str] = str,
) -> tuple[Settings, list[str]]:
    """Return settings from `values`, and a line for each problem: the key, the value and the reason.

    With a problem, parts of the settings are None. A check is left out where what it judges is already known to be bad.

    Args:
        spelled: how the keys of `values` are spelled.
        said: how a line is said whose names of settings are spelled as in a stack file.
    """
    problems = Problems(said)
    settings = read(Settings, values, problems, spelled=spelled)
    checks = [*APPLICATION_CHECKS, *IMAGE_CHECKS, *CHECKS, *RECOVERY_CHECKS]
    for check in [each for each in checks if not problems.any_bad(*each.keys)]:
        check.judge(settings, problems)
    return settings, problems.lines
