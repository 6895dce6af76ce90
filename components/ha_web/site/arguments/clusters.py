"""Arguments of a region's cluster: network, load balancer, servers, and all that holds state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi

from ha_web.application.artifacts import ApplicationArtifacts
from ha_web.cloudflare.rules import origin_pull_ca
from ha_web.encryption.certificates import Certificates, CertificatesArgs
from ha_web.load_balancer.protocols import BalancerType, Protocol, TlsToServers, transport_of
from ha_web.recovery.strategy import Strategy
from ha_web.site.application import fleet_part, health_path_of, images_of, port_of
from ha_web.site.arguments.shared import database_part, tags, without_none
from ha_web.site.model import Settings
from ha_web.site.reader import given
from ha_web.web_cluster_args import WebClusterArgs

Regions = Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True)
class Shared:
    """What the regions share: keys by what they encrypt and by region, and what a standby replicates from."""

    keys: Mapping[str, Regions] = field(default_factory=dict)
    certificates: Certificates | None = None
    allowed_cidrs: list[str] = field(default_factory=list)
    """The networks that may reach the balancers, if not all."""
    replication_sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """For the standby: `secondary_of` of sessions and database."""
    multi_region_sessions: pulumi.Input[str] | None = None
    """With durable sessions: the multi-Region cluster that each region's store joins."""
    image_id: pulumi.Input[str] | None = None
    """The image that was built for this region, or for the standby the copy of the primary's image."""
    artifacts: ApplicationArtifacts | None = None
    """The release that servers fetch; none where a start script is in their user data."""


def certificates(site: Settings, zone_id: pulumi.Input[str] | None) -> CertificatesArgs:
    """Request a certificate in each region for the site's name, validated in the DNS zone that the name is in."""
    args: CertificatesArgs = {
        "domain": site.domain,
        "regions": [place.region for place in site.roles.values()],
        "tags": tags(site),
    }
    if zone_id is not None:
        args["hosted_zone_id"] = zone_id
    elif site.cloudflare:
        args["cloudflare_zone_id"] = site.cloudflare.zone_id
    return args


def cluster(site: Settings, role: str, shared: Shared) -> WebClusterArgs:
    """Return the arguments of one region's cluster."""
    place = site.roles[role]
    blocks: dict[str, Any] = {
        "region": place.region,
        "tags": {**tags(site), "ha-web:role": role},
        "network": without_none(
            cidr=place.cidr,
            zones=None if place.zone_ids else site.zones,
            zone_ids=place.zone_ids,
            nat=site.nat,
            endpoints=site.interface_endpoints or None,
        ),
        "load_balancer": _balancer(site, role, shared),
        "fleet": _fleet(site, role, shared),
        **_sessions(site, role, shared),
    }
    if site.database:
        blocks |= _databases(site, role, shared)
    if site.storage:
        blocks["storage"] = _storage(site, role, shared)
    return cast(WebClusterArgs, blocks)


def _balancer(site: Settings, role: str, shared: Shared) -> dict[str, Any]:
    region, requested = site.roles[role].region, shared.certificates
    waf = given(site.waf) if site.waf else None
    only: dict[str, Any] = {}
    if (
        shared.allowed_cidrs
    ):  # only Cloudflare connects: it has a client certificate, and passes the client's address on
        only = {"allowed_cidrs": shared.allowed_cidrs, "client_certificates": {"ca_bundle": _authority(site)}}
        waf = {**waf, "client_header": "CF-Connecting-IP"} if waf else None
    return only | without_none(
        protocol=site.protocol,
        type=site.load_balancer,
        certificate_arn=requested.arns[region] if requested else site.certificates.get(region),
        port=site.port,
        target_port=port_of(site),
        tls_to_servers=True if site.tls_to_servers == TlsToServers.USED else None,
        health_check={**given(site.health_check), **without_none(path=health_path_of(site))},
        sticky_session_seconds=site.sticky_sessions,
        client_keep_alive=site.client_keep_alive,
        reserved_capacity_units=site.standby.balancer_capacity if role == "standby" and site.standby else None,
        waf=waf,
        deletion_protection=site.protected(role),
    )


def _authority(site: Settings) -> str:
    """Return the certificate authority of Cloudflare's client certificate: the site's own, or Cloudflare's."""
    own = site.cloudflare.origin_certificate if site.cloudflare else None
    return own.authority if own else origin_pull_ca()


def _fleet(site: Settings, role: str, shared: Shared) -> dict[str, Any]:
    settings, place, minimum = given(site.servers), site.roles[role], site.minimum(role)
    for own in ("load", "build", "build_subnet", "build_vpc", "keep_images"):
        settings.pop(own, None)
    if shared.image_id is not None and place.image is None:
        settings.pop("image", None)
        settings["image_id"] = shared.image_id
    return {
        **settings,
        **({} if "image_id" in settings else images_of(site)),
        **without_none(image=place.image),
        "minimum": minimum or settings["minimum"],
        "idle": minimum == 0,
        "release_apart": True,  # one region after the other
        **_application(site, place.region, shared),
        "environment": {
            "SESSION_TTL": str(site.sessions.ttl),
            **_cookies(site),
            **({"STORAGE_PATH": site.storage.path} if site.storage else {}),
            **(site.application.environment if site.application else {}),
        },
    }


def _application(site: Settings, region: str, shared: Shared) -> dict[str, Any]:
    """Return what the servers of a region run, as an argument of their fleet."""
    if shared.artifacts:
        return {"application": fleet_part(site, shared.artifacts, region)}
    return {"start_script": site.application.start_script if site.application else ""}


def _cookies(site: Settings) -> dict[str, str]:
    """Make the session cookie Secure where the application can't see TLS: a network load balancer adds no header."""
    transport = transport_of(Protocol(site.protocol), certificate=True)
    ends_tls_unseen = transport.tls and transport.type is BalancerType.NETWORK
    return {"SESSION_COOKIE_SECURE": "always"} if ends_tls_unseen else {}


def _sessions(site: Settings, role: str, shared: Shared) -> dict[str, Any]:
    """Return the session store's arguments, under the name of its block."""
    settings = {**given(site.sessions), "node_type": site.node_type}
    for own in ("ttl", "durable"):
        settings.pop(own)
    block = {**settings, **_state(site, role, "sessions", shared)}
    if not site.sessions.durable:
        if role == "standby":
            block.pop("node_type")  # it is the primary's
        return {"sessions": {**block, **({"in_global_datastore": True} if _is_replicated(site, role) else {})}}
    block["deletion_protection"] = site.protected(role)
    return {"durable_sessions": {**block, **without_none(multi_region_cluster_name=shared.multi_region_sessions)}}


def _is_replicated(site: Settings, role: str) -> bool:
    """Return whether the stores of this region are replicated to another one."""
    return role == "primary" and "standby" in site.cluster_roles


def _database(site: Settings, role: str, shared: Shared, restored: str | None = None) -> dict[str, Any]:
    assert site.database
    settings = given(site.database)
    name = settings.pop("name")
    for own in ("restored", "serving", "keep_first"):
        settings.pop(own, None)
    return {
        **settings,
        **({"database_name": name} if role == "primary" else {}),
        **({"write_forwarding": True} if site.recovery is Strategy.ACTIVE_ACTIVE else {}),
        "deletion_protection": site.protected(role),
        **_state(site, role, "database", shared, database_part(restored)),
    }


def _databases(site: Settings, role: str, shared: Shared) -> dict[str, Any]:
    """Return the first database, those restored beside it, and which of them serves; in the standby what follows."""
    assert site.database
    wanted, serving = site.database, site.database.serving
    first = {"database": _database(site, role, shared)} if wanted.keep_first or not serving else {}
    names = list(wanted.restored) if role == "primary" else [serving] if serving else []
    restored = {name: _restored(site, role, shared, name) for name in names}
    return first | ({"restored_databases": restored} if restored else {}) | without_none(serving_database=serving)


def _restored(site: Settings, role: str, shared: Shared, name: str) -> dict[str, Any]:
    """Return a database that begins with a backup, or in the standby the one that follows it."""
    assert site.database
    args = _database(site, role, shared, name)
    if role != "primary":
        return args
    backup = site.database.restored[name]
    return {**args, "restored_from": {"snapshot_arn" if backup.startswith("arn:") else "time": backup}}


def _storage(site: Settings, role: str, shared: Shared) -> dict[str, Any]:
    assert site.storage
    replica = {"receives_replica": True} if role == "standby" else {}
    shown = {"shows_restored": True} if site.storage.show_restored else {}
    return {**replica, **shown, "key_arn": shared.keys["storage"][site.roles[role].region]}


def _state(site: Settings, role: str, part: str, shared: Shared, source_of: str = "") -> dict[str, Any]:
    """Return this region's key; in the primary the secret's replicas, in the standby what it replicates from."""
    keys = shared.keys[part]
    region = site.roles[role].region
    if role == "primary":
        elsewhere = {place.region: keys[place.region] for place in site.roles.values() if place.region != region}
        return {"key_arn": keys[region], **({"secret_replicas": elsewhere} if elsewhere else {})}
    source = shared.replication_sources.get(source_of or part)
    return {"key_arn": keys[region], **({"secondary_of": source} if source else {})}
