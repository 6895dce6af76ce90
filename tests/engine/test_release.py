"""Releases by the real engine: `up` waits, a bad version is taken back, and there is a way back."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rehearsal.emulator import process
from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT, SAVED_AT_THE_END
from tests.engine.released import FOREIGN, LATER, NEVER, PROGRAM, Released
from tests.engine.stack import Stack

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.timeout(600)]


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An account for each test: the fleets of all have the same names."""
    yield process.start(tmp_path / "account")
    process.stop(tmp_path / "account")


@pytest.fixture
def released(tmp_path: Path, emulator: Emulator) -> Released:
    """A fleet that is up in its first version."""
    made = Released(Stack.new(tmp_path, emulator, PROGRAM))
    made.stack.up()
    return made


def test_a_release_is_waited_for_and_shown_and_there_is_a_way_back_of_two(released: Released) -> None:
    assert released.serves == ("1", {"1"})

    released.change(application="two")
    assert set(released.stack.preview()) == {("update", "eu-west-1-template"), ("update", "release-eu-west-1")}
    printed = released.stack.run("up", "--yes", "--skip-preview")
    assert released.serves == ("2", {"2"})
    assert "version 2: released in place of version 1" in printed
    zones = "eu-west-1a 1 (new|old), eu-west-1b 1 (new|old)"  # which of them a look meets is up to the machine
    assert re.search(rf"[0-9]+ percent, [a-z, ]+; {zones}; 2 of 2 servers healthy", printed)
    assert "watching the alarms" in printed
    assert released.stays()
    assert released.stays("--refresh")

    released.change(application="three")
    released.stack.up()
    released.change(release={"version": 2})
    released.stack.up()
    assert released.serves == ("2", {"2"})
    released.change(release={"version": 1})
    released.stack.up()
    assert released.serves == ("1", {"1"})
    assert released.stays()
    released.change(release={"version": 9})
    assert "has no version 9" in released.fails()
    assert released.serves == ("1", {"1"})
    assert released.refreshes == ["Successful"] * 4


def test_a_version_that_fails_is_taken_back_and_the_group_never_has_it(released: Released) -> None:
    released.change(environment=NEVER)
    printed = released.fails()
    assert "version 2 was rolled back, version 1 serves again; 2 new servers failed the health checks" in printed
    assert "Health checks failed with these codes: [502]" in printed
    assert "REHEARSAL_HEALTH=never: exit code 1" in printed
    assert released.serves == ("1", {"1"})
    assert released.one_more() == "1"

    released.change(environment=LATER)
    printed = released.fails()
    assert "version 3 was rolled back, version 1 serves again" in printed
    assert "alarm eu-west-1-errors" in printed
    assert released.one_more() == "1"

    released.fails()  # tries again
    assert released.refreshes == ["RollbackSuccessful"] * 3

    released.change(environment=None)  # the program as it was: the same servers, which need not be replaced
    servers = {each["InstanceId"] for each in released.group["Instances"]}
    released.stack.up()
    assert {each["InstanceId"] for each in released.group["Instances"]} == servers
    assert released.group["LaunchTemplate"]["Version"] == "4"
    assert released.stays()

    released.change(application="two", minimum=3)
    released.stack.up()
    assert released.serves == ("5", {"5"})


def test_canaries_that_set_off_an_alarm_are_the_only_servers_that_were_replaced(released: Released) -> None:
    released.change(minimum=4)
    released.stack.up()
    released.change(environment=LATER, release={"canary_percent": 25})
    before = {each["InstanceId"] for each in released.group["Instances"]}
    assert "version 2 was rolled back" in released.fails()
    assert len(before & {each["InstanceId"] for each in released.group["Instances"]}) == 3
    assert released.serves == ("1", {"1"})


def test_an_up_that_was_interrupted_is_joined_or_taken_back(released: Released) -> None:
    released.change(application="two", release={"canary_percent": 50, "canary_seconds": 12_000})
    interrupt(released)
    assert released.stack.tried("cancel", "--yes").returncode == 0
    released.stack.up()
    assert released.serves == ("2", {"2"})
    assert released.refreshes == ["Successful"]
    assert released.stays()

    released.change(application="three", release={"canary_percent": 50, "canary_seconds": 100_000})
    interrupt(released)
    assert released.stack.tried("cancel", "--yes").returncode == 0
    released.change(application="four", release={})
    assert "taking back the unfinished release of version 3" in released.stack.run("up", "--yes", "--skip-preview")
    assert released.serves == ("4", {"4"})
    assert released.refreshes == ["Successful", "RollbackSuccessful", "Successful"]
    assert released.stays()


def interrupt(released: Released) -> None:
    """Kill an `up` while its release is under way."""
    stack, group = released.stack, released.group["AutoScalingGroupName"]
    started = len(released.refreshes_of(group))
    command = [str(stack.home.bin / "pulumi"), "up", "--yes", "--skip-preview", "--non-interactive"]
    running = subprocess.Popen(
        command,
        cwd=stack.project,
        env={**stack.home.environment(stack.emulator), SAVED_AT_THE_END: "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while len(released.refreshes_of(group)) == started and time.monotonic() < until:
        time.sleep(0.2)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert len(released.refreshes_of(group)) == started + 1


def test_the_standby_is_released_first_and_one_that_fails_keeps_the_primary_as_it_is(
    tmp_path: Path, emulator: Emulator
) -> None:
    stack = Stack.new(tmp_path, emulator, PROGRAM)
    primary, standby = Released(stack, "eu-west-1"), Released(stack, "eu-central-1")
    primary.change(regions=["eu-west-1", "eu-central-1"])
    stack.up()

    primary.change(environment=NEVER)
    printed = primary.fails()
    assert "eu-central-1-group" in printed
    assert (primary.refreshes, standby.refreshes) == ([], ["RollbackSuccessful"])
    assert primary.serves == standby.serves == ("1", {"1"})

    primary.change(environment=None, application="two")
    printed = stack.run("up", "--yes", "--skip-preview")
    assert printed.index("Parameter release-eu-central-1 updated") < printed.index("release-eu-west-1 updating")
    assert primary.serves == standby.serves == ("3", {"3"})
    assert primary.stays()


def test_a_release_is_made_by_the_plugin_where_the_program_is_in_another_language(
    tmp_path: Path, emulator: Emulator
) -> None:
    program = PROGRAM.replace("from ha_web import Fleet, Release\n", FOREIGN)
    foreign = Released(Stack.new(tmp_path, emulator, program))
    plugin = {"providers": [{"name": "ha-web", "path": str(CHECKOUT / "components")}]}
    file = foreign.stack.project / "Pulumi.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "plugins": plugin}))
    foreign.stack.up()

    foreign.change(environment=NEVER)
    assert "version 2 was rolled back, version 1 serves again" in foreign.fails()
    foreign.change(environment=None, application="two")
    assert "released in place of version 1" in foreign.stack.run("up", "--yes", "--skip-preview")
    assert foreign.serves == ("3", {"3"})
    assert foreign.stays()
