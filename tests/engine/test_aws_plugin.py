"""A small program, put up by the real engine through the emulated plugin: what only the two together can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.engine.stack import SETTINGS, Stack

PROGRAM = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
name = config.get("name") or "a"
vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", tags={"Name": name})
zone = aws.get_availability_zones(state="available").names[0]
ignored = pulumi.ResourceOptions(ignore_changes=["tags"])
subnet = {"vpc_id": vpc.id, "cidr_block": "10.0.1.0/24", "availability_zone": zone}
aws.ec2.Subnet("sub", **subnet, tags={"Name": name}, opts=ignored)
group = aws.ec2.SecurityGroup("group", vpc_id=vpc.id, description=config.get("description") or "d")
rule = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"}
aws.vpc.SecurityGroupIngressRule("https", security_group_id=group.id, **rule)
secret = pulumi.Output.secret("open-sesame")
aws.ssm.Parameter("secret", type="SecureString", value=secret)
holder = aws.secretsmanager.Secret("holder", recovery_window_in_days=0)
document = pulumi.Output.json_dumps({"key": secret})
aws.secretsmanager.SecretVersion("version", secret_id=holder.id, secret_string=document)
pulumi.export("vpc", vpc.id)
"""

SETTINGS_WITH_TAGS = {**SETTINGS, "aws:defaultTags": {"tags": {"project": "tiny"}}}


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, settings=SETTINGS_WITH_TAGS)


def test_a_program_comes_up_changes_drifts_and_goes(stack: Stack, aws: Client) -> None:
    ec2 = aws("ec2")
    assert stack.up() == {"created": 8}
    assert stack.up() == {"unchanged": 8}
    vpc = stack.outputs()["vpc"]
    tags = {tag["Key"]: tag["Value"] for tag in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]}
    assert tags == {"Name": "a", "project": "tiny"}

    kept = "".join(path.read_text() for path in stack.home.state.rglob("*.json"))
    assert "holder" in kept
    assert "open-sesame" not in kept

    stack.run("config", "set", "name", "b")
    stack.run("config", "set", "description", "other")
    assert stack.preview() == {
        ("update", "net"): {"tags.Name"},
        ("replace", "group"): {"description"},
        ("replace", "https"): {"securityGroupId"},
    }
    assert stack.up() == {"updated": 1, "replaced": 2, "unchanged": 5}

    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "drifted"}])
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    (rule,) = [each for each in rules if {"Key": "project", "Value": "tiny"} in each["Tags"]]
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    stack.refresh()
    assert "https" not in [resource["urn"].rpartition("::")[2] for resource in stack.state()]
    assert stack.up() == {"created": 1, "updated": 1, "unchanged": 6}

    stack.destroy()
    assert [each for each in ec2.describe_vpcs()["Vpcs"] if each["VpcId"] == vpc] == []
