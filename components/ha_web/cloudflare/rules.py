"""Limits of Cloudflare's load balancing by plan, and how long a failover takes there. No SDK here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from ha_web.dns.health_checks import inside

T = TypeVar("T")


class CloudflareMode(StrEnum):
    """The part that Cloudflare plays for the site."""

    PROXY = "proxy"
    """All traffic goes through Cloudflare, whose load balancer chooses the region."""
    DELEGATE = "delegate"
    """Cloudflare only has the parent zone: its NS records delegate the name to a Route 53 hosted zone."""


class CloudflarePlan(StrEnum):
    """The account's Load Balancing subscription, a paid add-on to every plan, also to the free one:
    https://developers.cloudflare.com/load-balancing/get-started/enable-load-balancing/"""

    ADD_ON = "add-on"
    """The Load Balancing add-on: failover and random steering."""
    STEERING = "traffic-steering"
    """The add-on with traffic steering: latency and geography too."""
    ENTERPRISE = "enterprise"
    """An Enterprise plan with Load Balancing: all steering, and monitors every 10 s."""


class CloudflareSteering(StrEnum):
    """Choice among the healthy regions.
    https://developers.cloudflare.com/load-balancing/understand-basics/traffic-steering/steering-policies/"""

    FAILOVER = "failover"
    """The primary as long as it is healthy, then the standby."""
    RANDOM = "random"
    """Each healthy region equally often."""
    LATENCY = "latency"
    """The region with the shortest round trip from Cloudflare's data center."""
    GEO = "geo"
    """The region that serves the visitor's part of the world."""


POLICIES = {
    CloudflareSteering.FAILOVER: "off",
    CloudflareSteering.RANDOM: "random",
    CloudflareSteering.LATENCY: "dynamic_latency",
    CloudflareSteering.GEO: "geo",
}
"""Cloudflare's names of the steering policies."""

WITHOUT_STEERING = (CloudflareSteering.FAILOVER, CloudflareSteering.RANDOM)
"""The policies that need no traffic steering in the subscription (page above, "Standard")."""

LEAST_INTERVALS = {CloudflarePlan.ADD_ON: 15, CloudflarePlan.STEERING: 15, CloudflarePlan.ENTERPRISE: 10}
"""Shortest interval in seconds: https://developers.cloudflare.com/load-balancing/reference/limitations/. The
subscription must include it too: the page on monitors still says 60 (Pro), 15 (Business), 10 (Enterprise)."""

MOST_INTERVAL = 3_600
"""Seconds."""

PARTS = ("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "SAS", "SEAS", "NEAS")
"""Cloudflare's parts of the world:
https://developers.cloudflare.com/load-balancing/reference/region-mapping-api/"""

ALL_PARTS = "ALL_REGIONS"
CHECK_REGIONS = (*PARTS, ALL_PARTS)
"""Parts of the world that monitors can check from, three data centers each. A part's result is that of the majority of
its data centers, and a pool's that of the majority of parts:
https://developers.cloudflare.com/load-balancing/monitors/#health-monitor-regions"""

DEFAULT_CHECK_REGIONS = ("ENAM", "WEU", "WNAM")
"""Three, so that there is a majority: nine probes at each interval."""

SERVED_FROM = {
    "ap-northeast": ("NEAS",),
    "ap-east": ("NEAS", "SEAS"),
    "ap-southeast": ("OC", "SEAS"),
    "ap-south": ("SAS",),
    "af": ("SAF",),
    "ca": ("ENAM", "WNAM"),
    "eu": ("EEU", "ME", "NAF", "SAF", "WEU"),
    "il": ("ME",),
    "me": ("ME",),
    "sa": ("NSAM", "SSAM"),
    "us-east": ("ENAM", "NSAM", "SSAM"),
    "us-west": ("WNAM",),
}
"""Parts of the world that an AWS Region serves with steering `geo`, by the beginning of its name. Our choice: the
nearest."""

ORIGIN_PULL_CA_SHA256 = "9a1ac2b4be15f9f27eee20a734cba4e9898f61001b3bd7c84b69b56a3e25a2b9"
"""Fingerprint of the certificate in origin_pull_ca.pem."""


@dataclass(frozen=True)
class Monitor:
    """Cloudflare's health check of a region, with every default filled in. Times are in seconds."""

    path: str = "/readyz"
    expected_codes: str = "200"
    interval: int = 15
    timeout: int = 4
    retries: int = 2
    failures: int = 1
    successes: int = 1
    regions: tuple[str, ...] = DEFAULT_CHECK_REGIONS

    @property
    def seconds_to_leave(self) -> int:
        """Seconds from a region's failure until no more requests go there, at most: it fails just after a passed check.

        Retries follow a time-out at once and add only time-outs:
        https://developers.cloudflare.com/api/resources/load_balancers/subresources/monitors/
        No DNS TTL adds to it: clients stay connected to Cloudflare.
        """
        return self.interval * self.failures + self.timeout * (self.retries + 1)

    @property
    def seconds_to_enter(self) -> int:
        """Seconds from a region's recovery (or promotion) until requests go there, at most."""
        return self.interval * self.successes + self.timeout


def monitor_problems(monitor: Monitor, plan: CloudflarePlan) -> list[str]:
    """Say why Cloudflare would refuse this monitor, or could never decide by it: a sentence each."""
    least = LEAST_INTERVALS[plan]
    ranges = {"timeout": (1, 10), "retries": (0, 5), "failures": (1, 10), "successes": (1, 10)}
    problems = [
        f"monitor.{key} is {getattr(monitor, key)}; it must be {low} to {high}"
        for key, (low, high) in ranges.items()
        if not low <= getattr(monitor, key) <= high
    ]
    if not least <= monitor.interval <= MOST_INTERVAL:
        problems.append(
            f'monitor.interval is {monitor.interval}; plan "{plan.value}" allows {least} to {MOST_INTERVAL} seconds'
        )
    tries = monitor.timeout * (monitor.retries + 1)
    if tries >= monitor.interval:
        problems.append(
            f"monitor.timeout is {monitor.timeout}; with {monitor.retries} retries a check takes {tries} s, which must "
            f"be below the interval, {monitor.interval}"
        )
    if not re.fullmatch(r"/\S*", monitor.path):
        problems.append(f'monitor.path is "{monitor.path}"; it must start with /')
    if not re.fullmatch(r"[1-5](\d\d|xx)(,\s?[1-5](\d\d|xx))*", monitor.expected_codes):
        problems.append(f'monitor.expected_codes is "{monitor.expected_codes}"; it must be codes like "200" or "2xx"')
    return problems + _check_region_problems(monitor.regions)


def _check_region_problems(regions: Sequence[str]) -> list[str]:
    known = ", ".join(CHECK_REGIONS)
    problems = [f'monitor.regions has "{each}"; known are {known}' for each in regions if each not in CHECK_REGIONS]
    if not problems and ALL_PARTS not in regions and len(set(regions)) % 2 == 0:
        problems.append(f"monitor.regions has {len(set(regions))}; a majority needs an odd number")
    return problems


def steering_problems(
    steering: CloudflareSteering, plan: CloudflarePlan, serves: Mapping[str, Sequence[str]], *, standby: bool
) -> list[str]:
    """Say why the plan lacks this steering, or why it can't choose a region: a sentence each.

    serves: parts of the world by role.
    """
    problems = []
    if steering not in WITHOUT_STEERING and plan is CloudflarePlan.ADD_ON:
        problems.append(
            f'steering is "{steering.value}"; plan "{plan.value}" has only '
            f"{' and '.join(each.value for each in WITHOUT_STEERING)}"
        )
    if steering is not CloudflareSteering.FAILOVER and not standby:
        problems.append(f'steering is "{steering.value}"; without a standby there is nothing to choose')
    if steering is not CloudflareSteering.GEO:
        return problems
    for role, parts in serves.items():
        wrong = [each for each in parts if each not in PARTS]
        problems += [f'{role}.serves has "{each}"; known are {", ".join(PARTS)}' for each in wrong]
    shared = sorted(set.intersection(*(set(parts) for parts in serves.values()))) if len(serves) > 1 else []
    if shared:
        problems.append(
            f"steering is geo; {' and '.join(serves)} both serve {', '.join(shared)}: give each its `serves`"
        )
    return problems


def served_from(region: str) -> tuple[str, ...]:
    """Return the parts of the world that an AWS Region serves; none for a Region that SERVED_FROM doesn't have."""
    fitting = [prefix for prefix in SERVED_FROM if region.startswith(prefix)]
    return SERVED_FROM[max(fitting, key=len)] if fitting else ()


def by_geography(serves: Mapping[str, Sequence[str]], pools: Mapping[str, T]) -> dict[str, list[T]]:
    """Return the pools in order of preference by part of the world: the one that serves it, then the others."""
    return {
        part: [pools[role], *(pool for other, pool in pools.items() if other != role)]
        for role, parts in serves.items()
        for part in parts
    }


def identifier_problems(**identifiers: str) -> list[str]:
    """Refuse ids that are not 32 hexadecimal digits, as Cloudflare's are."""
    return [
        f'{name} is "{value}"; Cloudflare\'s ids are 32 hexadecimal digits (dashboard, Overview, API)'
        for name, value in identifiers.items()
        if not re.fullmatch(r"[0-9a-f]{32}", value)
    ]


def domain_problems(domain: str, zone: str, mode: CloudflareMode) -> list[str]:
    """Refuse a name outside its zone, and delegating the zone itself."""
    if not inside(domain, zone):
        return [f'domain is "{domain}"; it is not in the zone {zone}']
    if mode is CloudflareMode.DELEGATE and domain == zone:
        return [
            f'domain is "{domain}"; a zone cannot delegate itself: delegate a name below it, or change its registrar'
        ]
    return []


def pool_name(domain: str, role: str) -> str:
    """Return a pool's name, unique in the account: letters, digits and -."""
    return re.sub(r"[^A-Za-z0-9-]", "-", f"{domain}-{role}")


def origin_pull_ca() -> str:
    """Return Cloudflare's certificate authority for origin pulls (PEM), for a load balancer's `client_certificates`.

    The requests of every Cloudflare account carry a certificate of this authority, so one of your own is stricter. It
    expires on 2029-11-01.
    https://developers.cloudflare.com/ssl/origin-configuration/authenticated-origin-pull/set-up/global/
    """
    return Path(__file__).with_name("origin_pull_ca.pem").read_text(encoding="ascii")
