"""The failover, put up by the real engine and run against the emulated account.

What the account has on its own is real here: servers, the switch, records, health checks, topics. Stores that must be
promoted are shown in tests/components/failover/test_runtime.py against botocore's model; where the emulated account has
global datastores and global clusters, add them to PROGRAM and to the assertions here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ha_web.failover.runtime import handler
from ha_web.failover.runtime.clients import clients_of
from ha_web.failover.runtime.config import Config, load

from rehearsal.emulator.process import Emulator
from tests.components.standby import FAILED, HEALTHY, Time, answering, closed_port
from tests.conftest import REGION, Client
from tests.engine.stack import Stack
from tests.rehearsal.resolution import Circumstances, answer

pytestmark = pytest.mark.xdist_group("emulator")

STANDBY = "eu-central-1"
DOMAIN = "www.failover.example"
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

PROGRAM = f"""
import pulumi
import pulumi_aws as aws
from ha_web import FailoverAutomation, FailoverDns, FailoverSwitch

config = pulumi.Config()
routing = config.get("routing") or "failover"
here = {{"region": "{STANDBY}"}}
zone = aws.route53.Zone("zone", name="failover.example")

vpc = aws.ec2.Vpc("net", cidr_block="10.9.0.0/16", **here)
subnets = [
    aws.ec2.Subnet(
        f"s{{n}}",
        vpc_id=vpc.id,
        cidr_block=f"10.9.{{n}}.0/24",
        availability_zone=f"{STANDBY}{{letter}}",
        **here,
    )
    for n, letter in enumerate("ab")
]
image = aws.ssm.get_parameter_output(name="{IMAGE}", **here).value
template = aws.ec2.LaunchTemplate("template", image_id=image, instance_type="t4g.micro", **here)
group = aws.autoscaling.Group(
    "web",
    min_size=0,
    max_size=4,
    vpc_zone_identifiers=[subnet.id for subnet in subnets],
    launch_template={{"id": template.id, "version": template.latest_version.apply(str)}},
    opts=pulumi.ResourceOptions(ignore_changes=["desiredCapacity"]),
    **here,
)

targets = {{
    "primary": {{"dns_name": "primary.balancer.example", "zone_id": "Z1", "region": "{REGION}"}},
    "standby": {{"dns_name": "standby.balancer.example", "zone_id": "Z2", "region": "{STANDBY}"}},
}}
name = {{"hosted_zone_id": zone.zone_id, "domain": "{DOMAIN}"}}
if routing == "simple":
    dns = FailoverDns("site", {{**name, "primary": targets["primary"]}})
elif routing == "latency":
    dns = FailoverDns("site", {{**name, **targets, "routing": "latency"}})
else:
    switch = FailoverSwitch("site", {{**here}})
    dns = FailoverDns(
        "site", {{**name, **targets, "switch_health_check_id": switch.health_check_id, "promote_first": True}}
    )
    automation = FailoverAutomation(
        "site",
        {{
            **here,
            "primary": {{"dns_name": "127.0.0.1", "protocol": "http", "port": 9}},
            "beacon": dns.beacon,
            "switch": {{"bucket_name": switch.bucket_name, "bucket_arn": switch.bucket_arn}},
            "capacity": {{"group_name": group.name, "minimum": 2}},
            "notify": ["ops@example.com"],
        }},
    )
    pulumi.export("function", automation.function_name)
    pulumi.export("bucket", switch.bucket_name)
    pulumi.export("switch", switch.health_check_id)
pulumi.export("zone", zone.zone_id)
pulumi.export("group", group.name)
pulumi.export("checks", dns.health_check_ids)
"""


@pytest.fixture
def stack(emulator: Emulator, tmp_path: Path) -> Stack:
    return Stack.new(tmp_path, emulator, PROGRAM, "failover")


class Site:
    """What stands in the emulated account."""

    def __init__(self, aws: Client, outputs: dict[str, Any]) -> None:
        self.aws, self.outputs = aws, outputs

    def records(self) -> list[dict[str, Any]]:
        dns = self.aws("route53")
        found: list[dict[str, Any]] = dns.list_resource_record_sets(HostedZoneId=self.outputs["zone"])[
            "ResourceRecordSets"
        ]
        return found

    def moved(self) -> bool:
        objects = self.aws("s3", STANDBY).list_objects_v2(Bucket=self.outputs["bucket"]).get("Contents", [])
        return "standby-serves" in [each["Key"] for each in objects]

    def servers(self) -> tuple[int, int, int]:
        found = self.aws("autoscaling", STANDBY).describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.outputs["group"]]
        )
        group = found["AutoScalingGroups"][0]
        return group["MinSize"], group["DesiredCapacity"], len(group["Instances"])

    def where(self, *, primary: bool = True, standby: bool = True) -> list[str]:
        """Where users go, with the switch as it is and the regions in this health."""
        checks = self.aws("route53").list_health_checks()["HealthChecks"]
        ids = self.outputs["checks"]
        reached = {ids["primary"]: primary, ids["standby"]: standby, self.outputs["switch"]: self.moved()}
        served = {"primary.balancer.example": primary, "standby.balancer.example": standby}
        circumstances = Circumstances({check["Id"]: check["HealthCheckConfig"] for check in checks}, reached, served)
        found = [answer(self.records(), DOMAIN, kind, circumstances) for kind in ("A", "AAAA")]
        assert found[0] == found[1]
        return found[0]

    def config(self, port: int) -> Config:
        """The configuration of the very function that stands, with the primary on a port of this machine."""
        client = self.aws("lambda", STANDBY)
        found = client.get_function_configuration(FunctionName=self.outputs["function"])
        config = load(found["Environment"]["Variables"])
        return replace(config, probe={**config.probe, "port": port})


@contextmanager
def watched(site: Site) -> Iterator[list[str]]:
    """Ask for the site's name all the time; the reasons why it had no answer."""
    gaps: list[str] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            found = [r for r in site.records() if r["Name"] == f"{DOMAIN}." and "AliasTarget" in r]
            if sorted(r["Type"] for r in found) != ["A", "AAAA"]:
                gaps.append(str(found))
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield gaps
    finally:
        over.set()
        thread.join()


def test_promote_then_divert_and_no_way_back_but_a_persons(
    stack: Stack, aws: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stack.home.environment(emulator).items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)  # the failover's own clients go to the emulated account
    stack.up()
    site = Site(aws, stack.outputs())
    clients = clients_of(STANDBY)

    def run(port: int, says: list[str]) -> dict[str, Any]:
        return handler.run({}, site.config(port), clients, 580, Time().clock, lambda _: says)

    assert (site.servers(), site.moved()) == ((0, 0, 0), False)
    assert site.where() == ["primary.balancer.example"]
    assert site.where(primary=False) == ["primary.balancer.example"]  # not before the standby is ready
    assert site.where(standby=False) == ["primary.balancer.example"]
    records = site.records()

    with answering() as port:
        assert run(port, HEALTHY) == {"result": "primary serves"}
        assert run(port, FAILED) == {"result": "primary serves"}
    dead = closed_port()
    assert run(dead, HEALTHY) == {"result": "primary serves"}
    assert (site.servers(), site.moved()) == ((0, 0, 0), False)

    found = run(dead, FAILED)
    assert (found["result"], found["done"]) == ("failed over", ["capacity", "wait", "switch", "notify"])
    assert (site.servers(), site.moved()) == ((2, 2, 2), True)
    assert site.records() == records  # no record was touched: they follow the switch
    for primary in (True, False):
        for standby in (True, False):
            assert site.where(primary=primary, standby=standby) == ["standby.balancer.example"]

    assert run(dead, FAILED) == {"result": "standby serves"}
    with answering() as port:
        assert run(port, HEALTHY) == {"result": "standby serves"}
    assert (site.servers(), site.moved()) == ((2, 2, 2), True)
    assert stack.preview() == {}

    aws("s3", STANDBY).delete_object(Bucket=site.outputs["bucket"], Key="standby-serves")
    assert site.where() == ["primary.balancer.example"]

    for routing in ("latency", "simple", "failover"):
        stack.run("config", "set", "routing", routing)
        with watched(site) as gaps:
            changed = stack.preview()
            stack.up()
        assert gaps == []
        assert [op for op, name in changed if name in ("site-a", "site-aaaa")] == ["update", "update"]
    stack.destroy()


BEFORE = """
import pulumi
import pulumi_aws as aws

ROLES = {"primary": "PRIMARY", "standby": "SECONDARY"}


class FailoverDns(pulumi.ComponentResource):
    def __init__(self, name, zone):
        super().__init__("ha-web:index:FailoverDns", name, None, None)
        for kind in ("A", "AAAA"):
            before = "www.failover.example"
            for role, word in ROLES.items():
                record = aws.route53.Record(
                    f"{name}-{role}-{kind.lower()}",
                    zone_id=zone.zone_id,
                    name=before,
                    type=kind,
                    aliases=[{"name": f"{role}.balancer.example", "zone_id": "Z1", "evaluate_target_health": True}],
                    failover_routing_policies=[{"type": word}],
                    set_identifier=role,
                    opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
                )
                before = record.name


FailoverDns("site", aws.route53.Zone("zone", name="failover.example"))
"""


def test_a_site_whose_own_records_had_roles_gets_simple_ones_in_one_update(stack: Stack, aws: Client) -> None:
    program = stack.project / "__main__.py"
    program.write_text(BEFORE)
    stack.up()
    program.write_text(PROGRAM)
    stack.up()
    outputs = stack.outputs()
    found = [r for r in Site(aws, outputs).records() if r["Name"] == f"{DOMAIN}."]
    assert [(r["Type"], r["AliasTarget"]["DNSName"].rstrip(".")) for r in found] == [
        (kind, f"ha-web-failover.{DOMAIN}") for kind in ("A", "AAAA")
    ]
    assert not any("SetIdentifier" in r for r in found)
    assert stack.preview() == {}
    stack.destroy()
