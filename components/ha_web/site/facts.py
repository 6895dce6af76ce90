"""The settings as facts for the recovery arithmetic: the numbers that worst cases and costs are computed from."""

from dataclasses import replace

from ha_web.database.rules import DEFAULT_RETENTION_DAYS
from ha_web.dns.health_checks import HTTP_SECONDS, TCP_SECONDS
from ha_web.recovery.assumptions import ASSUMED, Assumptions, with_measured
from ha_web.recovery.costs import cost_summary, site_cost
from ha_web.recovery.facts import Edge, Facts, Failback, Failover, Sizes
from ha_web.recovery.strategy import standby_maximum
from ha_web.recovery.summary import recovery_summary
from ha_web.recovery.worst_cases import worst_cases
from ha_web.site.model import Settings

HOUR = 3_600


def facts_of(site: Settings) -> Facts:
    """Return the facts that the settings say, with the components' defaults where they say nothing."""
    check, store, servers = site.health_check, site.sessions, site.servers
    facts = Facts(
        strategy=site.recovery,
        zones=site.zones,
        edge=Edge(site.edge),
        failover=Failover(site.failover),
        failback=Failback(site.failback),
        check_interval=check.interval,
        check_timeout=check.timeout,
        check_failures=check.unhealthy_threshold,
        check_passes=check.healthy_threshold,
        minimum=servers.minimum,
        maximum=servers.maximum,
        standby_minimum=site.minimum("standby") if site.standby else 0,
        standby_maximum=standby_maximum(site.recovery, servers.maximum),
        boot_seconds=servers.boot_seconds,
        load=servers.load,
        baked=servers.build,
        reserved=site.reserved,
        balancer_units=site.standby.balancer_capacity or 0 if site.standby else 0,
        after_seconds=site.failover_after,
        dns_timeout=HTTP_SECONDS if site.protocol in ("http", "https", "http2", "websocket") else TCP_SECONDS,
        durable=store.durable,
        session_nodes=store.nodes,
        storage=site.storage is not None,
        storage_optional=True,
        backup_interval=HOUR,
        backup_continuous=site.backup.continuous_days > 0,
        backup_copied=site.standby is not None,
        sizes=sizes_of(site),
    )
    if site.database:
        facts = replace(facts, database=True, database_instances=site.database.instances)
    if site.client_keep_alive is not None:
        facts = replace(facts, client_keep_alive=site.client_keep_alive)
    if site.cloudflare:
        monitor = site.cloudflare
        facts = replace(
            facts,
            monitor_interval=monitor.interval,
            monitor_retries=monitor.retries,
            monitor_timeout=monitor.timeout,
        )
    return facts


def sizes_of(site: Settings) -> Sizes:
    """Return the sizes and types that decide the costs of one region."""
    gateways = {"per-zone": site.zones, "none": 0}.get(site.nat, 1)
    return Sizes(
        regions=(site.primary.region, site.standby.region if site.standby else site.primary.region),
        instance_type=site.servers.instance_type,
        disk_size=site.servers.disk_size,
        node_type=site.node_type,
        nat_gateways=gateways,
        endpoints=len(site.interface_endpoints),
        waf=site.waf is not None,
        dashboard=site.dashboard,
        daily_days=site.backup.daily_days,
        monthly_days=site.backup.monthly_days,
        point_in_time_days=site.backup.continuous_days or DEFAULT_RETENTION_DAYS,
        database_class=site.database.instance_class if site.database else Sizes.database_class,
    )


def recovery_of(site: Settings) -> dict[str, dict[str, object]]:
    """Return the output `recovery`: the worst case of each failure, with the terms it is added up from."""
    return recovery_summary(worst_cases(facts_of(site), assumptions(site)))


def monthly_cost_of(site: Settings) -> dict[str, object]:
    """Return the output `monthly_cost`: list prices at rest, by what they are for."""
    return cost_summary(site_cost(facts_of(site)))


def assumptions(site: Settings) -> Assumptions:
    """Return durations that AWS doesn't promise: measured by a drill, else assumed. Raises ValueError, a line each."""
    return with_measured(site.measured) if site.measured else ASSUMED


def measured_problems(site: Settings) -> list[str]:
    """Return a line for each measured time that replaces no assumption, or is none."""
    try:
        assumptions(site)
    except ValueError as error:
        return str(error).splitlines()
    return []
