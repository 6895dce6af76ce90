"""The link to a dashboard in the text of each alarm, which is what its mail has, and in the mails of events."""

from collections.abc import Mapping
from typing import Any

import pulumi

from ha_web.core.event_mail import names_runbook, with_line
from ha_web.core.role_limits import Transformation

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"

LONGEST_TEXT = 1_024
"""Characters of an alarm's description.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""


def dashboard_url(name: str, region: str | None = None) -> str:
    """Return the address of a dashboard in the console, which shows it in every Region."""
    place = f"?region={region}" if region else ""
    host = f"{region}.console.aws.amazon.com" if region else "console.aws.amazon.com"
    return f"https://{host}/cloudwatch/home{place}#dashboards/dashboard/{name}"


def linked(text: str, name: str, region: str | None) -> str:
    """Return an alarm's text with the link; as it is where AWS would refuse the longer one."""
    longer = f"{text} Dashboard: {dashboard_url(name, region)}".strip()
    return longer if len(longer) <= LONGEST_TEXT else text


def linked_mail(mail: Mapping[str, Any], name: str, region: str | None) -> dict[str, Any]:
    """Return the text of an event's mail with the link. A blank ends the address: the line's quote is no part of it."""
    return {**mail, "input_template": with_line(mail["input_template"], f"Dashboard: {dashboard_url(name, region)} ")}


def link_alarms(name: str) -> Transformation:
    """Return a transformation that ends the text of each alarm with the dashboard's address, in the alarm's Region.

    The mails of events that name a runbook, such as ReleaseNotice's, get a line with it. Give it to a component, such
    as a Site: `opts=pulumi.ResourceOptions(transformations=[link_alarms("web")])`.

    Args:
        name: the dashboard's.
    """

    def link(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        region = args.props.get("region")
        changed = _changed(args.type_, args.props, name, region if isinstance(region, str) else None)
        return pulumi.ResourceTransformationResult({**args.props, **changed}, args.opts) if changed else None

    return link


def _changed(type_: str, props: Mapping[str, Any], name: str, region: str | None) -> dict[str, Any]:
    """Return the inputs that have the link now; none of what has no text, or one that is known later."""
    if type_ == ALARM:
        text = props.get("alarm_description") or ""
        return {"alarm_description": linked(text, name, region)} if isinstance(text, str) else {}
    mail = props.get("input_transformer")
    if type_ == TARGET and isinstance(mail, Mapping) and names_runbook(mail["input_template"]):
        return {"input_transformer": linked_mail(mail, name, region)}
    return {}
