"""A dashboard: the page, and what it refuses."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, Dashboard, DashboardArgs

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

REGION: dict[str, Any] = {
    "region": "eu-west-1",
    "load_balancer_arn_suffix": "app/web/1",
    "target_group_arn_suffix": "targetgroup/web/2",
    "zone_names": ["eu-west-1a", "eu-west-1b"],
    "alarm_arns": ["arn:alarm"],
}
STANDBY = {**REGION, "region": "eu-central-1", "backup_vault_name": "vault"}


def dashboard(**args: Any) -> Made[Dashboard]:
    given = {"dashboard_name": "web", "title": "www.example.com", "regions": {"primary": REGION}, **args}
    return make(lambda: Dashboard("web", cast(DashboardArgs, given)))


def page(made: Made[Dashboard]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.one("aws:cloudwatch/dashboard:Dashboard")["dashboardBody"])["widgets"]
    return found


def test_two_regions_stand_side_by_side_also_where_one_lacks_something() -> None:
    shown = page(dashboard(regions={"primary": REGION, "standby": STANDBY}))
    columns = {
        region: {each["x"] for each in shown if each["properties"].get("region") == region}
        for region in ("eu-west-1", "eu-central-1")
    }
    assert columns["eu-west-1"] == {0}
    assert columns["eu-central-1"] == {0, 12}  # backups, which the primary here has none of, stand alone
    assert [each["properties"]["title"] for each in shown if each["type"] == "alarm"] == [
        "primary: alarms (eu-west-1)",
        "standby: alarms (eu-central-1)",
    ]


def test_the_charts_of_one_region_take_the_whole_width() -> None:
    shown = page(dashboard())
    assert {each["x"] for each in shown if each["type"] == "metric"} == {0, 12}


def test_the_page_begins_with_what_is_declared_and_what_the_settings_amount_to() -> None:
    objectives = {"zone": {"recovery": "2m", "dataLoss": "5s"}}
    worst = {"zone": {"recovery": "84s", "data_loss": "typically 1s"}, "region": {"recovery": "5m", "data_loss": "1s"}}
    text = page(dashboard(objectives=objectives, worst_cases=worst))[0]["properties"]["markdown"]
    assert text.startswith("# www.example.com\nprimary eu-west-1\n")
    assert "| zone | 2m | 84s | 5s | typically 1s |" in text
    assert "| region | - | 5m | - | 1s |" in text


def test_what_spans_the_regions_is_shown_once() -> None:
    more = {"health_check_ids": {"primary": "check-1"}, "function_name": "failover", "function_region": "eu-central-1"}
    titles = [each["properties"].get("title") for each in page(dashboard(**more, alarm_arns=["arn:switch"]))]
    for title in ("Route 53 reaches (1: yes)", "failover function", "alarms of the whole site"):
        assert titles.count(title) == 1


def test_its_address_is_told() -> None:
    assert dashboard(region="eu-west-1").outputs["url"].endswith("region=eu-west-1#dashboards/dashboard/web")


def test_the_region_that_keeps_it_is_handed_on() -> None:
    def build(region: str | None) -> Dashboard:
        args = {"dashboard_name": "web", "title": "a", "regions": {"primary": REGION}, "region": region}
        return Dashboard("web", cast(DashboardArgs, args))

    assert_region_reaches_everything(build)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"dashboard_name": "a site"}, 'dashboard_name is "a site"; write 1 to 255 letters, digits, - and _'),
        ({"regions": {}}, "regions is empty; give one or more"),
        (
            {"regions": {"primary": {**REGION, "load_balancer_type": "gateway"}}},
            'regions.primary.load_balancer_type is "gateway"; it must be application or network',
        ),
        (
            {"regions": {"primary": {**REGION, "thresholds": {"latency_seconds": 0}}}},
            "regions.primary.thresholds.latency_seconds is 0; it must be above 0",
        ),
        ({"objectives": {"zone": {"recovery": "soon"}}}, "objectives.zone.recovery is 'soon'"),
        ({"function_name": "f"}, "function_name and function_region belong together"),
        ({"regions": {"primary": {"region": "eu-west-1"}}}, "regions.primary.zone_names is missing"),
        ({"regionz": {}}, "regionz is unknown"),
    ],
)
def test_what_can_not_be_is_refused(args: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        dashboard(**args)
    assert said in str(error.value)
