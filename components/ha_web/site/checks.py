"""Checks of a site's network, servers and load balancer: the components' own rules, with the settings' names.

Each check judges settings that were read without a problem and adds a line for each value that the components, or AWS,
would refuse. The rules themselves are the components' plain functions, so that there is one of each.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, cast

from ha_web.core.notifications import address_problems
from ha_web.core.role_limits import role_limit_problems
from ha_web.core.tags import LONGEST_TAG_KEY, tag_problems
from ha_web.core.wording import quoted
from ha_web.dns.health_checks import CHECK_TYPES, LONGEST_PATH, inside
from ha_web.encryption.certificates import LONGEST_FIRST_NAME, NO_NAME, is_name
from ha_web.failover.automation import MOST_AFTER_SECONDS
from ha_web.fleet.auto_scaling import scaling_problems
from ha_web.fleet.capacity import capacity_problems
from ha_web.fleet.fleet import size_problems, type_problems
from ha_web.fleet.image import image_problems, release_problem
from ha_web.load_balancer.health_check import HealthCheckArgs, health_check_problems
from ha_web.load_balancer.load_balancer import DEFAULT_DEREGISTRATION_DELAY, client_keep_alive_problem
from ha_web.load_balancer.protocols import (
    BalancerType,
    Protocol,
    certificate_problem,
    port_problem,
    protocol_problems,
    transport_of,
)
from ha_web.load_balancer.target_group import target_group_problems
from ha_web.load_balancer.web_acl import waf_problems
from ha_web.load_balancer.zonal_autoshift import window_problems
from ha_web.network.address_plan import cidr_problem, overlap_problems, zone_problems
from ha_web.network.zones import zone_count_problems
from ha_web.recovery.facts import Failover
from ha_web.release.order import Order
from ha_web.release.preferences import ReleaseSettingsArgs, settings_problems
from ha_web.site.groups import LONGEST_SESSION
from ha_web.site.model import Settings
from ha_web.site.reader import Problems, given, is_late, key_of

Judge = Callable[[Settings, Problems], None]


class Check(NamedTuple):
    """A judgement on settings, and the settings that must have been read without a problem for it."""

    keys: tuple[str, ...]
    judge: Judge


def needs(*keys: str) -> Callable[[Judge], Check]:
    """Make a check of a function that judges these settings."""
    return partial(Check, keys)


def relay(problems: Problems, group: str, lines: Iterable[str | None]) -> None:
    """Add a component's problems: `nodes is 1; …` becomes `sessions.nodes is 1; …`."""
    for line in filter(None, lines):
        argument, _, rest = line.partition(" ")
        problems.add(f"{group}{key_of(argument)}", rest)


@needs("domain", "zone")
def domain_is_in_its_zone(site: Settings, problems: Problems) -> None:
    """Refuse a name that is outside of its hosted zone, for Route 53 takes no record for it there."""
    if site.domain.lower() in ("true", "false"):
        reason = "YAML reads words such as yes, no, on and off as true or false; write a name like www.example.com"
        problems.add("domain", f"is {site.domain}; {reason}")
    elif not is_name(site.domain):
        problems.add("domain", f"is {quoted(site.domain)}; {NO_NAME}")
    elif not inside(site.domain, site.zone):
        problems.add("domain", f"is {quoted(site.domain)}; it is not in the hosted zone {site.zone}")


@needs("primary", "standby", "zones")
def networks_are_valid(site: Settings, problems: Problems) -> None:
    """Refuse networks and zones that AWS would refuse, and networks that overlap."""
    for role, place in site.roles.items():
        relay(problems, f"{role}.", [cidr_problem(place.cidr)])
        pinned = place.zone_ids
        for line in zone_problems(pinned or []):
            problems.add(f"{role}.zoneIds", f"has a zone that can't be used: {line}")
        if pinned is not None:
            relay(problems, f"{role}.", zone_count_problems(len(pinned), pinned))
    for line in overlap_problems({f"{role}.cidr": place.cidr for role, place in site.roles.items()}):
        key, _, rest = line.partition(" ")
        problems.add(key, rest)
    relay(problems, "", zone_count_problems(site.zones, None))


@needs("primary", "standby")
def standby_is_elsewhere(site: Settings, problems: Problems) -> None:
    """Refuse a standby in the primary's region, which would fail with it."""
    if site.standby and site.standby.region == site.primary.region:
        reason = f"is {quoted(site.standby.region)}; the primary is there too, and both would fail together"
        problems.add("standby.region", reason)


@needs("primary", "standby")
def regions_look_like_regions(site: Settings, problems: Problems) -> None:
    """Refuse a misspelt region here, because AWS's SDK would only report a host name that can't be resolved."""
    for role, place in site.roles.items():
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", place.region):
            problems.add(f"{role}.region", f"is {quoted(place.region)}; an AWS Region's name is like eu-west-1")


@needs("servers", "zones")
def fleet_survives_a_zone(site: Settings, problems: Problems) -> None:
    """Refuse fewer servers than can lose a zone, and values that EC2 or Auto Scaling would refuse."""
    servers = site.servers
    lines = capacity_problems(servers.minimum, servers.maximum, max(2, site.zones))
    lines += size_problems(servers.disk_size, servers.boot_seconds)
    lines += scaling_problems(servers.requests_per_target, "counted", servers.cpu_target)
    lines += image_problems(servers.image, servers.instance_type)
    relay(problems, "servers.", [*lines, release_problem(servers.image_release)])


@needs("protocol", "failover")
def automatic_failover_sees_the_servers(site: Settings, problems: Problems) -> None:
    """Refuse an automatic failover that would never start, or start at once."""
    if site.failover != Failover.AUTOMATIC:
        return
    protocol = Protocol(site.protocol)
    transport = transport_of(protocol, certificate=True)
    if protocol is Protocol.UDP:
        reason = "protocol is udp, which no health check from outside can ask: it would start at once"
    elif transport.tls and CHECK_TYPES[protocol] == "TCP":
        reason = f"protocol is {protocol}: checks only connect to the load balancer, which takes connections by TLS "
        reason += "while all servers are down, so it would never start"
    else:
        return
    problems.add("failover", f"is automatic; {reason}; use manual, or protocol https")


@needs("protocol", "clientKeepAlive")
def connections_end(site: Settings, problems: Problems) -> None:
    """Refuse a time that a load balancer doesn't take, and any where it is a network load balancer."""
    if site.client_keep_alive is None:
        return
    if transport_of(Protocol(site.protocol), certificate=True).type is BalancerType.NETWORK:
        reason = f"{site.protocol} is carried by a network load balancer, which ends no connection that is in use"
        problems.add("clientKeepAlive", f"is given; {reason}")
    relay(problems, "", [client_keep_alive_problem(site.client_keep_alive)])


@needs("protocol", "loadBalancer", "port", "certificates", "waf", "stickySessions")
def protocol_fits_the_load_balancer(site: Settings, problems: Problems) -> None:
    """Refuse a load balancer, port, certificate or web ACL that doesn't fit the protocol."""
    protocol = Protocol(site.protocol)
    chosen = BalancerType(site.load_balancer) if site.load_balancer else None
    tls = transport_of(protocol, certificate=True).tls
    lines = protocol_problems(protocol, chosen, site.port, certificate=bool(site.certificates) or tls)
    for line in [*lines, port_problem("port", site.port)]:
        argument, _, rest = (line or "").partition(" ")
        if argument:
            key = {"type": "loadBalancer", "certificate_arn": "certificates"}.get(argument, argument)
            problems.add(f"{key}", rest)
    transport = transport_of(protocol, certificate=tls)
    for line in target_group_problems(transport, DEFAULT_DEREGISTRATION_DELAY, site.sticky_sessions):
        problems.add("stickySessions", line.partition(" ")[2])
    if site.waf:
        relay(problems, "", waf_problems({"rate_limit": site.waf.rate_limit}))
    if site.waf and transport.type is BalancerType.NETWORK:
        problems.add("waf", f"is given; {protocol} is carried by a network load balancer, which takes no web ACL")


@needs("healthCheck", "protocol")
def health_check_is_valid(site: Settings, problems: Problems) -> None:
    """Refuse what a target group doesn't take."""
    transport = transport_of(Protocol(site.protocol), certificate=True)
    for line in health_check_problems(cast(HealthCheckArgs, given(site.health_check)), transport):
        group, _, rest = line.partition(".")
        relay(problems, f"{key_of(group)}.", [rest])
    path = site.health_check.path or ""
    if len(path) > LONGEST_PATH:
        reason = f"the same path is checked by Route 53, which takes at most {LONGEST_PATH}"
        problems.add("healthCheck.path", f"has {len(path)} characters; {reason}")


@needs("domain", "protocol", "certificates")
def a_certificate_can_be_requested(site: Settings, problems: Problems) -> None:
    """Refuse a name that ACM issues no certificate for."""
    if site.requests_certificates and len(site.domain) > LONGEST_FIRST_NAME:
        reason = f"ACM issues certificates for at most {LONGEST_FIRST_NAME}; take a shorter name, or give certificates"
        problems.add("domain", f"has {len(site.domain)} characters; {reason}")


@needs("notify")
def alarms_reach_somebody(site: Settings, problems: Problems) -> None:
    """Refuse what SNS takes for no e-mail address."""
    relay(problems, "", address_problems(site.notify))


@needs("tags")
def tags_are_valid(site: Settings, problems: Problems) -> None:
    """Refuse tags that AWS would refuse in the middle of a deployment."""
    for key, reason in tag_problems(site.tags):
        shown = key if key.isprintable() and len(key) <= LONGEST_TAG_KEY else quoted(key[:LONGEST_TAG_KEY])
        problems.add(f"tags.{shown}" if key else "tags", reason)


@needs("sessions")
def sessions_end(site: Settings, problems: Problems) -> None:
    """Refuse a session that outlives its cookie."""
    if site.sessions.ttl > LONGEST_SESSION:
        reason = f"browsers keep no cookie for longer than {LONGEST_SESSION}"
        problems.add("sessions.ttl", f"is {site.sessions.ttl}; {reason}")


@needs("storage")
def storage_is_mounted_at_a_path(site: Settings, problems: Problems) -> None:
    """Refuse what is no directory of its own: it becomes a mount point on each server."""
    path = site.storage.path if site.storage else ""
    if site.storage and not re.fullmatch(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+", path):
        reason = "write an absolute path of letters, digits and . _ -, such as /srv/ha-web"
        problems.add("storage.path", f"is {quoted(path)}; {reason}")


@needs("failover", "failoverAfter")
def automation_waits_no_longer_than_it_can(site: Settings, problems: Problems) -> None:
    """Refuse a wait that the failover function refuses."""
    if site.failover_after > MOST_AFTER_SECONDS:
        problems.add("failoverAfter", f"is {site.failover_after}; it must be at most {MOST_AFTER_SECONDS} seconds")


@needs("certificates", "primary", "standby")
def certificates_are_where_they_are_used(site: Settings, problems: Problems) -> None:
    """Refuse certificates of other regions, for a load balancer takes none of them."""
    for region, arn in site.certificates.items():
        key = f"certificates.{region}"
        problem = None if is_late(arn) else certificate_problem(arn, region)
        if problem:
            problems.add(key, problem.removeprefix("certificate_arn "))
        elif region not in [place.region for place in site.roles.values()]:
            problems.add(key, f"is not used; the site is in {', '.join(p.region for p in site.roles.values())}")
    missing = [p.region for p in site.roles.values() if site.certificates and p.region not in site.certificates]
    if missing:
        problems.add("certificates", f"has none for {', '.join(missing)}; give one for each region, or none at all")


@needs("permissionsBoundary", "rolePath")
def roles_can_be_limited(site: Settings, problems: Problems) -> None:
    """Refuse a boundary or a path that IAM would refuse for each of the roles."""
    keys = ("permissionsBoundary", "rolePath")
    relay(problems, "", role_limit_problems(site.permissions_boundary, site.role_path, keys))


@needs("release", "primary", "standby", "strategy", "servers")
def releases_can_be_made(site: Settings, problems: Problems) -> None:
    """Refuse a release that AWS would refuse, or that is of a region which there isn't."""
    wanted = site.release
    settings: ReleaseSettingsArgs = {"alarm_names": ["those of the region"], "bake_seconds": wanted.bake_seconds}
    if wanted.canary_percent is not None:
        settings["canary_percent"], settings["canary_seconds"] = wanted.canary_percent, wanted.canary_seconds
    relay(problems, "release.", settings_problems(settings))
    for role, version in wanted.versions.items():
        if role not in site.cluster_roles:
            problems.add(f"release.versions.{role}", f"is given; clusters are in {', '.join(site.cluster_roles)}")
        elif version < 1:
            problems.add(f"release.versions.{role}", f"is {version}; versions count from 1")
    if wanted.order == Order.ONLY_STANDBY and "standby" not in site.cluster_roles:
        problems.add("release.order", f'is "{wanted.order}"; there is no cluster in a standby region')
    further = site.servers.further_instance_types
    relay(problems, "servers.", type_problems(site.servers.instance_type, further))


@needs("zonalAutoshift", "protocol", "servers", "zones")
def aws_may_leave_a_zone(site: Settings, problems: Problems) -> None:
    """Refuse autoshift where AWS can't shift, or where the other zones don't carry the load."""
    if site.zonal_autoshift is None:
        return
    relay(problems, "zonalAutoshift.", window_problems(site.zonal_autoshift.windows))
    if Protocol(site.protocol) is Protocol.UDP:
        problems.add("zonalAutoshift", "is given; AWS leaves no zone of a network load balancer that carries udp")
    minimum, load = site.servers.minimum, site.servers.load
    left = minimum - -(-minimum // site.zones)
    if load is not None and left < load:
        told = f"without a zone {left} of servers.minimum {minimum} are left, and servers.load is {load}"
        problems.add("zonalAutoshift", f"is given; {told}")


CHECKS = [
    domain_is_in_its_zone,
    networks_are_valid,
    standby_is_elsewhere,
    regions_look_like_regions,
    fleet_survives_a_zone,
    automatic_failover_sees_the_servers,
    connections_end,
    protocol_fits_the_load_balancer,
    health_check_is_valid,
    a_certificate_can_be_requested,
    alarms_reach_somebody,
    tags_are_valid,
    sessions_end,
    storage_is_mounted_at_a_path,
    automation_waits_no_longer_than_it_can,
    certificates_are_where_they_are_used,
    roles_can_be_limited,
    releases_can_be_made,
    aws_may_leave_a_zone,
]
