"""A fleet behind a balancer as a project of its own, whose application and release are settings; and its group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from rehearsal.account import Account
from tests.engine.stack import Stack

NEVER = {"REHEARSAL_HEALTH": "never"}
LATER = {"REHEARSAL_HEALTH": "later"}
"""Environments of servers that never get healthy, or set off an alarm later, on the emulated AWS."""

PROGRAM = """
import json
import pulumi
import pulumi_aws as aws
from ha_web import Fleet, Release

config = pulumi.Config()


def region_of(region, cidr, apart):
    vpc = aws.ec2.Vpc(f"{region}-vpc", cidr_block=f"{cidr}.0.0/16", region=region)
    subnets = [
        aws.ec2.Subnet(
            f"{region}{zone}", vpc_id=vpc.id, cidr_block=f"{cidr}.{number}.0/24", availability_zone=f"{region}{zone}",
            region=region,
        )
        for number, zone in enumerate("ab")
    ]
    group = aws.ec2.SecurityGroup(f"{region}-balancer", vpc_id=vpc.id, description="balancer", region=region)
    balancer = aws.lb.LoadBalancer(
        f"{region}-lb", internal=True, security_groups=[group.id], subnets=[each.id for each in subnets], region=region
    )
    targets = aws.lb.TargetGroup(f"{region}-tg", port=8080, protocol="HTTP", vpc_id=vpc.id, region=region)
    forward = [{"type": "forward", "target_group_arn": targets.arn}]
    listener = aws.lb.Listener(
        f"{region}-http", load_balancer_arn=balancer.arn, port=80, protocol="HTTP", default_actions=forward,
        region=region,
    )
    alarm = aws.cloudwatch.MetricAlarm(
        f"{region}-errors", comparison_operator="GreaterThanThreshold", evaluation_periods=2, period=60,
        metric_name="HTTPCode_Target_5XX_Count", namespace="AWS/ApplicationELB", statistic="Sum", threshold=5,
        dimensions={"TargetGroup": targets.arn_suffix}, region=region,
    )
    settings = {"alarm_names": [alarm.name], **(config.get_object("release") or {})}
    args = {
        "vpc_id": vpc.id,
        "subnet_ids": [each.id for each in subnets],
        "zones": 2,
        "instance_type": "t4g.small",
        "start_script": f"#!/bin/sh\\necho {config.get('application') or 1}\\n",
        "environment": config.get_object("environment") or {},
        "minimum": config.get_int("minimum") or 2,
        "boot_seconds": 60,
        "load_balancer_security_group_id": group.id,
        "target_group_arns": [targets.arn],
        "region": region,
    }
    if apart:
        args["release_apart"] = True
    else:
        args["release"] = settings
    fleet = Fleet(region, args, pulumi.ResourceOptions(depends_on=[listener]))
    pulumi.export(f"group-{region}", fleet.group_name)
    return fleet, settings


regions = config.get_object("regions") or ["eu-west-1"]
fleets = {
    region: region_of(region, f"10.{number}", len(regions) > 1) for number, region in enumerate(regions, start=1)
}
before = []
for region in reversed(regions if len(regions) > 1 else []):
    fleet, settings = fleets[region]
    released = Release(
        region,
        {
            "group_name": fleet.group_name,
            "group_arn": fleet.group_arn,
            "launch_template_id": fleet.launch_template_id,
            "launch_template_version": fleet.launch_template_version,
            "settings": settings,
            "region": region,
        },
        pulumi.ResourceOptions(depends_on=before),
    )
    before = [released]
"""

FOREIGN = """
from pulumi.provider.experimental.util import camel_case


def spelled(value):
    if isinstance(value, dict):
        return {camel_case(key): spelled(part) for key, part in value.items()}
    return value


class Fleet(pulumi.ComponentResource):
    def __init__(self, name, args, opts):
        environment = args.pop("environment")
        props = {**spelled(args), "environment": environment, "groupName": None}
        super().__init__("ha-web:index:Fleet", name, props, opts, remote=True)

    @property
    def group_name(self):
        return self.groupName
"""
"""The fleet as a program in another language has it: made by the package's plugin."""


@dataclass(frozen=True)
class Released:
    """The stack of such a project, and its group in a region."""

    stack: Stack
    region: str = "eu-west-1"

    def change(self, **settings: Any) -> None:
        """Change settings of the project; None takes one away."""
        file = self.stack.project / "Pulumi.dev.yaml"
        held = yaml.safe_load(file.read_text())
        for key, value in settings.items():
            held["config"].pop(f"tiny:{key}", None)
            if value is not None:
                held["config"][f"tiny:{key}"] = value
        file.write_text(yaml.safe_dump(held))

    @property
    def api(self) -> Any:
        """Auto Scaling's API in the region."""
        return Account(self.stack.emulator).client("autoscaling", self.region)

    @property
    def group(self) -> Mapping[str, Any]:
        """The group as AWS describes it."""
        name = self.stack.outputs()[f"group-{self.region}"]
        found: Mapping[str, Any] = self.api.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        [group] = found["AutoScalingGroups"]
        return dict(group)

    @property
    def serves(self) -> tuple[str, set[str]]:
        """The version that the group launches, and those of its servers."""
        group = self.group
        return group["LaunchTemplate"]["Version"], {each["LaunchTemplate"]["Version"] for each in group["Instances"]}

    @property
    def refreshes(self) -> list[str]:
        """How the group's refreshes ended, the first one first."""
        return self.refreshes_of(self.group["AutoScalingGroupName"])

    def refreshes_of(self, name: str) -> list[str]:
        """The same, also while an `up` runs: whoever reads outputs then may meet a half-written state."""
        found = self.api.describe_instance_refreshes(AutoScalingGroupName=name)["InstanceRefreshes"]
        return [each["Status"] for each in reversed(found)]

    def one_more(self) -> str:
        """Return the version of a server that the group launches now."""
        group = self.group
        known = {each["InstanceId"] for each in group["Instances"]}
        name, more = group["AutoScalingGroupName"], group["DesiredCapacity"] + 1
        self.api.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=more)
        [new] = [each for each in self.group["Instances"] if each["InstanceId"] not in known]
        self.api.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=more - 1)
        return str(new["LaunchTemplate"]["Version"])

    def fails(self) -> str:
        """What an `up` that must fail prints."""
        done = self.stack.tried("up", "--yes", "--skip-preview")
        assert done.returncode != 0, done.stdout
        return done.stdout

    def stays(self, *flags: str) -> bool:
        """Return whether another `up` changes nothing."""
        return self.stack.preview(*flags) == {}
