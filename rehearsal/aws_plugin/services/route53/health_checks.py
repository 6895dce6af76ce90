"""Route 53: health checks; hosted zones and records are in files of their own."""

from __future__ import annotations

from rehearsal.aws_plugin.calls.model import RefusedError, is_unknown
from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Tags, Type

HEALTH_CHECK = {
    "childHealthThreshold": "HealthThreshold",
    "childHealthchecks": "ChildHealthChecks",
    "cloudwatchAlarmName": "AlarmIdentifier.Name",
    "cloudwatchAlarmRegion": "AlarmIdentifier.Region",
    "fqdn": "FullyQualifiedDomainName",
    "invertHealthcheck": "Inverted",
}
"""https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html"""

ENDPOINT = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")
NEEDS = {
    "CALCULATED": ("childHealthchecks",),
    "CLOUDWATCH_METRIC": ("cloudwatchAlarmName", "cloudwatchAlarmRegion"),
    "HTTP_STR_MATCH": ("searchString",),
    "HTTPS_STR_MATCH": ("searchString",),
    "RECOVERY_CONTROL": ("routingControlArn",),
    "TCP": ("port",),
}
ONLY = {
    "childHealthThreshold": ("CALCULATED",),
    "childHealthchecks": ("CALCULATED",),
    "cloudwatchAlarmName": ("CLOUDWATCH_METRIC",),
    "cloudwatchAlarmRegion": ("CLOUDWATCH_METRIC",),
    "enableSni": ("HTTPS", "HTTPS_STR_MATCH"),
    "failureThreshold": ENDPOINT,
    "fqdn": ENDPOINT,
    "insufficientDataHealthStatus": ("CLOUDWATCH_METRIC",),
    "ipAddress": ENDPOINT,
    "port": ENDPOINT,
    "regions": ENDPOINT,
    "requestInterval": ENDPOINT,
    "resourcePath": ENDPOINT[:-1],
    "routingControlArn": ("RECOVERY_CONTROL",),
    "searchString": ("HTTP_STR_MATCH", "HTTPS_STR_MATCH"),
}
"""The types of health check that have a setting (same page)."""

CLEARED = {
    "childHealthThreshold": 0,
    "childHealthchecks": None,
    "cloudwatchAlarmName": "",
    "cloudwatchAlarmRegion": "",
    "fqdn": "",
    "insufficientDataHealthStatus": "",
    "ipAddress": "",
    "port": 0,
    "resourcePath": "",
    "searchString": "",
}
"""What the real provider sends for a setting that the program no longer gives, be it something that Route 53 refuses.

An empty list isn't sent at all. It could take settings back (`ResetElements`), and never does.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html"""

ALARM = ("cloudwatchAlarmName", "cloudwatchAlarmRegion")


def refuse_check(context: HookContext) -> None:
    """Refuse a health check whose settings don't belong to its type, or aren't all there."""
    args = context.args
    kind = args.get("type")
    if kind is None or is_unknown(kind):
        return
    for name, types in ONLY.items():
        if args.get(name) is not None and kind not in types:
            raise RefusedError(name, f"a health check of type {kind} has no such setting")
    for name in NEEDS.get(kind, ()):
        if args.get(name) is None:
            raise RefusedError(name, f"is required for type {kind}")
    if kind in ENDPOINT and not args.get("fqdn") and not args.get("ipAddress"):
        raise RefusedError("fqdn", "fqdn or ipAddress is required")
    for name, allowed in (("requestInterval", (10, 30)), ("failureThreshold", tuple(range(1, 11)))):
        value = args.get(name)
        if value is not None and not is_unknown(value) and value not in allowed:
            listed = f"{allowed[0]} to {allowed[-1]}" if len(allowed) > 2 else f"{allowed[0]} or {allowed[-1]}"
            raise RefusedError(name, f"{value} is not {listed}")
    if isinstance(args.get("regions"), list) and len(args["regions"]) < 3:
        raise RefusedError("regions", f"{len(args['regions'])} is too few; Route 53 needs at least 3")


def tags_of(kind: str) -> Tags:
    """The tagging of a kind of resource of Route 53."""
    target = {"ResourceType": kind, "ResourceId": "{id}"}
    return Tags(
        "ChangeTagsForResource",
        "ChangeTagsForResource",
        target,
        read="ListTagsForResource",
        at="ResourceTagSet.Tags",
    )


TYPES = [
    Type(
        "aws:route53/healthCheck:HealthCheck",
        "route53",
        create=Call(
            "CreateHealthCheck",
            {"CallerReference": "{referenceName && join('-', [referenceName, unique]) || unique}"},
            rename={name: f"HealthCheckConfig.{place}" for name, place in HEALTH_CHECK.items()},
            into="HealthCheckConfig",
        ),
        id="HealthCheck.Id",
        then=(Hook(refuse_check, dry=True),),
        update=(
            Call(
                "UpdateHealthCheck",
                {"HealthCheckId": "{id}"},
                rename=HEALTH_CHECK,
                takes=(
                    *("childHealthThreshold", "childHealthchecks", "cloudwatchAlarmName", "cloudwatchAlarmRegion"),
                    *("disabled", "enableSni", "failureThreshold", "fqdn", "insufficientDataHealthStatus"),
                    *("invertHealthcheck", "ipAddress", "port", "regions", "resourcePath", "searchString", "triggers"),
                ),
                cleared=CLEARED,
                along={**dict.fromkeys(ALARM, ALARM), "triggers": ALARM},  # the check copies the alarm's settings
            ),
        ),
        read=Read("GetHealthCheck", {"HealthCheckId": "{id}"}, "HealthCheck.HealthCheckConfig"),
        delete=Call("DeleteHealthCheck", {"HealthCheckId": "{id}"}),
        tags=tags_of("healthcheck"),
        outputs={"arn": "arn:{partition}:route53:::healthcheck/{id}"},
        computed=("enableSni", "failureThreshold", "triggers"),
        unwatched=("port", "requestInterval"),  # AWS doesn't say whether it answers what it chose
    ),
]
