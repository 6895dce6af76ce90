"""What the settings mean for each component: plain translation, no decisions and no resources."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi
import pulumi_aws as aws
from ha_web import (
    AlarmsArgs,
    BackupPlan,
    BackupPlanArgs,
    Certificates,
    CertificatesArgs,
    DnsTargetArgs,
    FailoverDnsArgs,
    WebCluster,
    WebClusterArgs,
    usual_rules,
)
from ha_web.protocols import BalancerType, Protocol, carriage

from application import start_script
from config_reader import NAMESPACE, given
from settings import Settings

CHECKED_AS = {Protocol.HTTP2: Protocol.HTTPS, Protocol.WEBSOCKET: Protocol.HTTPS}
"""Route 53 checks these by their TLS and HTTP."""


def hosted_zone_id(site: Settings) -> str:
    """The id of the hosted zone that the settings name. Raises `pulumi.RunError` when the account has none."""
    try:
        return aws.route53.get_zone(name=site.zone, private_zone=False).zone_id
    except Exception as error:  # the SDK has no class of its own for a function that fails
        reason = str(error).rsplit("returned an error: ", 1)[-1]
        raise pulumi.RunError(f"{NAMESPACE}zone is {site.zone}; its id can't be had: {reason}") from None


def certificates(site: Settings, zone_id: str) -> CertificatesArgs:
    """One certificate a region for the site's name."""
    regions = [place.region for place in site.roles.values()]
    return {"domain": site.domain, "hosted_zone_id": zone_id, "regions": regions, "tags": tags(site)}


def cluster(site: Settings, role: str, requested: Certificates | None) -> WebClusterArgs:
    """The cluster of one region."""
    place = site.roles[role]
    certificate = requested.arns[place.region] if requested else site.certificates.get(place.region)
    sessions = given(site.sessions)
    ttl = sessions.pop("ttl")
    return cast(
        WebClusterArgs,
        {
            "region": place.region,
            "tags": {**tags(site), "ha-web:role": role},
            "network": without_none(
                cidr=place.cidr,
                zones=None if place.zone_ids else site.zones,
                zone_ids=place.zone_ids,
                nat=site.nat,
            ),
            "load_balancer": without_none(
                protocol=site.protocol,
                type=site.load_balancer,
                certificate_arn=certificate,
                port=site.port,
                health_check=given(site.health_check),
                sticky_session_seconds=site.sticky_sessions,
                waf=given(site.waf) if site.waf else None,
                deletion_protection=site.deletion_protection,
            ),
            "fleet": {
                **given(site.servers),
                **without_none(image=place.image or site.servers.image),
                "start_script": start_script(),
                "environment": {"SESSION_TTL": str(ttl)},
            },
            "sessions": sessions,
        },
    )


def dns(site: Settings, zone_id: str, clusters: Mapping[str, WebCluster]) -> FailoverDnsArgs:
    """The site's name over its clusters."""
    targets = {role: target(web, site.roles[role].region) for role, web in clusters.items()}
    args: FailoverDnsArgs = {
        "hosted_zone_id": zone_id,
        "domain": site.domain,
        "primary": targets["primary"],
        "tags": tags(site),
    }
    if "standby" in targets:
        protocol = Protocol(site.protocol)
        way = carriage(protocol, certificate=True)
        http = way.check_protocol == "HTTP" and protocol is not Protocol.GRPC
        args["standby"] = targets["standby"]
        args["notify"] = site.notify
        args["health_check"] = cast(
            Any,
            without_none(
                protocol=CHECKED_AS.get(protocol, protocol).value,
                port=site.port or way.port,
                path=site.health_check.path if http else None,
            ),
        )
    return args


def target(web: WebCluster, region: str) -> DnsTargetArgs:
    """A cluster's load balancer, as DNS sees it."""
    return {"dns_name": web.load_balancer.dns_name, "zone_id": web.load_balancer.zone_id, "region": region}


def backups(site: Settings) -> BackupPlanArgs:
    """Backups of both regions, each copied to the other."""
    args: BackupPlanArgs = {
        "region": site.primary.region,
        "rules": usual_rules(site.backup.hourly_days, site.backup.daily_days, site.backup.monthly_days),
        "notify": site.notify,
        "tags": tags(site),
    }
    if site.standby:
        args["copy_region"] = site.standby.region
    return args


def alarms(site: Settings, role: str, web: WebCluster, plan: BackupPlan) -> AlarmsArgs:
    """What is watched in one region."""
    balancer = web.load_balancer
    way = carriage(Protocol(site.protocol), certificate=True)
    return {
        "region": site.roles[role].region,
        "load_balancer_arn_suffix": balancer.arn_suffix,
        "load_balancer_type": BalancerType(way.type).value,
        "target_group_arn_suffix": balancer.target_group_arn_suffix,
        "zone_names": [*web.network.zone_names],
        "group_name": web.fleet.group_name,
        "minimum": site.servers.minimum,
        "node_ids": [*web.sessions.node_ids],
        "backup_vault_name": vault_of(role, plan),
        "notify": site.notify,
        "tags": tags(site),
    }


def vault_of(role: str, plan: BackupPlan) -> pulumi.Output[str]:
    """The vault in the region of a role."""
    vault = plan.vault_name if role == "primary" else plan.copy_vault_name
    assert vault is not None  # a standby has a vault
    return vault


def exported(web: WebCluster, region: str) -> dict[str, Any]:
    """What a cluster's stack output has."""
    return {
        "region": region,
        "vpc_id": web.network.vpc_id,
        "zone_ids": web.network.zone_ids,
        "load_balancer_arn": web.load_balancer.arn,
        "load_balancer_dns_name": web.load_balancer.dns_name,
        "target_group_arn": web.load_balancer.target_group_arn,
        "auto_scaling_group_name": web.fleet.group_name,
        "image_id": web.fleet.image_id,
        "session_replication_group_id": web.sessions.replication_group_id,
        "session_endpoint": web.sessions.primary_endpoint,
    }


def tags(site: Settings) -> dict[str, str]:
    """Tags on everything: the owner's, and which stack it belongs to."""
    return {**site.tags, "ha-web:stack": pulumi.get_stack()}


def without_none(**values: Any) -> dict[str, Any]:
    """The values that are given."""
    return {key: value for key, value in values.items() if value is not None}
