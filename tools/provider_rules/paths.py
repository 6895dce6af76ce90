"""Where an argument of the SDK is in the provider's schema: `subnetIds` is `subnet_ids`, `listeners` is `listener`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.plugin import sdk

IRREGULAR_TYPES = {
    "aws:cfg/recorder:Recorder": "aws_config_configuration_recorder",
    "aws:rds/eventSubscription:EventSubscription": "aws_db_event_subscription",
    "aws:rds/proxy:Proxy": "aws_db_proxy",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:resiliencehub/v2Assertion:V2Assertion": "aws_resiliencehubv2_assertion",
    "aws:resiliencehub/v2InputSource:V2InputSource": "aws_resiliencehubv2_input_source",
    "aws:resiliencehub/v2Policy:V2Policy": "aws_resiliencehubv2_policy",
    "aws:resiliencehub/v2Service:V2Service": "aws_resiliencehubv2_service",
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": "aws_route53_hosted_zone_dnssec",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
}
"""Types that the SDK names otherwise than the provider does."""

RENAMED = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"name": "alarm_name"},
    "aws:lambda/function:Function": {"code": "filename", "name": "function_name"},
    "aws:lambda/permission:Permission": {"function": "function_name"},
    "aws:sns/topicSubscription:TopicSubscription": {"topic": "topic_arn"},
}
"""Arguments that the SDK names otherwise."""

BY_THE_PROVIDER = ("region", "tags", "tagsAll")
"""Arguments that every type has."""

WRITTEN_APART = (("ipv6", "ipv_6"), ("ipv4", "ipv_4"), ("ebs", "eb"), ("dns", "dn"))

Paths = dict[str, tuple[str, sdk.Kind]]
"""Per path of the schema the SDK's, and the property's kind."""


class UnknownTypeError(LookupError):
    """The rules have no type of a name that the SDK's could stand for."""


def terraform_name(token: str, rules: Mapping[str, Any]) -> str:
    """The provider's name of a type of the SDK: `aws:lb/listener:Listener` is `aws_alb_listener`."""
    module = token.split(":")[1].partition("/")[0]
    name = sdk.snake(token.rpartition(":")[2])
    guesses = [IRREGULAR_TYPES.get(token), f"aws_{module}_{name}", f"aws_{name}"]
    if module == "lb":
        guesses[1:1] = ["aws_alb" if name == "load_balancer" else f"aws_alb_{name}"]
    found = next((guess for guess in guesses if guess in rules), None)
    if found is None:
        tried = ", ".join(filter(None, guesses))
        raise UnknownTypeError(f"{token}: the rules have none of {tried}; name it in tools/provider_rules/paths.py")
    return found


def _spellings(name: str) -> Iterator[str]:
    yield name
    if name.endswith("ies"):
        yield name[:-3] + "y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s"):
        yield name[:-1]
    yield name + "s"
    for together, apart in WRITTEN_APART:
        if together in name:
            yield name.replace(together, apart)


def paths_of(token: str, facts: Mapping[str, Any]) -> tuple[Paths, list[str]]:
    """The schema's paths that a type of the SDK has, and the SDK's arguments that the schema doesn't have."""
    found: Paths = {}
    newer: list[str] = []

    def visit(fields: Mapping[str, sdk.Kind], above: str, shown: str) -> None:
        for name, kind in fields.items():
            if not above and name == "region":
                continue
            snake = sdk.snake(name) if above else RENAMED.get(token, {}).get(name, sdk.snake(name))
            path = next((above + each for each in _spellings(snake) if above + each in facts), None)
            if path is None:
                newer.extend([shown + name] if name not in BY_THE_PROVIDER else [])
                continue
            found[path] = (shown + name, kind)
            block = kind.item if kind.name == "list" and kind.item else kind
            if block.name == "object" and any(other.startswith(f"{path}.") for other in facts):
                visit(block.fields, f"{path}.", f"{shown}{name}.")

    visit(sdk.resource(token).arguments, "", "")
    return found, sorted(newer)
