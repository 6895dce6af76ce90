"""Route 53's health checks."""

from collections.abc import Iterator

from resilience.aws.types import HEALTH_CHECK
from resilience.reference import well_architected
from resilience.resource import Resource
from resilience.rule import Config, Setting, Severity, Topic

RULES = Topic()

INTERVAL, FAILURES = 30, 3
"""AWS's defaults. https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""

PLAIN = ("HTTP", "HTTP_STR_MATCH")
OVER_TLS = ("HTTPS", "HTTPS_STR_MATCH")
HTTP_PORT = 80
ENDPOINT = (*PLAIN, *OVER_TLS, "TCP")
"""Types that ask an endpoint; the others follow other checks, alarms or switches."""

DETECT = well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health")


@RULES.rule(
    "health-check-detects-in-time",
    "A health check notices a failure in time.",
    Severity.MEDIUM,
    DETECT,
    HEALTH_CHECK,
    seconds=Setting(
        30, "the longest time until a dead endpoint is out, in seconds: interval × failures", {"minimum": 10}
    ),
)
def detects_in_time(check: Resource, config: Config) -> Iterator[str]:
    """The fast interval is 10 s."""
    if check.get("type") not in ENDPOINT:
        return
    interval, failures = int(check.get("requestInterval", INTERVAL)), int(check.get("failureThreshold", FAILURES))
    if interval * failures > config["seconds"]:
        yield f"it takes {interval} s × {failures} failures; at most {config['seconds']} s are allowed"


@RULES.rule(
    "health-check-over-tls",
    "A health check asks the way users do, over TLS.",
    Severity.MEDIUM,
    DETECT,
    HEALTH_CHECK,
)
def over_tls(check: Resource, _: Config) -> Iterator[str]:
    """A redirect to HTTPS is a healthy answer: it comes from the balancer, whatever is behind it.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """
    if check.get("type") in PLAIN:
        yield f"type is {check.get('type')}; a redirect counts as healthy, so HTTPS"


@RULES.rule(
    "health-check-asks-the-application",
    "A health check asks the application.",
    Severity.LOW,
    DETECT,
    HEALTH_CHECK,
)
def asks_the_application(check: Resource, _: Config) -> Iterator[str]:
    """Not just whether a port is open, and on a path that was chosen for it.

    Port 443 may speak gRPC, or TLS without HTTP: Route 53 can't ask those.
    """
    kind = check.get("type")
    if kind == "TCP" and int(check.get("port", 0)) == HTTP_PORT:
        yield f"type is TCP for port {HTTP_PORT}; HTTPS with a path asks the application itself"
    elif kind in (*PLAIN, *OVER_TLS) and not check.has("resourcePath"):
        yield "resourcePath is not set; a path such as /healthz tells how the application is"


@RULES.rule(
    "health-check-can-turn",
    "A calculated health check can be healthy and unhealthy.",
    Severity.HIGH,
    DETECT,
    HEALTH_CHECK,
)
def can_turn(check: Resource, _: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""
    if check.get("type") != "CALCULATED":
        return
    threshold, children = int(check.get("childHealthThreshold", 0)), check.count("childHealthchecks")
    if threshold == 0:
        yield "childHealthThreshold is 0; such a check is always healthy"
    elif threshold > children:
        yield f"childHealthThreshold is {threshold} of {children} children; such a check is never healthy"


@RULES.rule(
    "health-check-without-data",
    "A health check that follows an alarm fails when the alarm has no data.",
    Severity.MEDIUM,
    DETECT,
    HEALTH_CHECK,
)
def without_data(check: Resource, _: Config) -> Iterator[str]:
    """A region that is gone sends no data. Where nothing is said, the last status stands."""
    status = check.get("insufficientDataHealthStatus", "LastKnownStatus")
    if check.get("type") == "CLOUDWATCH_METRIC" and status != "Unhealthy":
        yield f"insufficientDataHealthStatus is {status}; a region that is gone sends no data, so Unhealthy"
