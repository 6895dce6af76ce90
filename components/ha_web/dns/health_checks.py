"""Limits of Route 53's health checks, and how long they take to move users to the standby. No SDK here."""

from dataclasses import dataclass

from ha_web.core.wording import quoted

ALIAS_TTL_SECONDS = 60
"""TTL of an alias record to a load balancer, fixed by AWS.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html"""

INTERVALS = (10, 30)
"""Seconds between two requests of one checker: fast and standard interval.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""

LONGEST_PATH = 255
"""Characters of the path that a health check asks for (same page)."""

MOST_FAILURES = 10
"""Route 53's largest failure threshold (same page)."""

CHECK_TYPES = {
    "http": "HTTP",
    "https": "HTTPS",
    "http2": "HTTPS",
    "websocket": "HTTPS",
    # A gRPC target doesn't answer plain HTTP requests, and Route 53 has no check for gRPC, TLS or UDP.
    "grpc": "TCP",
    "tcp": "TCP",
    "tls": "TCP",
    "udp": "TCP",
}
"""Type of health check by the protocol that the load balancer serves."""

DEFAULT_PORTS = {"http": 80, "https": 443, "http2": 443, "websocket": 443, "grpc": 443}
"""Ports of the protocols that have a usual one."""


METRICS_REGION = "us-east-1"
"""The AWS Region that has the metrics of Route 53's health checks, and so the only one for alarms on them.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html"""

HTTP_SECONDS, TCP_SECONDS = 6, 10
"""Seconds until a checker of Route 53 gives up: 4 s to connect and 2 s to answer by HTTP and HTTPS, 10 s to connect by
TCP. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html"""


def seconds_to_notice(interval: int, failures: int, timeout: int) -> int:
    """Return the seconds from a failure until the health check is unhealthy, if each request runs into its time-out.

    The interval counts from one request's answer, or time-out, to the next request.
    """
    return (interval + timeout) * failures


def seconds_to_divert(interval: int, failures: int, timeout: int) -> int:
    """Return the seconds from a failure until the last client that honours TTLs is at the standby."""
    return seconds_to_notice(interval, failures, timeout) + ALIAS_TTL_SECONDS


@dataclass(frozen=True)
class HealthCheck:
    """A health check of Route 53; without port or path it uses the protocol's usual ones."""

    protocol: str
    port: int | None
    path: str | None
    interval: int
    failures: int


def check_problems(check: HealthCheck) -> list[str]:
    """Say why Route 53 would refuse this check, or never get an answer to it: a sentence each."""
    protocol, port, path = check.protocol, check.port, check.path
    problems = []
    if protocol not in CHECK_TYPES:
        known = ", ".join(sorted(CHECK_TYPES))
        problems.append(f'health_check.protocol is "{protocol}"; it must be one of {known}')
    elif port is None and protocol not in DEFAULT_PORTS:
        also = ", which must answer TCP" if protocol == "udp" else ""
        problems.append(f"health_check.port is missing; {protocol} has no usual port to connect to{also}")
    if port is not None and not 1 <= port <= 65535:
        problems.append(f"health_check.port is {port}; ports are 1 to 65535")
    if path is not None and CHECK_TYPES.get(protocol) == "TCP":
        problems.append(f"health_check.path is {quoted(path)}; a {protocol} check only connects and asks for no path")
    elif path is not None and not path.startswith("/"):
        problems.append(f"health_check.path is {quoted(path)}; it must start with /")
    elif path is not None and len(path) > LONGEST_PATH:
        problems.append(f"health_check.path has {len(path)} characters; Route 53 takes at most {LONGEST_PATH}")
    if check.interval not in INTERVALS:
        problems.append(f"health_check.interval is {check.interval}; Route 53 checks every 10 or every 30 seconds")
    if not 1 <= check.failures <= MOST_FAILURES:
        problems.append(f"health_check.failures is {check.failures}; it must be 1 to {MOST_FAILURES}")
    return problems


def inside(domain: str, zone: str) -> bool:
    """Return whether a domain is the zone's own name or below it; a final dot and case don't matter."""
    domain, zone = domain.rstrip(".").lower(), zone.rstrip(".").lower()
    return domain == zone or domain.endswith(f".{zone}")
