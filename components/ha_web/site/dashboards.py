"""The dashboard of a site: what it shows of the parts."""

import math
from collections.abc import Mapping
from typing import cast

from ha_web.alarms.alarms import Alarms
from ha_web.backup.plan import BackupPlan
from ha_web.dashboard.dashboard import Dashboard, DashboardArgs, DashboardRegionArgs
from ha_web.recovery.durations import format_duration
from ha_web.recovery.terms import Sum
from ha_web.recovery.worst_cases import worst_cases
from ha_web.site import arguments
from ha_web.site.edge import EdgeOutputs
from ha_web.site.facts import assumptions, facts_of
from ha_web.site.model import Settings
from ha_web.site.notices import Topics
from ha_web.site.parts import Parts, name_in_account
from ha_web.web_cluster import WebCluster


def create(
    site: Settings,
    webs: Mapping[str, WebCluster],
    way_in: EdgeOutputs,
    plan: BackupPlan,
    alarms: Mapping[str, Alarms],
    topics: Topics,
    parts: Parts,
) -> Dashboard | None:
    """Create the dashboard, if the settings want one."""
    if not site.dashboard:
        return None
    args: DashboardArgs = {
        "dashboard_name": name_in_account(parts.site_name),
        "title": site.domain,
        "regions": {role: _region(site, role, web, plan, alarms[role], topics) for role, web in webs.items()},
        "objectives": site.objectives,
        "worst_cases": worst_cases_of(site),
        "health_check_ids": {**way_in.health_check_ids},
        "alarm_arns": [*way_in.alarm_arns],
        "region": site.primary.region,
    }
    if way_in.automation and site.standby:
        args["function_name"], args["function_region"] = way_in.automation.function_name, site.standby.region
    return Dashboard(parts.named("site"), args, parts.opts)


def _region(
    site: Settings, role: str, web: WebCluster, plan: BackupPlan, alarms: Alarms, topics: Topics
) -> DashboardRegionArgs:
    """Return what is shown of a region: what its alarms watch, and they themselves."""
    watched = arguments.alarms(site, role, web, plan, {}, topics)
    shown = {key: value for key, value in watched.items() if key in DashboardRegionArgs.__annotations__}
    return cast(DashboardRegionArgs, {**shown, "alarm_arns": [*alarms.alarm_arns]})


def worst_cases_of(site: Settings) -> dict[str, dict[str, str]]:
    """Return what the settings amount to, by failure, in words."""
    return {
        failure.value: {"recovery": format_duration(case.recovery.seconds), "data_loss": _lost(case.data_loss)}
        for failure, case in worst_cases(facts_of(site), assumptions(site)).items()
    }


def _lost(total: Sum) -> str:
    if math.isinf(total.seconds):
        return "all"
    if not total.seconds:
        return "nothing"
    return f"typically {format_duration(total.seconds)}" if total.typical else format_duration(total.seconds)
