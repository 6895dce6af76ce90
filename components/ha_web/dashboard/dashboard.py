"""A CloudWatch dashboard of a site: one page with its regions side by side."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ha_web.alarms.rules import BALANCERS, AlarmThresholdsArgs, threshold_problems
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.dashboard.charts import Objectives, Place, charts_of, failover_function, health_checks
from ha_web.dashboard.link import dashboard_url
from ha_web.dashboard.widgets import States, Text, Widget, body
from ha_web.recovery.objectives import RecoveryObjectives

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"""

SIDE_BY_SIDE = 2
"""Charts in a row."""

Value = pulumi.Input[str]


class DashboardRegionArgs(TypedDict):
    """A region's cluster by the dimensions of its metrics: the arguments of its Alarms, as far as they are shown."""

    region: str
    """AWS Region."""
    load_balancer_arn_suffix: pulumi.Input[str]
    """The load balancer's dimension in CloudWatch: `app/web/50dc6c495c0c9188`."""
    target_group_arn_suffix: pulumi.Input[str]
    """The target group's dimension in CloudWatch: `targetgroup/web/943f017f100becff`."""
    load_balancer_type: NotRequired[str]
    """`application` or `network`. Default `application`; the other counts connections in place of requests."""
    zone_names: list[pulumi.Input[str]]
    """Names of the availability zones: `eu-west-1a`."""
    group_name: NotRequired[pulumi.Input[str]]
    """Name of the Auto Scaling group, which must publish its metrics. Default: no chart of servers."""
    minimum: NotRequired[int]
    """Number of instances that must be in service: a line. Default: none."""
    session_cluster_name: NotRequired[pulumi.Input[str]]
    """Name of the MemoryDB cluster of `node_ids`. Default: the nodes are ElastiCache's."""
    node_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of the session store's nodes."""
    database_instance_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of the database's instances."""
    session_region_lag: NotRequired[bool]
    """True to show the lag of an ElastiCache global datastore between the regions. Default false."""
    database_region_lag: NotRequired[bool]
    """True to show the lag of an Aurora global database between the regions. Default false."""
    backup_vault_name: NotRequired[pulumi.Input[str]]
    """Name of the backup vault of this region."""
    thresholds: NotRequired[AlarmThresholdsArgs]
    """Thresholds of the alarms, as lines; those not given have their defaults."""
    alarm_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of the region's alarms, whose states are shown."""


class DashboardArgs(TypedDict):
    """What the page shows."""

    dashboard_name: str
    """Name of the dashboard: letters, digits, `-` and `_`. In an account there is one of a name, in all Regions."""
    title: str
    """What the page is of, such as the site's name."""
    regions: dict[str, DashboardRegionArgs]
    """The clusters by role: `primary`, `standby`."""
    objectives: NotRequired[dict[str, dict[str, str]]]
    """What is declared, by failure: `{"zone": {"recovery": "2m", "data_loss": "5s"}}`. Default: nothing."""
    worst_cases: NotRequired[dict[str, dict[str, str]]]
    """What the settings amount to, by failure, in the form of `objectives`. Default: not shown."""
    health_check_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Ids of Route 53's health checks by role. Default: none."""
    function_name: NotRequired[pulumi.Input[str]]
    """Name of the function that fails over. Default: none."""
    function_region: NotRequired[str]
    """AWS Region of that function; give both or neither."""
    alarm_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of alarms that are of no one region: on health checks, on the function."""
    region: NotRequired[str]
    """AWS Region that is asked to keep the dashboard. Default: the provider's."""


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard: objectives and alarms above, then traffic, servers, stores and backups of each region.

    It shows the metrics that Alarms watches and the group publishes, with the alarms' thresholds and the declared data
    loss as lines. A release is seen in the chart of servers: some start while some end.

    A dashboard is global, so that the console of any Region shows it; an existing one of the name is overwritten. To
    have each alarm's mail link it, give `link_alarms` to the alarms' component. It costs $3 a month.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html

    Errors (ConfigurationError, at preview): an unknown key; a name that CloudWatch would refuse; no region; an unknown
    type of load balancer; an objective that can't be read; a function without its Region.
    """

    dashboard_arn: pulumi.Output[str]
    """ARN of the dashboard."""
    url: pulumi.Output[str]
    """Its address in the console."""

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Dashboard", name, None, opts)
        scope = Scope(name, self, args.get("region"))
        made = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=args["dashboard_name"],
            dashboard_body=pulumi.Output.json_dumps(body(_rows(args))),
            **scope.untagged_args(),
        )
        self.dashboard_arn = made.dashboard_arn
        self.url = made.dashboard_name.apply(lambda known: dashboard_url(known, args.get("region")))
        self.register_outputs({key: getattr(self, key) for key in Dashboard.__annotations__})


def _rows(args: DashboardArgs) -> list[list[Widget]]:
    """Return the page: what is declared, what is in alarm, then a row of each kind of chart."""
    regions = args["regions"]
    states: list[Widget] = [
        States(f"{role}: alarms ({each['region']})", arns) for role, each in regions.items() if (arns := _arns(each))
    ]
    if more := args.get("alarm_arns"):
        states.append(States("alarms of the whole site", more))
    whole: list[Widget] = []
    if checks := args.get("health_check_ids"):
        whole.append(health_checks(checks))
    if "function_name" in args and "function_region" in args:
        whole.append(failover_function(args["function_name"], args["function_region"]))
    declared = {
        failure.value: each.data_loss
        for failure, each in RecoveryObjectives.parse(args.get("objectives", {}))[0].objectives.items()
        if each.data_loss is not None
    }
    charts = [charts_of(_place(role, each), Objectives(declared)) for role, each in regions.items()]
    kinds = list(dict.fromkeys(kind for each in charts for kind in each))
    if len(charts) == 1:
        rows = _in_rows([*charts[0].values()])
    else:
        rows = [[each[kind] for each in charts if kind in each] for kind in kinds]
    return [[Text(_introduction(args))], *_in_rows(states), *_in_rows(whole), *rows]


def _in_rows(widgets: Sequence[Widget]) -> list[list[Widget]]:
    return [[*widgets[at : at + SIDE_BY_SIDE]] for at in range(0, len(widgets), SIDE_BY_SIDE)]


def _arns(region: DashboardRegionArgs) -> list[Value]:
    return region.get("alarm_arns", [])


def _place(role: str, region: DashboardRegionArgs) -> Place:
    return Place(
        role=role,
        region=region["region"],
        balancer=region["load_balancer_arn_suffix"],
        target_group=region["target_group_arn_suffix"],
        zones=region["zone_names"],
        kind=region.get("load_balancer_type", "application"),
        group=region.get("group_name", ""),
        minimum=int(region.get("minimum", 0)),
        nodes=region.get("node_ids", []),
        cluster=region.get("session_cluster_name"),
        instances=region.get("database_instance_ids", []),
        session_lag=region.get("session_region_lag", False),
        database_lag=region.get("database_region_lag", False),
        vault=region.get("backup_vault_name", ""),
        thresholds=cast(dict[str, float], region.get("thresholds", {})),
    )


def _introduction(args: DashboardArgs) -> str:
    """Return the title, the regions, and a table of the objectives beside what the settings amount to."""
    places = ", ".join(f"{role} {each['region']}" for role, each in args["regions"].items())
    lines = [f"# {args['title']}", places]
    declared, computed = args.get("objectives", {}), args.get("worst_cases", {})
    failures = list(dict.fromkeys([*computed, *declared]))
    if failures:
        lines += ["", "| When this is lost | served again within | at worst | loses at most | at worst |"]
        lines += ["|---|---|---|---|---|"]
    for failure in failures:
        own, worst = declared.get(failure, {}), computed.get(failure, {})
        cells = [each.get(key, "-") for key in ("recovery", "data_loss") for each in (_plain(own), worst)]
        lines.append(f"| {failure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _plain(objective: Mapping[str, Any]) -> dict[str, str]:
    """Return an objective with the keys that Python has: a stack file may say `dataLoss`."""
    return {"data_loss" if key == "dataLoss" else key: str(value) for key, value in objective.items()}


def _checked(name: str, args: DashboardArgs) -> DashboardArgs:
    problems = Problems(f'Dashboard "{name}"')
    args = problems.checked(args, DashboardArgs)
    wanted = args["dashboard_name"]
    if not NAME.fullmatch(wanted):
        problems.add(f"dashboard_name is {quoted(wanted)}; write 1 to 255 letters, digits, - and _")
    if not args["regions"]:
        problems.add("regions is empty; give one or more")
    for role, each in args["regions"].items():
        kind = each.get("load_balancer_type", "application")
        if kind not in BALANCERS:
            problems.add(f'regions.{role}.load_balancer_type is "{kind}"; it must be application or network')
        given = cast(dict[str, float], each.get("thresholds", {}))
        problems.add(*(f"regions.{role}.{line}" for line in threshold_problems(given)))
    problems.add(*RecoveryObjectives.parse(args.get("objectives", {}))[1])
    if ("function_name" in args) != ("function_region" in args):
        problems.add("function_name and function_region belong together; one of them is missing")
    problems.raise_if_any()
    return args
