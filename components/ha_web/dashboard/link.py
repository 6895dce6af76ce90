"""The link to a dashboard in the text of each alarm, which is what its mail has."""

import pulumi

from ha_web.core.role_limits import Transformation

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"

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


def link_alarms(name: str) -> Transformation:
    """Return a transformation that ends the text of each alarm with the dashboard's address, in the alarm's Region.

    Give it to a component, such as a Site: `opts=pulumi.ResourceOptions(transformations=[link_alarms("web")])`.

    Args:
        name: the dashboard's.
    """

    def link(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != ALARM:
            return None
        text, region = args.props.get("alarm_description") or "", args.props.get("region")
        if not isinstance(text, str):
            return None  # an output: whoever gives one says what is in it
        text = linked(text, name, region if isinstance(region, str) else None)
        return pulumi.ResourceTransformationResult({**args.props, "alarm_description": text}, args.opts)

    return link
