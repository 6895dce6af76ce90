"""The program's settings: every key of `Pulumi.<stack>.yaml` under `ha-web:`, read once and checked as a whole.

`load` reports all problems in one error before any resource is registered. What a key means and its default stand
here and nowhere else; `Pulumi.yaml` repeats the descriptions for `pulumi config` users, and a test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from ha_web.network_routes import Nat
from ha_web.protocols import BalancerType, Protocol, carriage
from pulumi.runtime import config as runtime_config

import settings_checks
from config_reader import NAMESPACE, Problems, read, setting
from settings_groups import Backup, HealthCheck, Region, Servers, Sessions, Waf


@dataclass(frozen=True)
class Settings:
    """All settings of a stack."""

    domain: str = setting("the name that users type, such as www.example.com")
    zone: str = setting("the Route 53 hosted zone that the name is in, such as example.com")
    primary: Region = setting("the region that serves: {region, cidr}")
    standby: Region | None = setting("the region that takes over: {region, cidr}; without it there is none", None)
    zones: int = setting("availability zones in each region; 2 to 6", 3)
    nat: str = setting("the servers' way out: per-zone, regional, one or none", "per-zone", one_of=Nat)
    protocol: str = setting("http, https, http2, grpc, websocket, tcp, tls or udp", "https", one_of=Protocol)
    load_balancer: str | None = setting(
        "application or network; without it the one that carries the protocol", None, one_of=BalancerType
    )
    port: int | None = setting("the port that users connect to; by protocol 80 or 443, required for tcp and udp", None)
    health_check: HealthCheck = setting("health checks: {path, interval, timeout, …}", HealthCheck)
    certificates: dict[str, str] = setting("ACM certificate ARN by region; without it they are requested", dict)
    servers: Servers = setting("the fleet: {instanceType, image, minimum, maximum, …}", Servers)
    sessions: Sessions = setting("the session store: {nodeType, nodes, …}", Sessions)
    sticky_sessions: int | None = setting("seconds that a user stays on one server; off: sessions are shared", None)
    waf: Waf | None = setting("a web ACL with AWS's managed rules and a rate limit: {rateLimit}", None)
    backup: Backup = setting("retention of backups: {hourlyDays, dailyDays, monthlyDays}", Backup)
    notify: list[str] = setting("e-mail addresses that alarms go to", list)
    deletion_protection: bool = setting("refuse deletion of balancers and logs; false only to leave", True)
    tags: dict[str, str] = setting("tags on everything", dict)

    @property
    def roles(self) -> dict[str, Region]:
        """The regions by role: primary, and standby when there is one."""
        return {"primary": self.primary, **({"standby": self.standby} if self.standby else {})}

    @property
    def requests_certificates(self) -> bool:
        """Whether the protocol is carried over TLS and the settings give no certificates."""
        return carriage(Protocol(self.protocol), certificate=True).tls and not self.certificates


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
