"""Zonal autoshift: AWS keeps users out of a zone that it finds impaired, and practises that every week."""

import re
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_ALARMS = 10
MOST_WINDOWS = 15
"""https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html"""

TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
WINDOW = re.compile(rf"({'|'.join(DAYS)}):({TIME})-({'|'.join(DAYS)}):({TIME})")


class ZonalAutoshiftArgs(TypedDict):
    """The load balancer, what shows that its users suffer, and when AWS may practise."""

    load_balancer_arn: pulumi.Input[str]
    """ARN of a load balancer with zonal shift enabled, as LoadBalancer's is."""
    outcome_alarm_arns: list[pulumi.Input[str]]
    """ARNs of one to ten CloudWatch alarms of its Region: one that is on ends a practice run, and lets none begin. Such
    as the Alarms that judge a release."""
    windows: NotRequired[list[str]]
    """When AWS may begin a practice run, in UTC, each within a day, such as `Mon:09:00-Mon:17:00`. Default: at any
    time."""
    region: NotRequired[str]
    """AWS Region of the load balancer. Default: the provider's."""


class ZonalAutoshift(pulumi.ComponentResource):
    """AWS may keep users out of a zone that its own telemetry finds impaired, before anybody here notices.

    About once a week it practises: for half an hour a zone gets no users. So the other zones must carry the load at any
    time, without scaling first. A shift that a person starts (`ha-web zone away`) has precedence.
    https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.how-it-works.html

    Errors (ConfigurationError, at preview): no alarm, or more than ten; a window that isn't one, or isn't within a day.
    """

    resource_arn: pulumi.Output[str]
    """ARN of the load balancer, once AWS may shift it."""

    def __init__(self, name: str, args: ZonalAutoshiftArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'ZonalAutoshift "{name}"')
        args = problems.checked(args, ZonalAutoshiftArgs)
        windows = args.get("windows", [])
        problems.add(_alarm_problem(args["outcome_alarm_arns"]), *window_problems(windows))
        problems.raise_if_any()

        super().__init__("ha-web:index:ZonalAutoshift", name, None, opts)
        scope = Scope(name, self, args.get("region"))
        made = aws.arczonalshift.ZonalAutoshiftConfiguration(
            f"{name}-autoshift",
            resource_arn=args["load_balancer_arn"],
            zonal_autoshift_status="ENABLED",
            outcome_alarms=[{"type": "CLOUDWATCH", "alarm_identifier": arn} for arn in args["outcome_alarm_arns"]],
            allowed_windows=windows or None,
            **scope.untagged_args(),
        )
        self.resource_arn = made.resource_arn
        self.register_outputs({key: getattr(self, key) for key in ZonalAutoshift.__annotations__})


def _alarm_problem(arns: Sequence[object]) -> str | None:
    if 1 <= len(arns) <= MOST_ALARMS:
        return None
    return f"outcome_alarm_arns has {len(arns)}; AWS takes 1 to {MOST_ALARMS}, and practises only if there is one"


def window_problems(windows: Sequence[str]) -> list[str]:
    """Return a line for each window that AWS would refuse."""
    problems = [] if len(windows) <= MOST_WINDOWS else [f"windows has {len(windows)}; AWS takes {MOST_WINDOWS} at most"]
    for window in windows:
        found = WINDOW.fullmatch(window)
        if found is None:
            problems.append(f"windows has {quoted(window)}; write it in UTC like Mon:09:00-Mon:17:00")
        elif found[1] != found[4] or found[2] >= found[5]:
            problems.append(f"windows has {quoted(window)}; it must begin and end on the same day, in this order")
    return problems
