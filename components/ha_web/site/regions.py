"""The clusters of both regions, and what spans them apart from DNS: keys, the image's copy, replication of data."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pulumi

from ha_web.application.artifacts import ApplicationArtifacts, ApplicationArtifactsArgs
from ha_web.cloudflare.sdk import cloudflare_ranges
from ha_web.core.credentials import replica_arn
from ha_web.database.global_database import GlobalDatabase
from ha_web.encryption.certificates import Certificates
from ha_web.encryption.multi_region_key import MultiRegionKey
from ha_web.failover.capacity_reservations import CapacityReservations
from ha_web.fleet.image import architecture_of
from ha_web.fleet.image_copy import ImageCopy
from ha_web.sessions.elasticache import SessionStore
from ha_web.sessions.elasticache_global import GlobalSessionStore
from ha_web.sessions.memorydb import DurableSessionStore
from ha_web.sessions.memorydb_multi_region import MultiRegionSessions
from ha_web.site.application import is_released
from ha_web.site.arguments.clusters import Shared, cluster
from ha_web.site.arguments.failover import Regions
from ha_web.site.arguments.shared import database_part, tags
from ha_web.site.images import create_image
from ha_web.site.model import Settings
from ha_web.site.parts import Parts
from ha_web.storage.replication import StorageReplication
from ha_web.web_cluster import WebCluster

ENCRYPTED = {
    "sessions": "Sessions: nodes, snapshots, password",
    "database": "Database: storage, snapshots, password",
    "storage": "Shared storage",
}
"""Parts that have a KMS key of their own in each region, with the keys' descriptions."""


def create(site: Settings, certificates: Certificates | None, parts: Parts) -> Regions:
    """Create the primary's cluster, and in the standby region what the strategy needs there."""
    keys = create_keys(site, parts)
    shared = Shared(
        keys,
        certificates,
        allowed_cidrs=cloudflare_ranges(parts.invoke_opts) if site.locks_origins else [],
        multi_region_sessions=create_multi_region_sessions(site, parts),
        artifacts=create_artifacts(site, parts),
    )
    image = create_image(site, shared.artifacts, parts)
    first = replace(shared, image_id=image.image_ids[site.primary.region]) if image else shared
    primary = WebCluster(parts.named("primary"), cluster(site, "primary", first), parts.opts)
    copied = image.image_ids[site.standby.region] if image and site.standby else copy_image(site, primary, parts)
    if "standby" not in site.cluster_roles:
        return Regions({"primary": primary}, keys=keys)
    store, sources = primary.sessions, replication_sources(site, primary, parts)
    own = replace(
        shared,
        image_id=copied,
        replication_sources=sources,
        # The name comes from the primary's store, so that the two are created and deleted one after the other.
        multi_region_sessions=store.multi_region_cluster_name if isinstance(store, DurableSessionStore) else None,
    )
    standby = WebCluster(parts.named("standby"), cluster(site, "standby", own), parts.opts)
    replicate_storage(site, primary, standby, parts)
    reserve_capacity(site, standby, parts)
    return Regions({"primary": primary, "standby": standby}, sources, keys)


def create_artifacts(site: Settings, parts: Parts) -> ApplicationArtifacts | None:
    """Put the release into both regions, whatever the strategy is; None where a start script is the application."""
    own = site.application
    if own is None or not is_released(site):
        return None
    args: ApplicationArtifactsArgs = {
        "regions": [place.region for place in site.roles.values()],
        "architecture": architecture_of(site.servers.instance_type),
        "tags": tags(site),
    }
    if own.package is not None:
        args["package"] = own.package
    if own.container is not None:
        args["container"] = own.container
    return ApplicationArtifacts(parts.named("application"), args, parts.opts)


def create_keys(site: Settings, parts: Parts) -> dict[str, dict[str, pulumi.Output[str]]]:
    """Create the keys, in both regions whatever the strategy is; return ARNs by what they encrypt and by region."""
    regions = [place.region for place in site.roles.values()]
    wanted = {"sessions": True, "database": site.database is not None, "storage": site.storage is not None}
    about = {part: ENCRYPTED[part] for part, is_wanted in wanted.items() if is_wanted}
    return {
        part: MultiRegionKey(
            parts.named(part), {"regions": regions, "description": text, "tags": tags(site)}, parts.opts
        ).arns
        for part, text in about.items()
    }


def copy_image(site: Settings, primary: WebCluster, parts: Parts) -> pulumi.Output[str] | None:
    """Copy the primary's image to the standby region, unless that has one of its own."""
    if site.standby is None or site.standby.image:
        return None
    copy = ImageCopy(
        parts.named("standby-image"),
        {
            "source_image_id": primary.image_id,
            "source_region": site.primary.region,
            "region": site.standby.region,
            "tags": tags(site),
        },
        parts.opts,
    )
    return copy.image_id


def replication_sources(site: Settings, primary: WebCluster, parts: Parts) -> dict[str, Mapping[str, Any]]:
    """Return what the standby's session store and database replicate from: their `secondary_of`."""
    assert site.standby
    region = site.standby.region
    sources: dict[str, Mapping[str, Any]] = {"sessions": _session_source(site, primary, region, parts)}
    for name, database in primary.databases.items():
        if name and database is not primary.database:
            continue  # a restored database is replicated once it serves
        joined = GlobalDatabase(
            parts.named(database_part(name)),
            {"source_cluster_arn": database.cluster_arn, "region": site.primary.region, "tags": tags(site)},
            parts.opts,
        )
        sources[database_part(name)] = {
            "global_cluster_id": joined.global_cluster_id,
            "secret_arn": database.secret_arn.apply(partial(replica_arn, region=region)),
            "engine_version": joined.engine_version,
            "database_name": database.database_name,
        }
    return sources


def _session_source(site: Settings, primary: WebCluster, region: str, parts: Parts) -> Mapping[str, Any]:
    store = primary.sessions
    credentials = {
        "secret_arn": store.secret_arn.apply(partial(replica_arn, region=region)),
        "password": store.password,
    }
    if site.sessions.durable:
        return {**credentials, "user_name": store.user_name}
    assert isinstance(store, SessionStore)
    joined = GlobalSessionStore(
        parts.named("sessions"),
        {
            "primary_replication_group_id": store.replication_group_id,
            "node_type": site.node_type,
            "region": site.primary.region,
        },
        parts.opts,
    )
    return {**credentials, "global_replication_group_id": joined.global_replication_group_id}


def create_multi_region_sessions(site: Settings, parts: Parts) -> pulumi.Output[str] | None:
    """Create the multi-Region cluster of durable sessions before any store, which can join only when it is created."""
    if not (site.sessions.durable and site.standby):
        return None
    regions = [place.region for place in site.roles.values()]
    joined = MultiRegionSessions(
        parts.named("sessions"),
        {"regions": regions, "node_type": site.node_type, "tags": tags(site)},
        parts.opts,
    )
    return joined.multi_region_cluster_name


def reserve_capacity(site: Settings, standby: WebCluster, parts: Parts) -> None:
    """Reserve EC2 capacity for the standby's servers, if that is wanted."""
    if site.standby and site.standby.reserved_servers:
        CapacityReservations(
            parts.named("standby"),
            {
                "servers": site.standby.reserved_servers,
                "instance_type": site.servers.instance_type,
                "zone_names": [*standby.network.zone_names],
                "region": site.standby.region,
                "tags": tags(site),
            },
            parts.opts,
        )


def replicate_storage(site: Settings, primary: WebCluster, standby: WebCluster, parts: Parts) -> None:
    """Replicate the primary's file system to the standby's."""
    if primary.storage and standby.storage and site.standby:
        StorageReplication(
            parts.named("storage"),
            {
                "source_file_system_id": primary.storage.file_system_id,
                "source_region": site.primary.region,
                "destination_file_system_id": standby.storage.file_system_id,
                "destination_region": site.standby.region,
            },
            parts.opts,
        )
