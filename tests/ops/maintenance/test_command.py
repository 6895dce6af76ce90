"""A page of maintenance in both regions of an emulated account: on, seen, changed, interrupted and off again."""

import argparse
import io
import json
import os
import zipfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from ops.core import maintenance_note
from ops.core.account import Account
from ops.core.errors import DONE, DOWN, INTERRUPTED, NOT_DONE
from ops.core.operate import Operator
from ops.core.policy import document
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from ops.maintenance.calls import CALLS
from ops.maintenance.carrying import Carrying
from ops.maintenance.command import main
from ops.maintenance.work import maintenance
from ops.status.reading import Ask
from ops.status.readings import site
from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network

REGIONS = {"primary": "eu-west-1", "standby": "eu-central-1"}
HOME = REGIONS["standby"]
FAILOVER = {
    "region": HOME,
    "after_seconds": 60,
    "probe": {"protocol": "https", "host": "lb.example", "port": 443, "path": "/healthz"},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture(autouse=True)
def credentials(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")


@pytest.fixture(scope="module")
def stack(aws: Client) -> Stack:
    """A balancer in each of two regions, and a function that a schedule starts. Tests leave no page."""
    name = f"page{uuid4().hex[:8]}"
    clusters = {role: cluster(aws, name, role) for role in REGIONS}
    role = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("handler.py", "x = 1")
    function = aws("lambda", HOME).create_function(
        FunctionName=name,
        Role=role["Role"]["Arn"],
        Runtime="python3.13",
        Handler="handler.x",
        Code={"ZipFile": package.getvalue()},
        Environment={"Variables": {"FAILOVER": json.dumps(FAILOVER)}},
    )
    aws("events", HOME).put_rule(Name=name, ScheduleExpression="rate(1 minute)")
    aws("events", HOME).put_targets(Rule=name, Targets=[{"Id": "it", "Arn": function["FunctionArn"]}])
    return Stack(
        "www.example.com",
        clusters,
        hosted_zone="Z1",
        function=name,
        records={each: f"{name}-{each}" for each in REGIONS.values()},
    )


def cluster(aws: Client, name: str, role: str) -> Cluster:
    region = REGIONS[role]
    network = Network(lambda service: aws(service, region), name)
    target, balancer = network.target_group(), network.balancer()["LoadBalancerArn"]
    elb = aws("elbv2", region)
    elb.modify_target_group(TargetGroupArn=target, HealthCheckPath="/healthz")
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
    for port, action in ((80, redirect), (8080, {"Type": "forward", "TargetGroupArn": target})):
        elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=[action])
    image = aws("ec2", region).describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    given = {"ImageId": image, "InstanceType": "t3.small", "MinCount": 1, "MaxCount": 1}
    [server] = aws("ec2", region).run_instances(SubnetId=network.subnets[0], **given)["Instances"]
    elb.register_targets(TargetGroupArn=target, Targets=[{"Id": server["InstanceId"]}])
    where = {"LocationConstraint": region}
    aws("s3", region).create_bucket(Bucket=f"{name}-{region}", CreateBucketConfiguration=where)
    return Cluster(role, region, name, target, balancer, "lb.example", "none", ())


@cache
def account(_key: str) -> Account:
    """The account, for who has that key: clients take longer to make than a test to run."""
    return Account(boto3.Session())


def operator(stack: Stack, action: str, **given: Any) -> Operator:
    named = {**dict.fromkeys(("json", "dry_run", "take_over", "force"), False), "message": "", "keep": []}
    options = argparse.Namespace(**{**named, "yes": True, "action": action, **given})
    return Operator(stack, account(os.environ["AWS_ACCESS_KEY_ID"]), Terminal(), options)


def run(stack: Stack, action: str, **given: Any) -> int:
    return maintenance(operator(stack, action, **given))


@pytest.fixture
def pages(aws: Client, stack: Stack) -> Iterator[Any]:
    """What the balancers' rules are: their number, and the page's text."""

    def found() -> list[Any]:
        told = []
        for each in stack.clusters.values():
            elb = aws("elbv2", each.region)
            for listener in elb.describe_listeners(LoadBalancerArn=each.balancer)["Listeners"]:
                rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
                rules = sorted((rule for rule in rules if not rule["IsDefault"]), key=lambda rule: rule["Priority"])
                told += [rule["Actions"][0].get("FixedResponseConfig", {}).get("MessageBody", "-") for rule in rules]
        return told

    yield found
    run(stack, "off")


def enabled(aws: Client, stack: Stack) -> bool:
    return bool(aws("events", HOME).describe_rule(Name=stack.function)["State"] == "ENABLED")


def test_the_page_is_on_in_both_regions_and_off_again(
    stack: Stack, aws: Client, pages: Any, tmp_path: Path, capsys: Any
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("At work")
    assert run(stack, "on", message=str(page), dry_run=True) == DONE
    assert (pages(), enabled(aws, stack)) == ([], True)
    assert run(stack, "on", message=str(page)) == DONE
    assert pages() == ["-", "At work"] * 2
    assert not enabled(aws, stack)
    capsys.readouterr()
    assert run(stack, "on", message=str(page)) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out
    page.write_text("Still at work")
    assert run(stack, "on", message=str(page), keep=["/readyz"]) == DONE
    assert pages() == ["-", "Still at work"] * 2
    assert run(stack, "off") == DONE
    assert (pages(), enabled(aws, stack)) == ([], True)
    assert run(stack, "off") == DONE
    assert "Nothing is left to do." in capsys.readouterr().out


def test_checks_of_health_come_through(stack: Stack, aws: Client, pages: Any) -> None:
    assert run(stack, "on", keep=["/readyz"]) == DONE
    assert len(pages()) == 4
    elb, each = aws("elbv2"), stack.primary
    listeners = elb.describe_listeners(LoadBalancerArn=each.balancer)["Listeners"]
    [arn] = [it["ListenerArn"] for it in listeners if it["DefaultActions"][0]["Type"] == "forward"]
    first, page, _ = sorted(elb.describe_rules(ListenerArn=arn)["Rules"], key=lambda rule: rule["Priority"])
    assert first["Conditions"][0]["PathPatternConfig"]["Values"] == ["/healthz", "/readyz"]
    assert first["Actions"][0]["TargetGroupArn"] == each.target_group
    assert page["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "503"
    assert [first["Priority"], page["Priority"]] == ["1", "2"]


def test_status_reads_since_when_and_by_whom(stack: Stack, aws: Client, pages: Any) -> None:
    ask = Ask({"s3": aws("s3", HOME)}, site.READINGS[1].calls)
    read = partial(site.maintenance, ask, stack, stack.clusters["standby"])
    assert read() == ""
    assert run(stack, "on") == DONE
    assert pages()
    assert read().startswith("maintenance since 20")
    assert read().endswith(f", by {operator(stack, 'on').who}")


@pytest.mark.parametrize("step", ["_disarm", "_page"])
def test_interrupted_on_goes_on_and_off_puts_back_what_was(
    stack: Stack, aws: Client, pages: Any, step: str, monkeypatch: Any
) -> None:
    def interrupted(*_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Carrying, step, interrupted)
        assert run(stack, "on") == INTERRUPTED
    assert run(stack, "on") == DONE
    assert (len(pages()), enabled(aws, stack)) == (4, False)
    with monkeypatch.context() as patched:
        patched.setattr(Carrying, "_arm", interrupted)
        assert run(stack, "off") == INTERRUPTED
    assert (pages(), enabled(aws, stack)) == ([], False)
    assert run(stack, "off") == DONE
    assert enabled(aws, stack)


def test_automation_that_was_off_before_stays_off(stack: Stack, aws: Client, pages: Any) -> None:
    aws("events", HOME).disable_rule(Name=stack.function)
    try:
        assert run(stack, "on") == DONE
        assert pages()
        assert run(stack, "off") == DONE
        assert not enabled(aws, stack)
    finally:
        aws("events", HOME).enable_rule(Name=stack.function)


def test_a_rule_of_somebody_elses_in_the_pages_place_refuses_it(stack: Stack, aws: Client, capsys: Any) -> None:
    elb, each = aws("elbv2"), stack.primary
    listeners = elb.describe_listeners(LoadBalancerArn=each.balancer)["Listeners"]
    [arn] = [it["ListenerArn"] for it in listeners if it["DefaultActions"][0]["Type"] == "forward"]
    condition = {"Field": "path-pattern", "Values": ["/api/*"]}
    action = {"Type": "forward", "TargetGroupArn": each.target_group}
    made = elb.create_rule(ListenerArn=arn, Priority=1, Conditions=[condition], Actions=[action])["Rules"][0]
    try:
        assert run(stack, "on") == NOT_DONE
    finally:
        elb.delete_rule(RuleArn=made["RuleArn"])
    assert "has a rule of priority 1, which isn't this command's" in capsys.readouterr().out
    assert maintenance_note.read(account(os.environ["AWS_ACCESS_KEY_ID"]), stack.records) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "error: say `maintenance on` or `maintenance off`"),
        (["on", "--message", "/nowhere/a.html"], "error: --message /nowhere/a.html: No such file or directory"),
        (["on", "--keep", "readyz"], "error: --keep readyz: a path begins with /"),
        (["on", *(["--keep", "/a"] * 5)], "error: --keep: given 5 times; a rule has 5 paths at most"),
    ],
)
def test_bad_usage_is_one_line(words: list[str], said: str, capsys: Any) -> None:
    assert main(words) == DOWN
    assert capsys.readouterr().err == f"{said}\n"


def test_it_is_typed_as_in_the_runbooks(stack: Stack, aws: Client, pages: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "outputs.json"
    clusters = {
        role: {
            "region": each.region,
            "auto_scaling_group_name": each.group,
            "target_group_arn": each.target_group,
            "load_balancer_arn": each.balancer,
            "load_balancer_dns_name": each.balancer_name,
            "session_store_id": each.store,
        }
        for role, each in stack.clusters.items()
    }
    outputs = {"site": stack.site, "clusters": clusters, "operations_buckets": stack.records}
    file.write_text(json.dumps({**outputs, "failover_function": stack.function, "hosted_zone_id": "Z1"}))
    known = ["--outputs", str(file), "--json", "--yes"]
    assert main(["on", *known]) == DONE
    assert json.loads(capsys.readouterr().out)["outcome"] == "done"
    assert len(pages()) == 4
    assert main(["off", *known]) == DONE
    assert (pages(), enabled(aws, stack)) == ([], True)


def test_it_needs_no_right_but_those_that_it_prints(
    stack: Stack, aws: Client, emulator: Emulator, unique: str, pages: Any, monkeypatch: Any, capsys: Any
) -> None:
    assert main(["--policy"]) == DONE
    rights = capsys.readouterr().out
    assert json.loads(rights) == document("Maintenance", CALLS)
    made = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps({"Statement": [TRUST]}))
    aws("iam").put_role_policy(RoleName=unique, PolicyName="page", PolicyDocument=rights)
    with monkeypatch.context() as patched:
        for name, value in emulator.credentials(made["Role"]["Arn"], "lambda.amazonaws.com").items():
            patched.setenv(name, value)
        assert run(stack, "on") == DONE
        assert run(stack, "on", keep=["/other"]) == DONE
        assert run(stack, "off") == DONE
    assert pages() == []
