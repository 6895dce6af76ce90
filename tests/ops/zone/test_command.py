"""Leaving a zone of an emulated account: balancer and servers together, again and again, under its own policy."""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from ops.core.account import Account
from ops.core.errors import DONE, DOWN, INTERRUPTED, NOT_DONE, OpsError
from ops.core.operate import Operator
from ops.core.policy import document
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from ops.zone import carrying
from ops.zone.calls import CHANGING, LOOKING
from ops.zone.command import main
from ops.zone.look import place_of
from ops.zone.work import zone
from rehearsal.emulator.process import Emulator
from tests.components.standby import Time
from tests.conftest import Client, Network

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
ZONES = ("euw1-az1", "euw1-az2", "euw1-az3")


@pytest.fixture(autouse=True)
def credentials(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")


@pytest.fixture(scope="module")
def stack(aws: Client) -> Iterator[Stack]:
    """Three servers in as many zones of one region. Tests end the shifts that they begin."""
    name = f"zone{uuid4().hex[:8]}"
    network = Network(aws, name)
    image = aws("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    data = {"ImageId": image, "InstanceType": "t3.small"}
    template = aws("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]
    target, balancer = network.target_group(), network.balancer()["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    aws("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    attribute = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[attribute])
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=3,
        MaxSize=6,
        VPCZoneIdentifier=",".join(network.subnets),
        TargetGroupARNs=[target],
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"},
    )
    aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": IRELAND})
    ours = Cluster("primary", IRELAND, name, target, balancer, "lb.example", "none", ZONES)
    yield Stack("www.example.com", {"primary": ours}, records={IRELAND: name})
    aws("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)


@pytest.fixture
def unpermitted(stack: Stack, aws: Client) -> None:
    """Zonal shift of the group is off, as `up` leaves it."""
    off = {"ZonalShiftEnabled": False, "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy"}
    aws("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=stack.primary.group, AvailabilityZoneImpairmentPolicy=off
    )


@cache
def account(_key: str) -> Account:
    """The account, for who has that key: clients take longer to make than a test to run."""
    return Account(boto3.Session())


def operator(stack: Stack, *words: str, **given: Any) -> Operator:
    action, identifier = [*words, ""][:2]
    named = dict.fromkeys(("json", "dry_run", "take_over", "force", "all"), False)
    options = {**named, "yes": True, "action": action, "zone": identifier, "lasting": "", **given}
    return Operator(stack, account(os.environ["AWS_ACCESS_KEY_ID"]), Terminal(), argparse.Namespace(**options))


def run(stack: Stack, *words: str, **given: Any) -> int:
    return zone(operator(stack, *words, **given), Time().clock)


def shifts(aws: Client, stack: Stack) -> list[str]:
    """What is shifted: the last part of each ARN."""
    found = aws("arc-zonal-shift").list_zonal_shifts(status="ACTIVE")["items"]
    group = stack.primary.group
    mine = [each for each in found if group in each["resourceIdentifier"]]
    return sorted(f"{each['resourceIdentifier'].split(':')[2]} {each['awayFrom']}" for each in mine)


BOTH = ["autoscaling euw1-az2", "elasticloadbalancing euw1-az2"]


@pytest.mark.usefixtures("unpermitted")
def test_balancer_and_servers_leave_together_and_come_back(stack: Stack, aws: Client, capsys: Any) -> None:
    assert run(stack, "away", "euw1-az2", dry_run=True) == DONE
    assert shifts(aws, stack) == []
    assert run(stack, "away", "eu-west-1c") == DONE
    assert shifts(aws, stack) == BOTH
    capsys.readouterr()
    assert run(stack, "away", "euw1-az2") == DONE
    assert capsys.readouterr().out == "Nothing is left to do.\n"
    assert run(stack, "show") == DONE
    assert capsys.readouterr().out.count("is kept out of euw1-az2 until ") == 2
    assert run(stack, "back") == DONE
    assert shifts(aws, stack) == []
    entries = aws("s3").list_objects_v2(Bucket=stack.records[IRELAND])["Contents"]
    assert [each["Key"].partition("Z-")[2] for each in entries][-2:] == ["zone-away-euw1-az2.json", "zone-back.json"]


def test_a_shift_is_prolonged_by_a_new_time(stack: Stack, aws: Client) -> None:
    assert run(stack, "away", "euw1-az2") == DONE
    assert run(stack, "away", "euw1-az2", lasting="12h") == DONE
    found = aws("arc-zonal-shift").list_zonal_shifts(status="ACTIVE", resourceIdentifier=stack.primary.balancer)
    [shift] = found["items"]
    assert (shift["expiryTime"] - shift["startTime"]).total_seconds() > 11.9 * 3600
    assert run(stack, "back", "euw1-az2") == DONE


@pytest.mark.usefixtures("unpermitted")
def test_servers_that_the_others_lack_are_started_there_before_users_leave(
    stack: Stack, aws: Client, monkeypatch: Any
) -> None:
    name = stack.primary.group
    monkeypatch.setattr("ops.zone.look.needed", lambda *_: 4)
    assert run(stack, "away", "euw1-az2") == DONE
    [group] = aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    zones = [each["AvailabilityZone"][-1] for each in group["Instances"]]
    assert sorted(zones) == ["a", "a", "b", "b", "c"]
    assert shifts(aws, stack) == BOTH
    assert group["AvailabilityZoneImpairmentPolicy"] == carrying.REPLACED
    assert run(stack, "back") == DONE
    aws("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=3)


def test_zones_that_can_not_carry_the_load_refuse_it(stack: Stack, aws: Client, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr("ops.zone.look.needed", lambda *_: 6)
    assert run(stack, "away", "euw1-az2") == NOT_DONE
    assert "without euw1-az2 2 of 3 servers serve, and the load needs 6" in capsys.readouterr().out
    assert shifts(aws, stack) == []


@pytest.mark.usefixtures("unpermitted")
def test_an_interrupted_run_goes_on(stack: Stack, aws: Client, monkeypatch: Any) -> None:
    def interrupted(*_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying.Carrying, "_permit", interrupted)
        assert run(stack, "away", "euw1-az2") == INTERRUPTED
    assert shifts(aws, stack) == BOTH[1:]
    assert run(stack, "away", "euw1-az2") == DONE
    assert shifts(aws, stack) == BOTH
    assert run(stack, "back") == DONE


def test_what_somebody_else_began_stays_unless_all_is_to_end(stack: Stack, aws: Client) -> None:
    arn = stack.primary.balancer
    given = {"awayFrom": "euw1-az1", "expiresIn": "1h", "comment": "Ticket 12"}
    aws("arc-zonal-shift").start_zonal_shift(resourceIdentifier=arn, **given)
    assert run(stack, "back") == DONE
    assert shifts(aws, stack) == ["elasticloadbalancing euw1-az1"]
    assert run(stack, "away", "euw1-az2") == NOT_DONE
    assert run(stack, "back", all=True) == DONE
    assert shifts(aws, stack) == []


def test_a_zone_of_no_cluster_is_refused_with_those_that_there_are(stack: Stack) -> None:
    for name in ("euw1-az9", "eu-west-1z", "us-east-1a"):
        with pytest.raises(OpsError, match=f"ZONE {name}: www.example.com has no servers there.*euw1-az1") as raised:
            place_of(stack, name, Account(boto3.Session()))
        assert raised.value.code == DOWN


def test_a_silent_region_keeps_nobody_from_entering_a_zone_of_the_other(stack: Stack, capsys: Any) -> None:
    away = replace(stack.primary, role="standby", region=FRANKFURT, group="gone")
    both = replace(stack, clusters={**stack.clusters, "standby": away})
    assert run(both, "back") == DONE
    assert "note: eu-central-1: there is no Auto Scaling group gone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["away"], "error: ZONE is missing"),
        (["away", "euw1-az1", "--for", "4d"], "error: --for 4d: write it like 90m or 3h, 72h at most"),
    ],
)
def test_bad_usage_is_one_line(words: list[str], said: str, capsys: Any) -> None:
    assert main(words) == DOWN
    printed = capsys.readouterr().err
    assert printed.startswith(said)
    assert len(printed.splitlines()) == 1


def test_it_is_typed_as_in_the_runbooks(stack: Stack, aws: Client, tmp_path: Path, capsys: Any) -> None:
    ours, file = stack.primary, tmp_path / "outputs.json"
    cluster = {
        "region": ours.region,
        "zone_ids": [*ours.zones],
        "auto_scaling_group_name": ours.group,
        "target_group_arn": ours.target_group,
        "load_balancer_arn": ours.balancer,
        "load_balancer_dns_name": ours.balancer_name,
        "session_store_id": ours.store,
    }
    outputs = {"site": stack.site, "clusters": {"primary": cluster}, "operations_buckets": stack.records}
    file.write_text(json.dumps(outputs))
    known = ["--outputs", str(file), "--json"]
    assert main(["away", "euw1-az2", "--for", "12h", "--yes", *known]) == DONE
    assert json.loads(capsys.readouterr().out)["outcome"] == "done"
    assert main(known) == DONE
    [region] = json.loads(capsys.readouterr().out)["regions"]
    assert [region[each]["shifts"][0]["zone"] for each in ("balancer", "group")] == ["euw1-az2"] * 2
    assert main(["back", "--yes", *known]) == DONE
    assert shifts(aws, stack) == []


def test_it_needs_no_right_but_those_that_it_prints(
    stack: Stack, aws: Client, emulator: Emulator, unique: str, monkeypatch: Any, capsys: Any
) -> None:
    assert main(["away", "--policy"]) == DONE
    rights = capsys.readouterr().out
    assert json.loads(rights) == document("Zone", (*LOOKING, *CHANGING))
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    made = aws("iam").create_role(
        RoleName=unique, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    aws("iam").put_role_policy(RoleName=unique, PolicyName="zone", PolicyDocument=rights)
    for name, value in emulator.credentials(made["Role"]["Arn"], "lambda.amazonaws.com").items():
        monkeypatch.setenv(name, value)
    assert os.environ["AWS_ACCESS_KEY_ID"] != emulator.key
    monkeypatch.setattr("ops.zone.look.needed", lambda *_: 2)
    assert run(stack, "away", "euw1-az2") == DONE
    assert run(stack, "away", "euw1-az2", lasting="5h") == DONE
    assert shifts(aws, stack) == BOTH
    assert run(stack, "back") == DONE
