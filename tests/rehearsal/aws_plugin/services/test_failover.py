"""What a failover is made of, through the plugin and the emulated account: functions, schedules, prefix lists."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from rehearsal.aws_plugin.calls.archive import ARCHIVE, ASSET, SIGNATURE, zipped
from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.provider.functions import invoke
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator.endpoint)


def archive(**files: str) -> dict[str, Any]:
    assets = {
        f"code/{name}.py": {SIGNATURE: ASSET, "text": text, "hash": f"hash of {text}"} for name, text in files.items()
    }
    return {SIGNATURE: ARCHIVE, "assets": assets, "hash": "+".join(files.values())}


@pytest.fixture
def role(program: Program, unique: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    made = program.up("aws:iam/role:Role", unique, assumeRolePolicy=json.dumps(trust))
    return str(made.state["arn"])


def function(program: Program, name: str, role: str, **args: Any) -> Resource:
    given = {
        "code": archive(handler="x = 1"),
        "role": role,
        "runtime": "python3.13",
        "handler": "code.handler.handle",
        "architectures": ["arm64"],
        "timeout": 600,
        "memorySize": 256,
        "environment": {"variables": {"FAILOVER": "{}"}},
        "reservedConcurrentExecutions": 1,
        "tags": {"a": "b"},
        **args,
    }
    return program.up("aws:lambda/function:Function", name, **given)


def test_an_archive_is_zipped_the_same_way_each_time() -> None:
    once, again = zipped(archive(a="x", b="y")), zipped(archive(b="y", a="x"))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"code/a.py": b"x", "code/b.py": b"y"}


def test_a_function_has_exactly_the_files_of_its_archive_and_is_updated_in_place(
    program: Program, aws: Client, unique: str, role: str
) -> None:
    made = function(program, unique, role)
    client = aws("lambda")
    name = made.state["name"]
    assert made.settled()
    found = client.get_function_configuration(FunctionName=name)
    assert (found["Runtime"], found["Timeout"], found["Environment"]["Variables"]) == (
        "python3.13",
        600,
        {"FAILOVER": "{}"},
    )
    assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 1
    before = found["CodeSha256"]
    assert any("code" in path for path in made.update(code=archive(handler="x = 2")))
    assert client.get_function_configuration(FunctionName=name)["CodeSha256"] != before
    made.update(timeout=300, environment={"variables": {"FAILOVER": "[]"}})
    assert client.get_function_configuration(FunctionName=name)["Timeout"] == 300
    assert made.settled()
    made.delete()
    assert made.gone()


def test_a_schedule_invokes_a_function_that_lets_it(program: Program, aws: Client, unique: str, role: str) -> None:
    target = function(program, unique, role)
    rule = program.up(
        "aws:cloudwatch/eventRule:EventRule", unique, scheduleExpression="rate(1 minute)", state="ENABLED"
    )
    permission = program.up(
        "aws:lambda/permission:Permission",
        unique,
        action="lambda:InvokeFunction",
        function=target.state["name"],
        principal="events.amazonaws.com",
        sourceArn=rule.state["arn"],
        statementId="schedule",
    )
    aim = program.up(
        "aws:cloudwatch/eventTarget:EventTarget",
        unique,
        rule=rule.state["name"],
        arn=target.state["arn"],
        targetId="failover",
        input='{"action": "watch"}',
    )
    once = program.up(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        unique,
        functionName=target.state["name"],
        maximumEventAgeInSeconds=60,
        maximumRetryAttempts=0,
    )
    assert [each.settled() for each in (rule, permission, aim, once)] == [True] * 4
    policy = json.loads(aws("lambda").get_policy(FunctionName=target.state["name"])["Policy"])
    assert [s["Principal"] for s in policy["Statement"]] == [{"Service": "events.amazonaws.com"}]
    [found] = aws("events").list_targets_by_rule(Rule=rule.state["name"])["Targets"]
    assert (found["Arn"], found["Input"]) == (target.state["arn"], '{"action": "watch"}')
    assert rule.update(state="DISABLED") == {"state": "UPDATE"}
    assert aws("events").describe_rule(Name=rule.state["name"])["State"] == "DISABLED"
    for each in (aim, once, permission, rule):
        each.delete()
        assert each.gone()


@pytest.mark.parametrize(("family", "name"), [("IPv4", "route53-healthchecks"), ("IPv6", "ipv6.route53-healthchecks")])
def test_the_addresses_of_route_53s_checkers_are_known_in_every_region(
    emulator: Emulator, family: str, name: str
) -> None:
    for region in (REGION, "eu-central-1"):
        clients = Clients(emulator.endpoint, REGION)
        args = {"name": f"com.amazonaws.{region}.{name}", "region": region}
        found, failures = invoke(clients, REGION, "aws:ec2/getManagedPrefixList:getManagedPrefixList", args)
        assert not failures
        assert (found["addressFamily"], found["name"]) == (family, f"com.amazonaws.{region}.{name}")
        assert len(found["entries"]) >= 16
        assert all(("." in each["cidr"]) == (family == "IPv4") for each in found["entries"])


def test_inverted_and_calculated_checks_are_kept_as_they_are(program: Program, aws: Client, unique: str) -> None:
    inverted = program.up(
        "aws:route53/healthCheck:HealthCheck",
        unique,
        type="HTTPS",
        fqdn="switch.example.com",
        port=443,
        resourcePath="/standby-serves",
        enableSni=True,
        invertHealthcheck=True,
        requestInterval=10,
        failureThreshold=1,
    )
    both = program.up(
        "aws:route53/healthCheck:HealthCheck",
        f"{unique}-both",
        type="CALCULATED",
        childHealthchecks=[inverted.id],
        childHealthThreshold=1,
    )
    assert (inverted.settled(), both.settled()) == (True, True)
    config = aws("route53").get_health_check(HealthCheckId=inverted.id)["HealthCheck"]["HealthCheckConfig"]
    assert config["Inverted"] is True
    config = aws("route53").get_health_check(HealthCheckId=both.id)["HealthCheck"]["HealthCheckConfig"]
    assert (config["ChildHealthChecks"], config["HealthThreshold"]) == ([inverted.id], 1)


def test_a_region_switch_plan_is_validated_and_recorded(program: Program, unique: str) -> None:
    function = f"arn:aws:lambda:eu-central-1:123456789012:function:{unique}"
    step = {
        "name": "move-switch",
        "executionBlockType": "CustomActionLambda",
        "customActionLambdaConfigs": [
            {"lambdas": [{"arn": function}], "regionToRun": "activatingRegion", "retryIntervalMinutes": 1}
        ],
    }
    database = {
        "name": "fail-over-database",
        "executionBlockType": "AuroraGlobalDatabase",
        "globalAuroraConfigs": [
            {
                "behavior": "failover",
                "globalClusterIdentifier": "site",
                "databaseClusterArns": [f"arn:aws:rds:{r}:123456789012:cluster:x" for r in ("eu-west-1", "eu-west-2")],
                "ungracefuls": [{"ungraceful": "failover"}],
            }
        ],
    }
    groups = [f"arn:aws:autoscaling:{r}:123456789012:autoScalingGroup:u:autoScalingGroupName/x" for r in ("a", "b")]
    capacity = {
        "name": "raise-capacity",
        "executionBlockType": "EC2AutoScaling",
        "ec2AsgCapacityIncreaseConfigs": [
            {"asgs": [{"arn": arn} for arn in groups], "capacityMonitoringApproach": "sampledMaxInLast24Hours"}
        ],
    }
    workflow = {"workflowTargetAction": "activate", "workflowTargetRegion": "eu-central-1"}
    args = {
        "executionRole": f"arn:aws:iam::123456789012:role/{unique}",
        "recoveryApproach": "activePassive",
        "regions": ["eu-west-1", "eu-central-1"],
        "primaryRegion": "eu-west-1",
        "workflows": [{**workflow, "steps": [capacity, step, database]}],
    }
    made = program.up("aws:arcregionswitch/plan:Plan", unique[:20], **args)
    assert made.state["arn"].startswith("arn:aws:arc-region-switch::123456789012:plan/")
    assert made.changes(workflows=[{**workflow, "steps": [step]}])
    wrong = {**step, "customActionLambdaConfigs": [{"lambdas": [], "regionToRun": "here", "retryIntervalMinutes": 1}]}
    refused = made.refusals({**args, "workflows": [{**workflow, "steps": [wrong]}]})
    assert "here" in refused[0][1]
