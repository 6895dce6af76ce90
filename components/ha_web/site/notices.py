"""Who is told what: one topic a region, notices of keys that somebody disables or deletes, and of databases."""

from collections.abc import Mapping

import pulumi

from ha_web.alarms.database_events import DatabaseNotice
from ha_web.alarms.key_deletion import KeyDeletionNotice
from ha_web.alarms.notification_topic import NotificationTopic
from ha_web.backup.plan import BackupPlan
from ha_web.site.arguments.failover import Regions
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.site.parts import Parts
from ha_web.web_cluster import WebCluster

Topics = Mapping[str, NotificationTopic]
"""The topics by region."""


def create_topics(site: Settings, parts: Parts) -> Topics:
    """Create the topic of each region, whatever the strategy has there."""
    return {
        place.region: NotificationTopic(
            parts.named(role), {"notify": site.notify, "region": place.region, "tags": tags(site)}, parts.opts
        )
        for role, place in site.roles.items()
    }


def watch_keys(site: Settings, topics: Topics, regions: Regions, plan: BackupPlan, parts: Parts) -> None:
    """Have each region's topic told of what is done to its keys: those of data, and the vault's."""
    for role, place in site.roles.items():
        keys: list[pulumi.Input[str]] = [arns[place.region] for arns in regions.keys.values()]
        KeyDeletionNotice(
            parts.named(role),
            {
                "key_arns": [*keys, plan.key_arns[place.region]],
                "topic_arn": topics[place.region].topic_arn,
                "region": place.region,
                "tags": tags(site),
            },
            parts.opts,
        )


def watch_databases(site: Settings, topics: Topics, webs: Mapping[str, WebCluster], parts: Parts) -> None:
    """Have each region's topic told what RDS does to the database that serves there."""
    for role, web in webs.items():
        if web.database is None:
            continue
        region = site.roles[role].region
        DatabaseNotice(
            parts.named(role),
            {
                "cluster_id": web.database.cluster_id,
                "instance_ids": [*web.database.instance_ids],
                "topic_arn": topics[region].topic_arn,
                "region": region,
                "tags": tags(site),
            },
            parts.opts,
        )
