"""A small program, put up by the real engine through the emulated plugin: what only the two together can show."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.process import Emulator
from rehearsal.home import Home
from rehearsal.pulumi_cli import ensure
from tests.conftest import REGION, Client

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

STACK = f"""
config:
  aws:region: {REGION}
  aws:accessKey: rehearsal
  aws:secretKey: rehearsal
  aws:defaultTags: {{tags: {{project: tiny}}}}
"""


@dataclass(frozen=True)
class Stack:
    home: Home
    endpoint: str
    project: Path

    def run(self, *args: str) -> str:
        command = [str(self.home.bin / "pulumi"), "--non-interactive", *args]
        environment = self.home.environment(self.endpoint)
        done = subprocess.run(
            command, cwd=self.project, env=environment, capture_output=True, text=True, check=False, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self) -> dict[str, int]:
        """How many resources were created, updated, replaced, left unchanged."""
        printed = self.run("up", "--yes", "--skip-preview")
        return {what: int(count) for count, what in re.findall(r"(\d+) (created|updated|replaced|unchanged)", printed)}

    def preview(self) -> dict[tuple[str, str], set[str]]:
        """(Operation, name) -> properties that differ."""
        steps = json.loads(self.run("preview", "--json"))["steps"]
        return {
            (step["op"], step["urn"].rpartition("::")[2]): set(step.get("detailedDiff") or {})
            for step in steps
            if step["op"] in ("create", "update", "replace", "delete")
        }

    def state(self) -> list[dict[str, Any]]:
        exported: list[dict[str, Any]] = json.loads(self.run("stack", "export"))["deployment"]["resources"]
        return exported


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path) -> Stack:
    home = Home(tmp_path / "home", ensure())
    home.root.mkdir()
    home.prepare()
    project = tmp_path / "tiny"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: tiny\nruntime: python\n")
    (project / "Pulumi.dev.yaml").write_text(STACK)
    (project / "__main__.py").write_text(PROGRAM)
    made = Stack(home, emulator.endpoint, project)
    made.run("stack", "init", "dev")
    return made


def test_a_program_comes_up_changes_drifts_and_goes(stack: Stack, aws: Client) -> None:
    ec2 = aws("ec2")
    assert stack.up() == {"created": 8}
    assert stack.up() == {"unchanged": 8}
    vpc = json.loads(stack.run("stack", "output", "--json"))["vpc"]
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
    stack.run("refresh", "--yes", "--skip-preview")
    assert "https" not in [resource["urn"].rpartition("::")[2] for resource in stack.state()]
    assert stack.up() == {"created": 1, "updated": 1, "unchanged": 6}

    stack.run("destroy", "--yes", "--skip-preview")
    assert [each for each in ec2.describe_vpcs()["Vpcs"] if each["VpcId"] == vpc] == []
