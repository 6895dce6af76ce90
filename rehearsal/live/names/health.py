"""When Route 53 finds a health check healthy: what each checker saw, how many agree, what follows from other checks.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SHARE = 0.18
"""More of the checkers than this must find the endpoint healthy (same page)."""

ENDPOINTS = frozenset({"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"})
"""Types for which checkers ask an endpoint."""

DEEPEST = 8
"""Calculated checks of calculated checks."""

Config = Mapping[str, Any]
"""A HealthCheckConfig of the API."""


@dataclass
class Opinion:
    """What one checker thinks of an endpoint: it changes its mind after `threshold` answers in a row to the contrary.

    healthy: what it thought before the first answer. None takes the first answer as it is: a check that is older than
    the rehearsal has been running for long.
    """

    threshold: int
    healthy: bool | None = True
    against: int = 0

    def saw(self, passed: bool) -> bool:
        """Note an answer; tell whether it changed the checker's mind."""
        if self.healthy is None:
            self.healthy = passed
            return True
        self.against = 0 if passed == self.healthy else self.against + 1
        if self.against < self.threshold:
            return False
        self.healthy, self.against = passed, 0
        return True


def agreed(opinions: Iterable[bool | None]) -> bool:
    """Tell whether the endpoint is healthy: more than 18 % of the checkers say so. Until one has looked, it is."""
    known = [each for each in opinions if each is not None]
    return not known or sum(known) / len(known) > SHARE


def healthy(
    check: str,
    configs: Mapping[str, Config],
    endpoint: Callable[[str], bool],
    alarm: Callable[[str, str], str],
    last: Mapping[str, bool] | None = None,
    depth: int = DEEPEST,
) -> bool:
    """Return a health check's status.

    endpoint: what the checkers agree on, by the check's id. alarm: an alarm's state, by Region and name.
    last: each check's last known status, for metrics without data that shall keep it.
    Disabled checks are healthy, or unhealthy if inverted:
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
    """
    config = configs.get(check)
    if config is None:
        return True
    kind, inverted = config["Type"], bool(config.get("Inverted"))
    if config.get("Disabled"):
        return not inverted
    if kind == "CALCULATED":
        children = config.get("ChildHealthChecks", [])
        passing = sum(healthy(child, configs, endpoint, alarm, last, depth - 1) for child in children if depth)
        status = passing >= int(config.get("HealthThreshold", 1))
    elif kind == "CLOUDWATCH_METRIC":
        status = _metric(check, config, alarm, last or {})
    else:
        status = endpoint(check)
    return status != inverted


def _metric(check: str, config: Config, alarm: Callable[[str, str], str], last: Mapping[str, bool]) -> bool:
    watched = config.get("AlarmIdentifier", {})
    state = alarm(watched.get("Region", ""), watched.get("Name", ""))
    if state == "INSUFFICIENT_DATA":
        otherwise = config.get("InsufficientDataHealthStatus", "LastKnownStatus")
        return last.get(check, True) if otherwise == "LastKnownStatus" else bool(otherwise == "Healthy")
    return state == "OK"
