"""The Cloudflare resources of a site. The SDK is loaded when one of them is created, not before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ha_web.cloudflare import rules
from ha_web.cloudflare.rules import CloudflareSteering, Monitor
from ha_web.cloudflare.sdk import load_sdk

NAME_SERVERS = 4
"""A Route 53 hosted zone has four:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html"""

DELEGATION_TTL = 3_600
PROOF_TTL = 300
HSTS_SECONDS = 31_536_000
HTTPS_PORT = 443

ZONE_SETTINGS: dict[str, Any] = {
    "ssl": "strict",
    "min_tls_version": "1.2",
    "tls_1_3": "on",
    "always_use_https": "on",
    "security_header": {
        "strict_transport_security": {
            "enabled": True,
            "max_age": HSTS_SECONDS,
            # The zone has names that are not ours.
            "include_subdomains": False,
            "preload": False,
            "nosniff": True,
        }
    },
}
"""https://developers.cloudflare.com/api/resources/zones/subresources/settings/"""

LEFT_TO_CLOUDFLARE = {
    "pool": ["loadShedding", "notificationFilter", "notificationEmail", "latitude", "longitude", "healthSources"],
    "balancer": [
        "ttl",
        "sessionAffinityTtl",
        "sessionAffinityAttributes",
        "countryPools",
        "popPools",
        "networks",
        "locationStrategy",
        "randomSteering",
    ],
}
"""Properties that the API doesn't return, or returns only if they differ from the default: given ones would show as a
difference at each `up` (terraform-provider-cloudflare#6140, #7179, #7329, #7339), so they are neither given nor
compared. Properties that the API returns are all given, defaults too. A pool has one origin, so that no order can
differ, on port 443, not 0."""


@dataclass(frozen=True)
class Site:
    """A site's name in a zone, shared by all of its resources."""

    name: str
    parent: pulumi.Resource
    account_id: str
    zone_id: str
    zone: str
    domain: str

    def _child(self, **options: Any) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.parent, **options)

    def create_monitor(self, monitor: Monitor) -> pulumi.CustomResource:
        """Create one health monitor for all regions, so that they are judged alike."""
        made: pulumi.CustomResource = load_sdk().LoadBalancerMonitor(
            f"{self.name}-monitor",
            account_id=self.account_id,
            description=f"Is {self.domain} well?",
            type="https",
            method="GET",
            port=HTTPS_PORT,
            path=monitor.path,
            expected_codes=monitor.expected_codes,
            header={"Host": [self.domain]},
            # Without it the monitor shows no client certificate, and every region would look unhealthy:
            # https://developers.cloudflare.com/load-balancing/troubleshooting/load-balancing-faq/
            probe_zone=self.zone,
            allow_insecure=False,
            follow_redirects=False,
            interval=monitor.interval,
            timeout=monitor.timeout,
            retries=monitor.retries,
            consecutive_down=monitor.failures,
            consecutive_up=monitor.successes,
            opts=self._child(),
        )
        return made

    def create_pool(
        self,
        role: str,
        origin: pulumi.Input[str],
        region: str,
        monitor: pulumi.CustomResource,
        check_regions: Sequence[str],
    ) -> pulumi.CustomResource:
        """Create a region's pool. It has one origin: the region's load balancer handles the zones."""
        pool: pulumi.CustomResource = load_sdk().LoadBalancerPool(
            f"{self.name}-{role}",
            account_id=self.account_id,
            name=rules.pool_name(self.domain, role),
            description=f"{role.capitalize()} of {self.domain}, {region}",
            enabled=True,
            minimum_origins=1,
            monitor=monitor.id,
            check_regions=sorted(check_regions),
            origin_steering={"policy": "random"},
            origins=[
                {
                    "name": role,
                    "address": origin,
                    "enabled": True,
                    "weight": 1,
                    "port": HTTPS_PORT,
                    # SNI follows it, and Full (strict) checks the load balancer's certificate against it.
                    "header": {"hosts": [self.domain]},
                }
            ],
            opts=self._child(ignore_changes=LEFT_TO_CLOUDFLARE["pool"]),
        )
        return pool

    def create_balancer(
        self,
        steering: CloudflareSteering,
        pools: Mapping[str, pulumi.Output[str]],
        serves: Mapping[str, Sequence[str]],
        after: Sequence[pulumi.Resource],
    ) -> pulumi.CustomResource:
        """Create the load balancer under the site's name, after the zone's settings, so that TLS is strict."""
        geo = steering is CloudflareSteering.GEO
        region_pools: Any = rules.by_geography(serves, pools) if geo else None
        balancer: pulumi.CustomResource = load_sdk().LoadBalancer(
            f"{self.name}-balancer",
            zone_id=self.zone_id,
            name=self.domain,
            description=f"{self.domain}: {steering.value}",
            enabled=True,
            proxied=True,
            default_pools=list(pools.values()),
            fallback_pool=pools["primary"],
            region_pools=region_pools,
            steering_policy=rules.POLICIES[steering],
            session_affinity="none",
            adaptive_routing={"failover_across_pools": True},
            opts=self._child(depends_on=[*after], ignore_changes=LEFT_TO_CLOUDFLARE["balancer"]),
        )
        return balancer

    def create_zone_settings(
        self, certificate: pulumi.Input[str] | None = None, private_key: pulumi.Input[str] | None = None
    ) -> list[pulumi.Resource]:
        """Enforce TLS end to end, with the given client certificate for the load balancers, or Cloudflare's."""
        given = ZONE_SETTINGS if certificate else {**ZONE_SETTINGS, "tls_client_auth": "on"}
        settings = [
            load_sdk().ZoneSetting(
                f"{self.name}-{setting.replace('_', '-')}",
                zone_id=self.zone_id,
                setting_id=setting,
                value=value,
                opts=self._child(),
            )
            for setting, value in given.items()
        ]
        if certificate is None or private_key is None:
            return [*settings]
        uploaded = load_sdk().AuthenticatedOriginPullsCertificate(
            f"{self.name}-certificate",
            zone_id=self.zone_id,
            certificate=certificate,
            private_key=pulumi.Output.secret(private_key),
            opts=self._child(),
        )
        pulls = load_sdk().AuthenticatedOriginPullsSettings(
            f"{self.name}-origin-pulls",
            zone_id=self.zone_id,
            enabled=True,
            opts=self._child(depends_on=[uploaded]),
        )
        return [*settings, uploaded, pulls]

    def create_notification(self, notify: Sequence[str], pools: Mapping[str, pulumi.Output[str]]) -> None:
        """Notify people when a pool's health changes.

        https://developers.cloudflare.com/load-balancing/reference/migration-guides/health-monitor-notifications/
        """
        load_sdk().NotificationPolicy(
            f"{self.name}-health",
            account_id=self.account_id,
            name=f"{self.domain}: a region turned",
            description=f"Sent when a pool of {self.domain} becomes unhealthy, or healthy again.",
            enabled=True,
            alert_type="load_balancing_health_alert",
            filters={
                "pool_ids": list(pools.values()),
                "new_healths": ["Healthy", "Unhealthy"],
                "event_sources": ["pool"],
            },
            mechanisms={"emails": [{"id": address} for address in notify]},
            opts=self._child(),
        )

    def delegate(self, name_servers: pulumi.Input[Sequence[pulumi.Input[str]]]) -> None:
        """Delegate the name to a hosted zone: a record for each of its name servers, as Cloudflare keeps them."""
        count = len(name_servers) if isinstance(name_servers, Sequence) else NAME_SERVERS
        known: Any = pulumi.Output.from_input(name_servers)
        for index in range(count):
            server: pulumi.Output[str] = known[index]
            load_sdk().DnsRecord(
                f"{self.name}-ns-{index + 1}",
                zone_id=self.zone_id,
                name=self.domain,
                type="NS",
                content=server.apply(lambda name: name.rstrip(".")),
                ttl=DELEGATION_TTL,
                proxied=False,
                opts=self._child(),
            )


def create_proof(
    name: str, zone_id: str, proof: pulumi.Output[dict[str, str]], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """Create the record that ACM looks for (`proof`: its name, type and value), never proxied; return its full name."""
    record = load_sdk().DnsRecord(
        name,
        zone_id=zone_id,
        name=proof.apply(lambda found: found["name"].rstrip(".")),
        type=proof.apply(lambda found: found["type"]),
        content=proof.apply(lambda found: found["value"].rstrip(".")),
        ttl=PROOF_TTL,
        proxied=False,
        opts=opts,
    )
    full_name: pulumi.Output[str] = record.name
    return full_name
