"""The releases of a site: the version that each region serves, one region after the other, and notices of failures."""

from collections.abc import Mapping
from typing import cast

import pulumi

from ha_web.alarms.alarms import Alarms
from ha_web.release.notice import ReleaseNotice
from ha_web.release.order import Order, steps_of
from ha_web.release.preferences import ReleaseSettingsArgs
from ha_web.release.release import Release, ReleaseArgs
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.site.notices import Topics
from ha_web.site.parts import Parts
from ha_web.web_cluster import WebCluster


def create(
    site: Settings, webs: Mapping[str, WebCluster], alarms: Mapping[str, Alarms], topics: Topics, parts: Parts
) -> dict[str, Release]:
    """Create the release of each region, after those that come before it; return them by role."""
    for role, web in webs.items():
        _notify(site, role, web, topics, parts)
    made: dict[str, Release] = {}
    steps = steps_of(Order(site.release.order), {role: site.minimum(role) == 0 for role in webs})
    held = [role for role in webs if not any(role in step for step in steps)]
    for step in [held, *steps]:
        before = [release for role, release in made.items() if role not in held]
        opts = pulumi.ResourceOptions.merge(parts.opts, pulumi.ResourceOptions(depends_on=before))
        for role in step:
            made[role] = Release(parts.named(role), _release(site, role, webs[role], alarms[role], role in held), opts)
    return made


def _release(site: Settings, role: str, web: WebCluster, alarms: Alarms, held: bool) -> ReleaseArgs:
    """Return the arguments of a region's release."""
    wanted, fleet = site.release, web.fleet
    settings: ReleaseSettingsArgs = {"alarm_names": [*alarms.release_alarm_names], "bake_seconds": wanted.bake_seconds}
    if held:
        settings["hold"] = True
    elif role in wanted.versions:
        settings["version"] = wanted.versions[role]
    if wanted.canary_percent is not None and settings["alarm_names"]:
        settings["canary_percent"], settings["canary_seconds"] = wanted.canary_percent, wanted.canary_seconds
    further = site.servers.further_instance_types
    logs = {} if fleet.log_group_name is None else {"log_group_name": fleet.log_group_name}
    args = {
        "group_name": fleet.group_name,
        "group_arn": fleet.group_arn,
        "launch_template_id": fleet.launch_template_id,
        "launch_template_version": fleet.launch_template_version,
        "instance_types": [site.servers.instance_type, *further] if further else [],
        "settings": settings,
        "region": site.roles[role].region,
        "tags": tags(site),
        **logs,
    }
    return cast(ReleaseArgs, args)


def _notify(site: Settings, role: str, web: WebCluster, topics: Topics, parts: Parts) -> None:
    region = site.roles[role].region
    ReleaseNotice(
        parts.named(role),
        {
            "group_name": web.fleet.group_name,
            "topic_arn": topics[region].topic_arn,
            "region": region,
            "tags": tags(site),
        },
        parts.opts,
    )
