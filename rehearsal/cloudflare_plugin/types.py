"""The types that are rehearsed. Paths, defaults and limits: https://developers.cloudflare.com/api/"""

from __future__ import annotations

from rehearsal.cloudflare_plugin.entry import Type

MONITORS = "/accounts/{accountId}/load_balancers/monitors"
POOLS = "/accounts/{accountId}/load_balancers/pools"

PARTS = ("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "SAS", "SEAS", "NEAS", "ALL_REGIONS")

SETTINGS = ("always_use_https", "min_tls_version", "security_header", "ssl", "tls_1_3", "tls_client_auth")
"""The zone settings that the program may touch; another one is refused until somebody looks it up."""

TYPES = {
    entry.token: entry
    for entry in (
        Type(
            "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor",
            MONITORS,
            filled={
                "type": "http",
                "method": "GET",
                "path": "/",
                "expected_codes": "200",
                "interval": 60,
                "retries": 2,
                "timeout": 5,
                "consecutive_up": 0,
                "consecutive_down": 0,
                "allow_insecure": False,
                "follow_redirects": False,
            },
            silent=("port", "description", "expected_body", "probe_zone", "header"),
            among={"type": ("http", "https", "tcp", "udp_icmp", "icmp_ping", "smtp")},
            between={"interval": (10, 3600), "timeout": (1, 10), "retries": (0, 5)},
        ),
        Type(
            "cloudflare:index/loadBalancerPool:LoadBalancerPool",
            POOLS,
            filled={"enabled": True, "minimum_origins": 1, "description": "", "origin_steering": {"policy": "random"}},
            silent=(
                "load_shedding",
                "notification_filter",
                "notification_email",
                "origins.port",
                "monitor",
                "networks",
            ),
            ordered=("origins",),
            among={"checkRegions": PARTS},
            refers={"monitor": MONITORS},
            unique="name",
        ),
        Type(
            "cloudflare:index/loadBalancer:LoadBalancer",
            "/zones/{zoneId}/load_balancers",
            filled={
                "enabled": True,
                "proxied": False,
                "steering_policy": "",
                "session_affinity": "none",
                "adaptive_routing": {"failover_across_pools": False},
            },
            silent=(
                "ttl",
                "session_affinity_ttl",
                "session_affinity_attributes",
                "country_pools",
                "pop_pools",
                "region_pools",
                "networks",
                "rules",
                "description",
            ),
            ordered=("defaultPools", "regionPools"),
            among={
                "steeringPolicy": (
                    "off",
                    "geo",
                    "random",
                    "dynamic_latency",
                    "proximity",
                    "least_outstanding_requests",
                ),
                "sessionAffinity": ("none", "cookie", "ip_cookie", "header"),
            },
            refers={"defaultPools": POOLS, "fallbackPool": POOLS, "regionPools": POOLS},
            unique="name",
        ),
        Type(
            "cloudflare:index/notificationPolicy:NotificationPolicy",
            "/accounts/{accountId}/alerting/v3/policies",
            filled={"description": ""},
            among={"alertType": ("load_balancing_health_alert",)},
        ),
        Type(
            "cloudflare:index/zoneSetting:ZoneSetting",
            "/zones/{zoneId}/settings",
            id="settingId",
            among={"settingId": SETTINGS},
            replace=("settingId",),
            update="PATCH",
        ),
        Type(
            "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate",
            "/zones/{zoneId}/origin_tls_client_auth",
            filled={"status": "active"},
            replace=("certificate", "privateKey"),
            unread=("privateKey",),
        ),
        Type(
            "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings",
            "/zones/{zoneId}/origin_tls_client_auth/settings",
            id="zoneId",
        ),
        Type(
            "cloudflare:index/dnsRecord:DnsRecord",
            "/zones/{zoneId}/dns_records",
            filled={"proxied": False},
            silent=("comment", "tags", "settings", "priority"),
            among={"type": ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")},
            replace=("type",),
            update="PATCH",
        ),
    )
}

RANGES = {
    "ipv4Cidrs": [
        "173.245.48.0/20",
        "103.21.244.0/22",
        "103.22.200.0/22",
        "103.31.4.0/22",
        "141.101.64.0/18",
        "108.162.192.0/18",
        "190.93.240.0/20",
        "188.114.96.0/20",
        "197.234.240.0/22",
        "198.41.128.0/17",
        "162.158.0.0/15",
        "104.16.0.0/13",
        "104.24.0.0/14",
        "172.64.0.0/13",
        "131.0.72.0/22",
    ],
    "ipv6Cidrs": [
        "2400:cb00::/32",
        "2606:4700::/32",
        "2803:f800::/32",
        "2405:b500::/32",
        "2405:8100::/32",
        "2a06:98c0::/29",
        "2c0f:f248::/32",
    ],
}
"""https://www.cloudflare.com/ips-v4 and ips-v6, as published in February 2026."""
