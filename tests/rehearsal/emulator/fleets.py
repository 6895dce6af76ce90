"""A group to test with, and what it needs."""

import base64
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


@dataclass
class Fleet:
    """A group with a launch template of two versions and a target group behind a balancer."""

    network: Any
    template: str
    target_group: str
    profile: str

    @property
    def name(self) -> str:
        return str(self.network.name)

    @property
    def api(self) -> Any:
        return self.network.aws("autoscaling")

    def create(self, version: str = "2", **settings: Any) -> None:
        given = {
            "AutoScalingGroupName": self.name,
            "MinSize": 3,
            "MaxSize": 9,
            "VPCZoneIdentifier": ",".join(self.network.subnets),
            "LaunchTemplate": {"LaunchTemplateId": self.template, "Version": version},
            "TargetGroupARNs": [self.target_group],
            "HealthCheckType": "ELB",
        }
        self.api.create_auto_scaling_group(**{**given, **settings})

    def update(self, **settings: Any) -> None:
        self.api.update_auto_scaling_group(AutoScalingGroupName=self.name, **settings)

    def use(self, version: str) -> None:
        self.update(LaunchTemplate={"LaunchTemplateId": self.template, "Version": version})

    @property
    def exists(self) -> bool:
        found = self.api.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])
        return bool(found["AutoScalingGroups"])

    @property
    def group(self) -> dict[str, Any]:
        found = self.api.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"]
        group: dict[str, Any] = found[0]
        return group

    @property
    def instances(self) -> list[str]:
        return [instance["InstanceId"] for instance in self.group["Instances"]]

    @property
    def zones(self) -> list[int]:
        load = Counter(instance["AvailabilityZone"] for instance in self.group["Instances"])
        return sorted(load.values())

    @property
    def versions(self) -> set[str]:
        return {instance["LaunchTemplate"]["Version"] for instance in self.group["Instances"]}

    @property
    def healthy(self) -> set[str]:
        api = self.network.aws("elbv2")
        found = api.describe_target_health(TargetGroupArn=self.target_group)["TargetHealthDescriptions"]
        assert {target["TargetHealth"]["State"] for target in found} <= {"healthy"}
        return {target["Target"]["Id"] for target in found}

    def running(self) -> set[str]:
        mine = [
            {"Name": "tag:aws:autoscaling:groupName", "Values": [self.name]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ]
        found = self.network.ec2.describe_instances(Filters=mine)["Reservations"]
        return {instance["InstanceId"] for reservation in found for instance in reservation["Instances"]}

    def refreshed(self, **given: Any) -> dict[str, Any]:
        """Start a refresh and wait for its end."""
        self.api.start_instance_refresh(AutoScalingGroupName=self.name, **given)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = self.api.describe_instance_refreshes(AutoScalingGroupName=self.name)["InstanceRefreshes"][0]
            if "EndTime" in found:
                return dict(found)
            time.sleep(0.05)
        raise AssertionError(f"the refresh did not end: {found}")


def make_fleet(network: Any, aws: Callable[..., Any]) -> Fleet:
    """A template of two versions, and a target group behind a balancer; `create` makes the group."""
    iam, ec2 = aws("iam"), network.ec2
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=network.name, AssumeRolePolicyDocument=document)
    profile = iam.create_instance_profile(InstanceProfileName=network.name)["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName=network.name, RoleName=network.name)
    image = aws("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]

    def data(script: str, group: str) -> dict[str, Any]:
        return {
            "ImageId": image,
            "InstanceType": "t4g.small",
            "UserData": base64.b64encode(script.encode()).decode(),
            "IamInstanceProfile": {"Arn": profile},
            "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
            "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [group], "AssociatePublicIpAddress": False}],
            "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": script}]}],
        }

    first = data("one", network.security_group("one"))
    made = ec2.create_launch_template(LaunchTemplateName=network.name, LaunchTemplateData=first)
    template = made["LaunchTemplate"]["LaunchTemplateId"]
    ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data("two", network.group))
    target_group = network.target_group()
    balancer = network.balancer()["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target_group}]
    aws("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    return Fleet(network, template, target_group, profile)
