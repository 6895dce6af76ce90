"""Secrets: changed now and then, and encrypted with a key of the account's own."""

import re
from collections.abc import Iterator

from resilience.aws.types import SECRET_ROTATION
from resilience.known import known
from resilience.reference import security_hub
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

LONGEST = 90
"""Days. https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-4"""


@RULES.rule(
    "secret-rotates-in-time",
    "A secret that is changed by itself is changed often enough.",
    Severity.LOW,
    security_hub("SecretsManager.4"),
    SECRET_ROTATION,
    days=Setting(LONGEST, "the most days between two changes", {"minimum": 1}),
)
def rotates_in_time(rotation: Resource, config: Config) -> Iterator[str]:
    """By days, or by a schedule: `rate(…)`; of a `cron(…)` expression nothing is said."""
    if rotation.get("rotationEnabled") is False:
        yield "rotationEnabled is off"
        return
    days = rotation.get("rotationRules.automaticallyAfterDays")
    if found := re.fullmatch(r"rate\((\d+) days?\)", str(known(rotation, "rotationRules.scheduleExpression") or "")):
        days = int(found[1])
    if days and days > config["days"]:
        yield f"rotationRules: {days} days between two changes; at most {config['days']:g}"
