"""A release, step by step, against the emulated account: what it joins, takes back, takes over and refuses."""

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from ha_web.release.access import Access
from ha_web.release.api import Api
from ha_web.release.failure import ReleaseError
from ha_web.release.rollout import Rollout
from ha_web.release.versions import Version

from rehearsal.emulator.process import Emulator
from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator-autoscaling")


@dataclass
class Fleet:
    """A group with a launch template behind a balancer, and releases into it."""

    network: Any
    aws: Client
    template: str
    said: list[str] = field(default_factory=list)

    async def call(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """As the API of a release does."""
        answer: dict[str, Any] = await asyncio.to_thread(getattr(self.aws(service), operation), **request)
        return answer

    @property
    def group(self) -> dict[str, Any]:
        name = [self.network.name]
        found: dict[str, Any] = self.aws("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=name)
        return dict(found["AutoScalingGroups"][0])

    @property
    def serves(self) -> tuple[str, set[str]]:
        group = self.group
        return group["LaunchTemplate"]["Version"], {each["LaunchTemplate"]["Version"] for each in group["Instances"]}

    def version(self, script: str, **data: Any) -> Version:
        """A new version of the template."""
        encoded = base64.b64encode(script.encode()).decode()
        made = self.network.ec2.create_launch_template_version(
            LaunchTemplateId=self.template, SourceVersion="1", LaunchTemplateData={"UserData": encoded, **data}
        )
        return Version(self.template, str(made["LaunchTemplateVersion"]["VersionNumber"]))

    def rollout(self, wanted: Version, **given: Any) -> Rollout:
        usual = {"group_arn": self.group["AutoScalingGroupARN"], "settings": {}, "api": self}
        say = lambda text, _: self.said.append(text)  # noqa: E731
        return Rollout(group=self.network.name, wanted=wanted, say=say, **{**usual, **given})

    def release(self, wanted: Version, **given: Any) -> None:
        asyncio.run(self.rollout(wanted, **given).run())

    def start(self, version: Version | None, **preferences: Any) -> None:
        """A refresh that someone else began."""
        wanted = {"DesiredConfiguration": version.configuration} if version else {}
        self.aws("autoscaling").start_instance_refresh(
            AutoScalingGroupName=self.network.name, Preferences=preferences, **wanted
        )

    @property
    def refreshes(self) -> list[str]:
        found = self.aws("autoscaling").describe_instance_refreshes(AutoScalingGroupName=self.network.name)
        return [each["Status"] for each in reversed(found["InstanceRefreshes"])]


@pytest.fixture
def fleet(network: Any, aws: Client) -> Fleet:
    image = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    data = {
        "ImageId": aws("ssm").get_parameter(Name=image)["Parameter"]["Value"],
        "InstanceType": "t4g.small",
        "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [network.group]}],
    }
    own = [{"ResourceType": "launch-template", "Tags": [{"Key": "Name", "Value": "of the template itself"}]}]
    made = network.ec2.create_launch_template(
        LaunchTemplateName=network.name, LaunchTemplateData=data, TagSpecifications=own
    )
    template = made["LaunchTemplate"]["LaunchTemplateId"]
    targets = network.target_group()
    forward = [{"Type": "forward", "TargetGroupArn": targets}]
    balancer = network.balancer()["LoadBalancerArn"]
    aws("elbv2").create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=forward)
    aws("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=network.name,
        MinSize=2,
        MaxSize=9,
        VPCZoneIdentifier=",".join(network.subnets),
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        TargetGroupARNs=[targets],
    )
    return Fleet(network, aws, template)


def test_a_version_is_released_once(fleet: Fleet) -> None:
    two = fleet.version("two")
    fleet.release(two)
    fleet.release(two)
    assert (fleet.serves, fleet.refreshes) == (("2", {"2"}), ["Successful"])


def test_a_version_that_makes_the_same_servers_replaces_none(fleet: Fleet) -> None:
    fleet.release(fleet.version("two"))
    fleet.release(fleet.version("two"))
    assert (fleet.serves, fleet.refreshes) == (("3", {"2"}), ["Successful"])
    assert "it makes the same servers" in fleet.said[-1]


def test_the_first_version_and_its_like_make_the_same_servers(fleet: Fleet) -> None:
    like = fleet.network.ec2.describe_launch_template_versions(LaunchTemplateId=fleet.template, Versions=["1"])
    data = like["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    fleet.network.ec2.create_launch_template_version(LaunchTemplateId=fleet.template, LaunchTemplateData=data)
    fleet.release(Version(fleet.template, "2"))
    assert (fleet.serves, fleet.refreshes) == (("2", {"1"}), [])


def test_servers_of_a_third_version_are_replaced_though_the_group_has_the_same_one(fleet: Fleet) -> None:
    two, same = fleet.version("two"), fleet.version("two")
    fleet.release(two)
    fleet.start(fleet.version("four"), MinHealthyPercentage=100)
    until = time.monotonic() + 20
    while fleet.serves[1] == {"2"} and time.monotonic() < until:
        time.sleep(0.05)
    fleet.aws("autoscaling").cancel_instance_refresh(AutoScalingGroupName=fleet.network.name)
    while fleet.refreshes[-1] != "Cancelled" and time.monotonic() < until:
        time.sleep(0.05)
    fleet.release(same)
    assert fleet.serves == ("3", {"3"})


def test_where_no_server_runs_the_next_one_has_the_version(fleet: Fleet) -> None:
    name = {"AutoScalingGroupName": fleet.network.name}
    fleet.aws("autoscaling").update_auto_scaling_group(**name, MinSize=0, DesiredCapacity=0)
    fleet.release(fleet.version("two"))
    assert (fleet.group["LaunchTemplate"]["Version"], fleet.refreshes) == ("2", [])
    assert "no server runs, so nothing has tried it" in fleet.said[-1]


def test_a_release_that_is_under_way_is_joined(fleet: Fleet) -> None:
    two = fleet.version("two")
    fleet.start(two, AutoRollback=True)
    fleet.release(two)
    assert (fleet.serves, fleet.refreshes) == (("2", {"2"}), ["Successful"])


@pytest.mark.parametrize("named", [True, False])
def test_a_release_of_another_version_is_ended_first(fleet: Fleet, named: bool) -> None:
    two, three = fleet.version("two"), fleet.version("three")
    fleet.start(two if named else None, CheckpointPercentages=[50, 100], CheckpointDelay=6000)
    fleet.release(three)
    assert fleet.serves == ("3", {"3"})
    assert fleet.refreshes == ["RollbackSuccessful" if named else "Cancelled", "Successful"]


def test_one_that_someone_cancels_is_told_as_such_and_the_next_one_goes_on(fleet: Fleet) -> None:
    two = fleet.version("two")
    settings: dict[str, Any] = {"canary_percent": 50, "canary_seconds": 60_000}
    rollout = fleet.rollout(two, settings=settings, alarms=[alarm(fleet)])

    async def cancelled() -> None:
        running = asyncio.create_task(rollout.run())
        while not fleet.refreshes or fleet.serves[1] == {"1"}:
            await asyncio.sleep(0.1)
        fleet.aws("autoscaling").cancel_instance_refresh(AutoScalingGroupName=fleet.network.name)
        await running

    with pytest.raises(ReleaseError, match="the release of version 2 was cancelled by someone; servers of both"):
        asyncio.run(cancelled())
    assert fleet.serves == ("1", {"1", "2"})
    fleet.release(two)
    assert fleet.serves == ("2", {"2"})


def alarm(fleet: Fleet) -> str:
    name = str(fleet.network.name)
    fleet.aws("cloudwatch").put_metric_alarm(
        AlarmName=name, ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, MetricName="Errors",
        Namespace="Test", Period=60, Statistic="Sum", Threshold=5,
    )  # fmt: skip
    return name


def test_an_alarm_that_is_on_already_does_not_stop_the_mend(fleet: Fleet) -> None:
    name = alarm(fleet)
    fleet.aws("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="bad")
    fleet.release(fleet.version("two"), alarms=[name])
    assert fleet.serves == ("2", {"2"})
    assert f"the alarm {name} is on already and can't judge this release; it is not watched" in fleet.said


@pytest.mark.parametrize(
    ("begun", "error", "said"),
    [
        (
            False,
            NoCredentialsError(),
            "a release calls AWS from the program, which finds no credentials; set AWS_PROFILE",
        ),
        (
            False,
            EndpointConnectionError(endpoint_url="https://a"),
            'Could not connect to the endpoint URL: "https://a"$',
        ),
        (
            True,
            EndpointConnectionError(endpoint_url="https://a"),
            "AWS goes on with the release, and the next `up` joins",
        ),
    ],
)
def test_an_api_that_cannot_be_reached_is_told_in_a_line(
    fleet: Fleet, begun: bool, error: Exception, said: str
) -> None:
    rollout = fleet.rollout(fleet.version("two"))

    class Lost:
        async def call(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
            if not begun or rollout.started:
                raise error
            return await fleet.call(service, operation, **request)

    rollout.api = cast(Api, Lost())
    with pytest.raises(ReleaseError, match=said) as raised:
        asyncio.run(rollout.run())
    assert len(str(raised.value).splitlines()) == 1


def test_the_api_is_called_under_the_roles_that_the_provider_assumes(
    aws: Client, unique: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    keys = (emulator.key, "rehearsal", None)
    api = Api(Access(None, keys, [{"roleArn": role, "sessionName": "deploy"}]), "eu-west-1")
    assert asyncio.run(api.call("sts", "get_caller_identity"))["Arn"].endswith(f"assumed-role/{unique}/deploy")


def test_another_account_is_not_touched(fleet: Fleet) -> None:
    other = fleet.group["AutoScalingGroupARN"].replace("123456789012", "210987654321")
    with pytest.raises(ReleaseError, match=r"these credentials reach .*; set AWS_PROFILE"):
        fleet.release(fleet.version("two"), group_arn=other)
    assert fleet.refreshes == []


def test_a_group_that_is_not_there_is_told(fleet: Fleet) -> None:
    rollout = fleet.rollout(fleet.version("two"))
    rollout.group = "none"
    with pytest.raises(ReleaseError, match="none: there is no such group in the region and account"):
        asyncio.run(rollout.run())


def test_a_version_whose_image_is_gone_is_refused_before_a_server_is_replaced(fleet: Fleet) -> None:
    gone = fleet.version("two", ImageId="ami-0123456789abcdef0")
    with pytest.raises(ReleaseError, match=r"version 2 starts from the image ami-0123456789abcdef0, which is gone"):
        fleet.release(gone)
    with pytest.raises(ReleaseError, match="has no version 77"):
        fleet.release(Version(fleet.template, "77"))
    assert fleet.refreshes == []


def test_a_group_whose_version_moves_cannot_be_released_into(fleet: Fleet) -> None:
    moving = {"LaunchTemplateId": fleet.template, "Version": "$Latest"}
    fleet.aws("autoscaling").update_auto_scaling_group(AutoScalingGroupName=fleet.network.name, LaunchTemplate=moving)
    with pytest.raises(ReleaseError, match="only a numbered version can be gone back to"):
        fleet.release(fleet.version("two"))


def test_several_instance_types_come_with_a_release(fleet: Fleet) -> None:
    two = fleet.version("two")
    fleet.release(Version(two.template, two.number, ("t4g.medium", "t4g.small")))
    group = fleet.group
    assert "LaunchTemplate" not in group
    assert {each["InstanceType"] for each in group["Instances"]} == {"t4g.medium"}
    fleet.release(two)
    assert fleet.serves == ("2", {"2"})


def test_the_first_servers_are_waited_for_and_the_reason_is_told_when_they_do_not_serve(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(fleet.rollout(Version(fleet.template, "1")).await_capacity())
    fleet.release(fleet.version("two"))
    bad = fleet.version("REHEARSAL_HEALTH=never")
    name = {"AutoScalingGroupName": fleet.network.name}
    api = fleet.aws("autoscaling")
    api.update_auto_scaling_group(**name, MinSize=3, LaunchTemplate=bad.configuration["LaunchTemplate"])
    monkeypatch.setattr("ha_web.release.rollout.CAPACITY_SECONDS", 1)
    with pytest.raises(
        ReleaseError, match=r"2 of 3 servers healthy after 1 s, 3 are needed; 1 new server failed"
    ) as error:
        asyncio.run(fleet.rollout(bad).await_capacity())
    assert "REHEARSAL_HEALTH=never: exit code 1" in str(error.value)


def test_the_log_group_of_the_servers_goes_before_the_console(fleet: Fleet) -> None:
    logs, group = fleet.aws("logs"), str(fleet.network.name)
    logs.create_log_group(logGroupName=group)
    bad = fleet.version("REHEARSAL_HEALTH=never")
    rollout = fleet.rollout(bad, log_group=group)

    async def logged() -> None:
        running = asyncio.create_task(rollout.run())
        known: set[str] = set()
        while not running.done():
            for each in fleet.group["Instances"]:
                if each["LaunchTemplate"]["Version"] == bad.number and each["InstanceId"] not in known:
                    known.add(each["InstanceId"])
                    stream = {"logGroupName": group, "logStreamName": each["InstanceId"]}
                    logs.create_log_stream(**stream)
                    event = {"timestamp": int(time.time() * 1000), "message": "Traceback: no database"}
                    logs.put_log_events(**stream, logEvents=[event])
            await asyncio.sleep(0.1)
        await running

    with pytest.raises(ReleaseError, match="Traceback: no database"):
        asyncio.run(logged())
