"""Log groups and trails."""

from collections.abc import Iterator

from resilience.aws.types import LOG_GROUP, TRAIL
from resilience.aws.values import amount, is_on
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

LOGGING = well_architected("SEC04-BP01", "sec_detect_investigate_events_app_service_logging")


@RULES.rule(
    "log-group-expires",
    "A log group says how long its entries are kept.",
    Severity.LOW,
    LOGGING,
    LOG_GROUP,
)
def expires(group: Resource, _: Config) -> Iterator[str]:
    """By default they are never deleted, and paid for each month."""
    if not amount(group, "retentionInDays"):
        yield "retentionInDays is not set; entries are never deleted"


@RULES.rule(
    "log-group-keeps-entries",
    "A log group keeps its entries long enough to look into an incident.",
    Severity.LOW,
    security_hub("CloudWatch.16"),
    LOG_GROUP,
    days=Setting(30, "how long entries are kept at least, in days; Security Hub asks for 365", {"minimum": 1}),
)
def keeps_entries(group: Resource, config: Config) -> Iterator[str]:
    """Without a retention, they are kept for ever."""
    if 0 < (kept := amount(group, "retentionInDays")) < config["days"]:
        yield f"retentionInDays is {kept}; at least {config['days']:g} are needed"


@RULES.rule(
    "trail-sees-everything",
    "A trail is switched on and records all regions and global services.",
    Severity.MEDIUM,
    security_hub("CloudTrail.1"),
    TRAIL,
)
def sees_everything(trail: Resource, _: Config) -> Iterator[str]:
    """Two of the three are AWS's defaults."""
    for path, default in (("enableLogging", True), ("isMultiRegionTrail", False), ("includeGlobalServiceEvents", True)):
        if not is_on(trail, path, default=default):
            yield f"{path} is off"
