"""The experiments of a site: on its primary, in the zone that is asked for."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from ha_web.alarms.alarms import Alarms
from ha_web.core.problems import ConfigurationError
from ha_web.game_day.game_day import GameDay, GameDayArgs
from ha_web.network.zones import offered_zones, zones_among
from ha_web.recovery.strategy import has_cluster
from ha_web.site.arguments.shared import tags
from ha_web.site.model import Settings
from ha_web.site.parts import Parts, name_in_account
from ha_web.web_cluster import WebCluster

ROLE = "primary"
"""Whose resources are broken: the region that serves."""


def check(site: Settings, parts: Parts) -> None:
    """Raise ConfigurationError for a zone that the primary won't be in, before there is any resource."""
    if site.game_day is None or (wanted := site.game_day.zone) is None:
        return
    place = site.roles[ROLE]
    known = zones_among(offered_zones(place.region, parts.invoke_opts), site.zones, place.zone_ids)
    if wanted not in known:
        raise ConfigurationError(f'game_day.zone is "{wanted}"; the primary is in {", ".join(known)}')


def create(site: Settings, webs: Mapping[str, WebCluster], alarms: Mapping[str, Alarms], parts: Parts) -> Any:
    """Create the templates, if the settings want them; return what operators need to know of them, or None."""
    if site.game_day is None:
        return None
    web, nobody_served = webs[ROLE], alarms[ROLE].nobody_served_arn
    zone = site.game_day.zone or web.network.zone_ids[0]
    at = web.network.zone_ids.index(zone)
    zone_name = web.network.zone_names[at]
    tiers = (web.network.public_subnet_ids, web.network.server_subnet_ids, web.network.data_subnet_ids)
    args: dict[str, Any] = {
        "region": site.roles[ROLE].region,
        "own": name_in_account(parts.site_name),
        "group_name": web.fleet.group_name,
        "zone_name": zone_name,
        "zone_subnet_ids": [tier[at] for tier in tiers],
        "balancer_subnet_ids": [*web.network.public_subnet_ids],
        "elasticache": not site.sessions.durable,
        "stop_alarm_arns": [nobody_served] if nobody_served is not None else [],
        "minutes": site.game_day.minutes,
        "tags": tags(site),
    }
    if web.database:
        args["database_cluster_arn"] = web.database.cluster_arn
    made = GameDay(parts.named(ROLE), cast(GameDayArgs, args), parts.opts)
    return {
        "region": site.roles[ROLE].region,
        "zone": zone,
        "minutes": site.game_day.minutes,
        # Without a second region nobody takes over when this one is silent.
        "survives_region": has_cluster(site.recovery),
        "templates": pulumi.Output.from_input({**made.template_ids}),
    }
