"""The command against two groups of the emulated account, with releases that go on while it looks."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from ha_web.release.versions import Version

from ops.core.account import Account
from ops.core.errors import DONE, NOT_ASKED, NOT_DONE, OpsError
from ops.core.operate import Operator
from ops.core.policy import actions_of
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from ops.release import carrying
from ops.release.command import WORK, main, parser, rollback, status, watch
from ops.release.look import gone, look
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.emulator.fleets import Fleet, make_fleet

pytestmark = pytest.mark.xdist_group("emulator-autoscaling")


STAYS = {"CheckpointPercentages": [50, 100], "CheckpointDelay": 172_800}
"""Preferences of a release that goes on for as long as a test looks at it."""


@dataclass
class Released:
    """A stack of one region, whose group has served versions 1 and 2."""

    fleet: Fleet
    aws: Client
    account: Account
    stack: Stack

    def me(self, what: str, *options: str) -> Operator:
        given = parser().parse_args([what, *options])
        return Operator(self.stack, self.account, Terminal(as_json=given.json), given)

    def does(self, what: str, *options: str) -> int:
        return WORK[what][1](self.me(what, *options))

    @property
    def serves(self) -> tuple[str, set[str], list[int]]:
        """What new servers start from, what runs, and what is written down, the last one first."""
        [found] = look(self.stack, self.account).regions
        return found.number, set(found.runs), [each.version for each in found.served]

    def write_down(self, *versions: int) -> None:
        """Change the parameter, as each `up` does."""
        for version in versions:
            value = {"group": self.fleet.name, "launchTemplate": self.fleet.template, "version": version}
            self.aws("ssm").put_parameter(
                Name=f"release-{self.fleet.name}",
                Type="String",
                Value=json.dumps(value),
                Overwrite=version != versions[0],
                Description="d",
            )

    def third(self, **data: str) -> None:
        """Make a third version of the template."""
        made = self.fleet.network.ec2.create_launch_template_version(
            LaunchTemplateId=self.fleet.template,
            SourceVersion="2",
            LaunchTemplateData={"InstanceType": "t4g.medium", **data},
        )
        assert made["LaunchTemplateVersion"]["VersionNumber"] == 3

    def release(self, number: str, **preferences: Any) -> None:
        """Start a release, as an `up` does."""
        wanted = {"LaunchTemplate": {"LaunchTemplateId": self.fleet.template, "Version": number}}
        self.fleet.api.start_instance_refresh(
            AutoScalingGroupName=self.fleet.name, DesiredConfiguration=wanted, Preferences=preferences
        )


@pytest.fixture
def released(network: Any, aws: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Released]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setattr(carrying, "EVERY", 0.05)
    fleet = make_fleet(network, aws)
    fleet.create("2", MinSize=2)
    account = Account(boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal"))
    primary = Cluster("primary", REGION, fleet.name, fleet.target_group, "", "", "", ())
    made = Released(fleet, aws, account, Stack("www.example.com", {"primary": primary}))
    made.write_down(1, 2)
    yield made
    fleet.api.delete_auto_scaling_group(AutoScalingGroupName=fleet.name, ForceDelete=True)


def test_a_bad_version_is_gone_back_from_and_once_more_changes_nothing(
    released: Released, capsys: pytest.CaptureFixture[str]
) -> None:
    assert released.does("rollback", "--dry-run") == DONE
    assert released.serves == ("2", {"2"}, [2, 1])
    assert released.does("rollback", "--yes") == DONE
    assert released.serves == ("1", {"1"}, [1, 2, 1])
    assert "pulumi config set --stack prod --path 'ha-web:release.versions.primary' 1" in capsys.readouterr().out
    found = released.aws("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": [f"release-{released.fleet.name}"]}]
    )
    assert found["Parameters"][0]["Description"] == "d"
    assert released.does("rollback", "--yes") == DONE
    assert "serves version 1 again already" in capsys.readouterr().out
    assert released.serves == ("1", {"1"}, [1, 2, 1])


def test_a_release_is_cancelled_and_then_made_one(released: Released, capsys: pytest.CaptureFixture[str]) -> None:
    released.third()
    released.release("3", **STAYS)
    assert released.does("status") == NOT_DONE
    assert "under way   version 3" in capsys.readouterr().out
    assert released.does("cancel", "--yes") == DONE
    assert released.serves[0] == "2"
    assert released.does("rollback", "--yes") == DONE
    assert released.serves == ("2", {"2"}, [2, 1])
    assert released.does("status") == DONE

    released.release("3", **STAYS)
    assert released.does("rollback", "--yes") == DONE
    assert released.serves == ("2", {"2"}, [2, 1])
    assert "RollbackSuccessful" in capsys.readouterr().out


@pytest.mark.parametrize(("taken_back", "code", "ended"), [(False, DONE, "Successful"), (True, NOT_DONE, "Rollback")])
def test_a_release_is_watched_to_its_end(
    released: Released, taken_back: bool, code: int, ended: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watch(released.me("watch"), time.sleep, patience=0) == DONE
    assert capsys.readouterr().out == "No release is under way.\n"
    released.third()
    released.release("3", **(STAYS if taken_back else {}))
    if taken_back:
        released.fleet.api.rollback_instance_refresh(AutoScalingGroupName=released.fleet.name)
    assert watch(released.me("watch"), lambda _: time.sleep(0.05)) == code
    assert f"{REGION}: {ended}" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("2", ""),
        ("3", "version 3 starts from the image ami-0123456789abcdef0, which is gone"),
        ("4", " has no version 4 any more"),
        ("$Latest", "version $Latest is no number"),
    ],
)
def test_a_version_that_cannot_be_launched_is_known_before(released: Released, number: str, why: str) -> None:
    released.third(ImageId="ami-0123456789abcdef0")
    [region] = look(released.stack, released.account).regions
    said = gone(released.account, region, Version(released.fleet.template, number))
    assert said.endswith(why)
    assert bool(said) is bool(why)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--back", "0"], "--back is 0; it counts from 1"),
        (["--only", "standby"], "--only standby: the stack has no standby"),
    ],
)
def test_what_cannot_be_done_is_one_line(released: Released, options: list[str], said: str) -> None:
    with pytest.raises(OpsError, match=re.escape(said)) as raised:
        rollback(released.me("rollback", "--yes", *options))
    assert raised.value.code == NOT_ASKED


def test_a_region_that_does_not_answer_does_not_hide_the_other(
    released: Released, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = Cluster("standby", "eu-central-1", "gone", "", "", "", "", ())
    released.stack = replace(released.stack, clusters={**released.stack.clusters, "standby": gone})
    assert status(released.me("status")) == NOT_DONE
    printed = capsys.readouterr().out
    assert "can't be read: " in printed
    assert "serves      version 2" in printed


def test_without_anybody_who_agrees_nothing_changes(released: Released) -> None:
    with pytest.raises(OpsError, match="nobody agreed"):
        released.does("rollback")
    assert released.serves[0] == "2"


@pytest.mark.parametrize("what", WORK)
def test_the_policy_has_the_calls(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([what, "--policy"]) == DONE
    [statement] = json.loads(capsys.readouterr().out)["Statement"]
    calls = WORK[what][0]
    assert set(statement["Action"]) == {action for call in calls for action in actions_of(call)}
    assert ("ssm:PutParameter" in statement["Action"]) is (what == "rollback")
