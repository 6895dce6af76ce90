"""The dashboard of a site: it shows what the site has, and each of its alarms links it."""

import json
from typing import Any, cast

import pytest
from ha_web import Site, SiteArgs
from ha_web.site.dashboards import worst_cases_of

from tests.components.made import Made, make
from tests.components.site.test_arguments import ANSWERS, SITE, site_with
from tests.components.site.test_site import ARGS

ALARM, GROUP = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:autoscaling/group:Group"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
EVERYTHING: dict[str, Any] = {"database": {}, "storage": {}, "failover": "automatic"}

COUNTED = {
    "AWS/ApplicationELB": {"RequestCount", "TargetResponseTime", "HealthyHostCount"},
    "AWS/NetworkELB": {"NewFlowCount", "TCP_ELB_Reset_Count", "HealthyHostCount"},
    "AWS/Lambda": {"Invocations", "Errors", "Throttles"},
    "AWS/Backup": {"NumberOfBackupJobsCompleted"},
}
"""Metrics that the service has of a resource, whoever watches it:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html,
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html,
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html"""


INSTANCE = {"aws:rds/clusterInstance:ClusterInstance": {"identifier": "database-1"}}
ONE_REGION = {"standby": None, "certificates": {"eu-west-1": SITE["certificates"]["eu-west-1"]}}


def made_of(**args: Any) -> Made[Site]:
    return make(lambda: Site("site", cast(SiteArgs, {**ARGS, **args})), answers=ANSWERS, outputs=INSTANCE)


def shown(made: Made[Any]) -> list[tuple[str, str, str, dict[str, str]]]:
    """Each metric of the dashboard: Region, namespace, name, dimensions."""
    found = []
    for widget in json.loads(made.one(DASHBOARD)["dashboardBody"])["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            *named, _ = metric
            if named:
                dimensions = dict(zip(named[2::2], named[3::2], strict=True))
                found.append((widget["properties"]["region"], named[0], named[1], dimensions))
    return found


def watched(made: Made[Any]) -> dict[tuple[str, str], set[str]]:
    """What the site's alarms watch: names of metrics by Region and namespace, and `dimension=value`."""
    known: dict[tuple[str, str], set[str]] = {}
    for alarm in made.all(ALARM):
        own = [alarm.inputs] if alarm.get("namespace") else []
        own += [query["metric"] for query in alarm.get("metricQueries") or [] if query.get("metric")]
        for metric in own:
            of = known.setdefault((alarm["region"], metric["namespace"]), set())
            of |= {metric["metricName"], *(f"{name}={value}" for name, value in metric["dimensions"].items())}
    for group in made.all(GROUP):
        own_metrics = {*group["enabledMetrics"], f"AutoScalingGroupName={group.state['name']}"}
        known.setdefault((group["region"], "AWS/AutoScaling"), set()).update(own_metrics)
    return known


@pytest.mark.parametrize(
    "settings",
    [
        EVERYTHING,
        {"sessions": {"durable": True, "node_type": "db.r7g.xlarge"}},
        {"protocol": "tls"},
        {"strategy": "pilot-light"},
        ONE_REGION,
    ],
)
def test_it_shows_only_metrics_that_the_site_has(settings: dict[str, Any]) -> None:
    made = made_of(**settings)
    known = watched(made)
    metrics = shown(made)
    assert len(metrics) > 15
    for region, namespace, name, dimensions in metrics:
        of = known.get((region, namespace), set()) | COUNTED.get(namespace, set())
        missing = {name, *(f"{key}={value}" for key, value in dimensions.items())} - of
        if settings.get("strategy") == "pilot-light" and region == "eu-central-1":
            # Nobody watches a load balancer without servers: it is there all the same.
            missing = {each for each in missing if not each.startswith(("LoadBalancer=", "TargetGroup=", "Avail"))}
            missing -= {"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"}
        assert missing == set(), (region, namespace, name, dimensions)


def test_all_alarms_of_the_site_are_on_the_page_and_each_links_it() -> None:
    made = made_of(**EVERYTHING)
    widgets = json.loads(made.one(DASHBOARD)["dashboardBody"])["widgets"]
    on_page = {arn for widget in widgets for arn in widget["properties"].get("alarms", [])}
    alarms = made.all(ALARM)
    assert on_page == {alarm.state["arn"] for alarm in alarms}
    name = made.one(DASHBOARD)["dashboardName"]
    assert all(alarm["alarmDescription"].endswith(f"#dashboards/dashboard/{name}") for alarm in alarms)
    assert made.result.outputs["dashboard"] is made.result.dashboard_url


def test_a_site_without_one_has_no_link_either() -> None:
    made = made_of(**EVERYTHING, dashboard=False)
    assert made.all(DASHBOARD) == []
    assert not any("#dashboards" in alarm["alarmDescription"] for alarm in made.all(ALARM))
    assert "dashboard" not in made.result.outputs


def test_worst_cases_are_told_in_words() -> None:
    cases = worst_cases_of(site_with(database={}))
    assert set(cases) >= {"server", "zone", "region", "corruption"}
    assert cases["server"]["data_loss"] == "nothing"
    assert cases["region"]["data_loss"].startswith("typically ")
    alone = worst_cases_of(site_with(strategy="backup-restore"))
    assert alone["region"]["data_loss"] == "all"
