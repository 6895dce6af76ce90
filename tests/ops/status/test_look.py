"""Looking at an emulated account: what stands, what fails beside it, a region that is silent, the policy."""

import io
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.core.account import Account
from ops.core.errors import OpsError
from ops.core.policy import document
from ops.core.stack import Cluster, Stack
from ops.status.command import main
from ops.status.look import Failed, assembled, attempt, look
from ops.status.readings.every import CALLS
from rehearsal.emulator.process import Emulator
from tests.conftest import Client, Network

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
LONG = 60.0
"""Seconds: the machine may be busy."""


@pytest.fixture
def session(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    return boto3.Session()


@pytest.fixture
def stack(aws: Client, network: Network, unique: str) -> Iterator[Stack]:
    """Three servers in as many zones, a switch and a topic; a standby of which nothing exists."""
    image = aws("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    data = {"ImageId": image, "InstanceType": "t3.small"}
    template = aws("ec2").create_launch_template(LaunchTemplateName=unique, LaunchTemplateData=data)["LaunchTemplate"]
    target = network.target_group()
    balancer = network.balancer()
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    listener = {"LoadBalancerArn": balancer["LoadBalancerArn"], "Protocol": "HTTP", "Port": 80}
    aws("elbv2").create_listener(**listener, DefaultActions=forward)
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=unique,
        MinSize=3,
        MaxSize=6,
        VPCZoneIdentifier=",".join(network.subnets),
        TargetGroupARNs=[target],
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"},
    )
    where = {"LocationConstraint": FRANKFURT}
    aws("s3", FRANKFURT).create_bucket(Bucket=f"{unique}-switch", CreateBucketConfiguration=where)
    topic = aws("sns").create_topic(Name=unique)["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    arns = {"target_group": target, "balancer": balancer["LoadBalancerArn"], "balancer_name": "lb.example"}
    main = Cluster("primary", IRELAND, unique, **arns, store="no-store", zones=())
    clusters = {"primary": main, "standby": replace(main, role="standby", region=FRANKFURT, group="gone")}
    yield Stack(
        "www.example.com",
        clusters,
        hosted_zone="Z1",
        switch=f"{unique}-switch",
        topics={"primary": topic},
        strategy="warm-standby",
        objectives={"region": {"dataLoss": "1m"}},
    )
    aws("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=unique, ForceDelete=True)


def looked(stack: Stack, session: Any) -> Any:
    return look(stack, Account(session), patience=LONG, brief=False)


def test_servers_are_counted_by_the_ids_of_their_zones(stack: Stack, session: Any) -> None:
    fleet = looked(stack, session).regions["primary"].fleet
    assert (fleet.minimum, fleet.desired, fleet.maximum) == (3, 3, 6)
    assert dict(fleet.serving) == {"euw1-az1": 1, "euw1-az2": 1, "euw1-az3": 1}
    assert (fleet.version, dict(fleet.versions)) == ("1", {"1": 3})


def test_what_does_not_exist_is_told_beside_what_does(stack: Stack, session: Any) -> None:
    facts = looked(stack, session)
    assert facts.regions["primary"].topics[0].pending + facts.regions["primary"].topics[0].confirmed == 1
    assert facts.regions["standby"].unread["servers"] == "there is no Auto Scaling group gone"
    assert "sessions" in facts.regions["primary"].unread
    assert facts.lag_objective == 60.0
    assert facts.answer.served is None


def test_the_switch_is_read_from_its_bucket(stack: Stack, session: Any, aws: Client) -> None:
    assert looked(stack, session).switched is False
    aws("s3", FRANKFURT).put_object(Bucket=stack.switch, Key="standby-serves", Body=b"")
    facts = looked(stack, session)
    assert (facts.switched, facts.serving) == (True, ("standby",))


def test_dns_tells_which_regions_balancer_it_leads_to(stack: Stack, session: Any) -> None:
    addresses = {"www.example.com": ["192.0.2.1"], "lb.example": ["192.0.2.1", "192.0.2.2"]}
    clusters = {**stack.clusters, "standby": replace(stack.clusters["standby"], balancer_name="other.example")}
    named = replace(stack, clusters=clusters)

    def resolver(name: str) -> list[str]:
        if name not in addresses:
            raise OSError("unknown")
        return addresses[name]

    assert look(named, Account(session), patience=LONG, brief=False, resolver=resolver).dns == ("primary",)


class Silent:
    """A session whose clients of one region meet a port that takes connections and says nothing."""

    def __init__(self, session: boto3.Session, region: str, port: int) -> None:
        self._session, self._region, self._port = session, region, port

    def client(self, service: str, region_name: str, config: Any) -> Any:
        silent = {"endpoint_url": f"http://127.0.0.1:{self._port}"} if region_name == self._region else {}
        return self._session.client(service, region_name=region_name, config=config, **silent)


@pytest.mark.parametrize(
    ("lost", "role", "other"), [(IRELAND, "primary", "standby"), (FRANKFURT, "standby", "primary")]
)
def test_one_silent_region_stops_no_report_on_the_other(
    stack: Stack, session: boto3.Session, lost: str, role: str, other: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        account = Account(Silent(session, lost, nobody.getsockname()[1]))
        facts = look(stack, account, patience=LONG)
    assert "doesn't answer" in facts.regions[role].silent
    assert not facts.regions[other].silent
    assert (facts.regions["primary"].fleet is None) == (lost == IRELAND)


def test_nobody_waits_longer_than_told(stack: Stack, session: boto3.Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        account = Account(Silent(session, FRANKFURT, nobody.getsockname()[1]))
        look(stack, account, patience=0.0)  # clients are made
        began = time.monotonic()
        facts = look(stack, account, patience=0.5)
    assert time.monotonic() - began < 2.5  # a silent call alone takes 3 s
    assert facts.regions["standby"].silent == "no answer within 0.5 s"


def test_credentials_that_are_no_use_are_one_line() -> None:
    refused = Failed("the AWS credentials have expired; sign in again", nobody=True)
    stack = Stack("x", {"primary": Cluster("primary", IRELAND, "g", "tg", "lb", "lb.example", "store", ())})
    assert assembled(stack, {(IRELAND, "servers"): refused}).regions["primary"].unread["servers"] == refused.reason


def test_an_account_without_credentials_is_refused(stack: Stack, emulator: Emulator, monkeypatch: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    with pytest.raises(OpsError, match="there are no AWS credentials"):
        looked(stack, boto3.Session())


@pytest.mark.parametrize("error", [OSError("x"), LookupError("x"), ValueError("x"), TypeError("x")])
def test_no_part_ends_the_report(error: Exception) -> None:
    def work() -> None:
        raise error

    assert attempt(work, IRELAND).reason == str(error)


def test_the_policy_allows_every_call(
    stack: Stack, emulator: Emulator, aws: Client, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    made = aws("iam").create_role(
        RoleName=unique, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )

    def allow(calls: Any) -> None:
        rights = json.dumps(document("Status", calls))
        aws("iam").put_role_policy(RoleName=unique, PolicyName="status", PolicyDocument=rights)

    allow(CALLS)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    for name, value in emulator.credentials(made["Role"]["Arn"], "lambda.amazonaws.com").items():
        monkeypatch.setenv(name, value)
    facts = looked(stack, boto3.Session())
    said = json.dumps([facts.unread, *(region.unread for region in facts.regions.values())], default=dict)
    assert "may not call" not in said
    assert facts.regions["primary"].fleet is not None
    assert facts.switched is False

    allow([call for call in CALLS if call.service != "autoscaling"])
    fewer = looked(stack, boto3.Session()).regions["primary"]
    assert "may not call DescribeAutoScalingGroups" in fewer.unread["servers"]


@pytest.mark.usefixtures("session")
def test_the_command_prints_one_screen_or_one_document(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main_cluster = stack.primary
    outputs = {
        "site": stack.site,
        "clusters": {
            "primary": {
                "region": IRELAND,
                "auto_scaling_group_name": main_cluster.group,
                "target_group_arn": main_cluster.target_group,
                "load_balancer_arn": main_cluster.balancer,
                "load_balancer_dns_name": "lb.example",
                "session_store_id": "no-store",
            }
        },
    }
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(outputs))
    patience = ["--patience", "60"]
    assert main(["--outputs", str(file), *patience]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("May I lose a zone now? no: the session store in eu-west-1 can't be read:")
    assert "\033" not in printed
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(outputs)))
    assert main(["--outputs", "-", "--json", *patience]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["region"]["promised"]) == ("degraded", False)
    assert main(["--outputs", "/nowhere"]) == 3
    assert capsys.readouterr().err.splitlines() == ["error: --outputs /nowhere: No such file or directory"]
