"""What spans the regions, apart from DNS: keys, the image's copy, and the standby's data that follows the primary's."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pulumi
from ha_web import (
    Certificates,
    DurableSessionStore,
    GlobalDatabase,
    GlobalSessionStore,
    ImageCopy,
    MultiRegionKey,
    MultiRegionSessions,
    SessionStore,
    StorageReplication,
    WebCluster,
    cloudflare_ranges,
)
from ha_web.core.credentials import replica_arn

from program.arguments.clusters import Shared, cluster
from program.arguments.failover import Regions
from program.arguments.shared import tags
from program.settings.model import Settings

ENCRYPTED = {
    "sessions": "Sessions: nodes, snapshots, password",
    "database": "Database: storage, snapshots, password",
    "storage": "Shared storage",
}
"""What has a key of its own in each region."""


def create(site: Settings, certificates: Certificates | None) -> Regions:
    """The primary's cluster, and in the standby region what the strategy wants there."""
    shared = Shared(
        create_keys(site),
        certificates,
        allowed_cidrs=cloudflare_ranges() if site.locks_origins else [],
        multi_region_sessions=create_multi_region_sessions(site),
    )
    primary = WebCluster("primary", cluster(site, "primary", shared))
    image_id = copy_image(site, primary)
    if "standby" not in site.cluster_roles:
        return Regions({"primary": primary})
    store, follows = primary.sessions, follow(site, primary)
    own = replace(
        shared,
        image_id=image_id,
        follows=follows,
        # The primary's store hands the name on, so that the two are made and deleted one after the other.
        multi_region_sessions=store.multi_region_cluster_name if isinstance(store, DurableSessionStore) else None,
    )
    standby = WebCluster("standby", cluster(site, "standby", own))
    replicate_storage(site, primary, standby)
    return Regions({"primary": primary, "standby": standby}, follows)


def create_keys(site: Settings) -> dict[str, dict[str, pulumi.Output[str]]]:
    """ARNs of keys by what they encrypt and by region. They are in both regions whatever the strategy is."""
    regions = [place.region for place in site.roles.values()]
    wanted = {"sessions": True, "database": site.database is not None, "storage": site.storage is not None}
    return {
        part: MultiRegionKey(part, {"regions": regions, "description": ENCRYPTED[part], "tags": tags(site)}).arns
        for part, is_wanted in wanted.items()
        if is_wanted
    }


def copy_image(site: Settings, primary: WebCluster) -> pulumi.Output[str] | None:
    """The primary's image in the standby region, unless that has one of its own."""
    if site.standby is None or site.standby.image:
        return None
    copy = ImageCopy(
        "standby-image",
        {
            "source_image_id": primary.image_id,
            "source_region": site.primary.region,
            "region": site.standby.region,
            "tags": tags(site),
        },
    )
    return copy.image_id


def follow(site: Settings, primary: WebCluster) -> dict[str, Mapping[str, Any]]:
    """Whom the standby's session store and database follow."""
    assert site.standby
    region = site.standby.region
    follows: dict[str, Mapping[str, Any]] = {"sessions": _follow_sessions(site, primary, region)}
    if primary.database:
        joined = GlobalDatabase(
            "database",
            {"source_cluster_arn": primary.database.cluster_arn, "region": site.primary.region, "tags": tags(site)},
        )
        follows["database"] = {
            "global_cluster_id": joined.global_cluster_id,
            "secret_arn": primary.database.secret_arn.apply(partial(replica_arn, region=region)),
            "engine_version": joined.engine_version,
            "database_name": primary.database.database_name,
        }
    return follows


def _follow_sessions(site: Settings, primary: WebCluster, region: str) -> Mapping[str, Any]:
    store = primary.sessions
    credentials = {
        "secret_arn": store.secret_arn.apply(partial(replica_arn, region=region)),
        "password": store.password,
    }
    if site.sessions.durable:
        return {**credentials, "user_name": store.user_name}
    assert isinstance(store, SessionStore)
    joined = GlobalSessionStore(
        "sessions",
        {
            "primary_replication_group_id": store.replication_group_id,
            "node_type": site.node_type,
            "region": site.primary.region,
        },
    )
    return {**credentials, "global_replication_group_id": joined.global_replication_group_id}


def create_multi_region_sessions(site: Settings) -> pulumi.Output[str] | None:
    """The multi-Region cluster of durable sessions: from the first on, for a store joins it only when it is made."""
    if not (site.sessions.durable and site.standby):
        return None
    regions = [place.region for place in site.roles.values()]
    joined = MultiRegionSessions("sessions", {"regions": regions, "node_type": site.node_type, "tags": tags(site)})
    return joined.multi_region_cluster_name


def replicate_storage(site: Settings, primary: WebCluster, standby: WebCluster) -> None:
    """Have the standby's file system follow the primary's."""
    if primary.storage and standby.storage and site.standby:
        StorageReplication(
            "storage",
            {
                "source_file_system_id": primary.storage.file_system_id,
                "source_region": site.primary.region,
                "destination_file_system_id": standby.storage.file_system_id,
                "destination_region": site.standby.region,
            },
        )
