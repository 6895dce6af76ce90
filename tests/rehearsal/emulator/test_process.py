"""The server as a process: started once, found again, ended by its id."""

import fcntl
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from rehearsal.emulator import life, process, record
from rehearsal.home import CHECKOUT
from tests.conftest import clients, error_code

pytestmark = pytest.mark.xdist_group("emulator-process")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("process")


@pytest.fixture(autouse=True)
def started(home: Path) -> process.Emulator:
    """The server of this module: whatever a test did to the one before, the next finds one running."""
    return process.start(home)


@pytest.fixture(scope="module", autouse=True)
def _ended(home: Path) -> object:
    yield
    process.stop(home)


def test_a_second_start_finds_the_first(home: Path, started: process.Emulator) -> None:
    again = process.start(home)
    assert (again.pid, again.port, again.fresh) == (started.pid, started.port, False)
    assert process.running(home) == again


def test_starts_side_by_side_make_one_server(home: Path) -> None:
    process.stop(home)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: process.start(home), range(4)))
    assert len({emulator.pid for emulator in found}) == 1
    assert [emulator.fresh for emulator in found].count(True) == 1


def test_a_stopped_server_is_gone_and_its_port_is_preferred_again(home: Path, started: process.Emulator) -> None:
    process.stop(home)
    assert process.running(home) is None
    with pytest.raises(ProcessLookupError):
        os.kill(started.pid, 0)
    again = process.start(home)
    assert again.port == started.port
    assert again.fresh
    assert again.pid != started.pid


def test_a_taken_port_is_not_waited_for(home: Path, started: process.Emulator) -> None:
    process.stop(home)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", started.port))
        other.listen()
        assert process.start(home).port != started.port


def test_the_file_of_a_machine_that_went_down_is_not_believed(home: Path, started: process.Emulator) -> None:
    os.kill(started.pid, signal.SIGKILL)
    os.waitpid(started.pid, 0) if started.fresh else None
    assert process.running(home) is None
    assert process.start(home).fresh


def test_a_process_that_got_the_servers_id_is_left_alone(home: Path, started: process.Emulator) -> None:
    process.stop(home)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (home / "emulator.json").write_text(json.dumps({"pid": stranger.pid, "port": started.port, "token": "x"}))
        try:
            assert process.running(home) is None
            process.stop(home)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_the_server_listens_on_the_loopback_address_only(started: process.Emulator) -> None:
    listening = subprocess.run(
        [sys.executable, "-c", LISTENING, str(started.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    if not listening:
        pytest.skip("this system has no /proc to look into")
    assert listening == [f"127.0.0.1:{started.port}"]


LISTENING = """
import os, sys
pid = sys.argv[1]
if os.path.isdir(f"/proc/{pid}/fd"):
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{fd}")
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for table in ("tcp", "tcp6"):
        for line in open(f"/proc/net/{table}").readlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                ip = ".".join(str(b) for b in bytes.fromhex(address)[::-1]) if len(address) == 8 else address
                print(f"{ip}:{int(port, 16)}")
"""
"""Prints what a process listens on (state 0A), from Linux's tables."""


def test_a_reset_leaves_what_a_new_account_has(started: process.Emulator) -> None:
    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name="eu-west-1",
            endpoint_url=started.endpoint,
            aws_access_key_id=started.key,
            aws_secret_access_key="x",
        )

    ec2, s3, route53 = client("ec2"), client("s3"), client("route53")
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    s3.create_bucket(Bucket="to-be-gone", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    started.reset()
    assert [v["IsDefault"] for v in ec2.describe_vpcs()["Vpcs"]] == [True]
    assert s3.list_buckets()["Buckets"] == []
    zones = route53.list_hosted_zones()["HostedZones"]
    assert [zone["Name"] for zone in zones] == ["example.com."]


def test_a_stranger_on_the_port_is_not_taken_for_the_server(home: Path, started: process.Emulator) -> None:
    record.write(home, replace(record.read(home), token="another"))
    assert process.running(home) is None
    process.stop(home)
    assert gone(started.pid)


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"port": 99999}',
        '{"port": -1, "pid": 4}',
        '{"port": "80"}',
        '{"port": 80, "pid": true}',
        '{"port": 80, "pid": 1, "key": null}',
    ],
)
def test_a_damaged_file_is_said_and_started_afresh(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "emulator.json").write_text(content)
    with pytest.raises(record.DamagedError):
        record.read(tmp_path)
    assert process.running(tmp_path) is None
    process.stop(tmp_path)  # which isn't tripped up by it
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: (_ for _ in ()).throw(ProcessLookupError))
    with pytest.raises(ProcessLookupError):
        process.start(tmp_path)
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{tmp_path / 'emulator.json'} ")
    assert line.endswith("starting the emulated AWS afresh, on a free port")


def test_a_server_starts_in_spite_of_a_port_out_of_range(tmp_path: Path) -> None:
    (tmp_path / "emulator.json").write_text('{"port": 99999}')
    try:
        assert process.start(tmp_path).port < 65536
    finally:
        process.stop(tmp_path)


def test_only_the_owner_of_the_home_can_read_the_key(home: Path, started: process.Emulator) -> None:
    assert started.key in (home / "emulator.json").read_text()
    assert stat.S_IMODE((home / "emulator.json").stat().st_mode) == 0o600
    assert started.key not in repr(started)


def test_each_start_has_a_key_of_its_own(home: Path, started: process.Emulator) -> None:
    process.stop(home)
    assert started.key not in (home / "emulator.json").read_text()
    assert process.start(home).key != started.key


START = """
import sys, time
from pathlib import Path
from rehearsal.emulator import life, process, record
from rehearsal.home import CHECKOUT
print(process.start(Path(sys.argv[1]), outlives=sys.argv[2] == "outlives").pid, flush=True)
time.sleep(600)
"""


def started_by_a_process_that_is_killed(home: Path, how: str, environment: dict[str, str]) -> int:
    """The id of a server whose starter is gone."""
    command = [sys.executable, "-c", START, str(home), how]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        starter.kill()
    return pid


def gone(pid: int, within: float = 10.0) -> bool:
    """Whether a process ends within so many seconds; one that nobody has waited for has ended."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if status.stdout.strip()[:1] in ("", "Z"):
            return True
        time.sleep(0.1)
    return False


def test_a_server_ends_with_the_process_that_started_it_however_that_ended(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != life.OWNER}
    assert gone(started_by_a_process_that_is_killed(tmp_path, "with its starter", environment))


def test_a_server_that_is_to_outlive_its_starter_lives_until_it_is_stopped(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != life.OWNER}
    pid = started_by_a_process_that_is_killed(tmp_path, "outlives", environment)
    assert not gone(pid, within=2 * life.INTERVAL + 1)
    process.stop(tmp_path)
    assert gone(pid)


def test_what_a_test_run_starts_by_any_command_ends_with_the_test_run(tmp_path: Path) -> None:
    owner = tmp_path / "owner.lock"
    with owner.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        pid = started_by_a_process_that_is_killed(tmp_path, "outlives", {**os.environ, life.OWNER: str(owner)})
        assert not gone(pid, within=1)
    assert gone(pid)


def test_a_server_whose_home_is_gone_ends(tmp_path: Path) -> None:
    pid = process.start(tmp_path / "home").pid
    shutil.rmtree(tmp_path / "home")
    assert gone(pid)


def test_the_command_line_tells_where_the_server_is(home: Path, started: process.Emulator) -> None:
    command = [sys.executable, "-m", "rehearsal.emulator", "status", "--home"]
    found = subprocess.run([*command, str(home)], capture_output=True, text=True, check=False)
    assert found.stdout == f"{started.endpoint} (process {started.pid})\n"
    nothing = subprocess.run([*command, str(home / "elsewhere")], capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stdout) == (1, "not running\n")


def test_a_new_accounts_quotas_are_enforced_where_that_is_asked_for(started: process.Emulator) -> None:
    aws = clients(started)
    ec2, functions = aws("ec2"), aws("lambda")
    role = aws("iam").create_role(RoleName="f", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = {"Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": b"x"}}
    functions.create_function(FunctionName="f", Role=role, **given)
    reserve = {"FunctionName": "f", "ReservedConcurrentExecutions": 1}
    started.be_new()
    assert [error_code(ec2.allocate_address) for _ in range(6)] == [""] * 5 + ["AddressLimitExceeded"]
    assert error_code(functions.put_function_concurrency, **reserve) == "InvalidParameterValueException"
    assert error_code(functions.put_function_concurrency, **{**reserve, "ReservedConcurrentExecutions": 0}) == ""
    started.reset()
    assert [error_code(ec2.allocate_address) for _ in range(6)] == [""] * 6


def test_a_new_account_launches_as_many_servers_as_its_vcpus_allow(started: process.Emulator) -> None:
    aws = clients(started)
    ec2, scaling = aws("ec2"), aws("autoscaling")
    images = ec2.describe_images(Filters=[{"Name": "architecture", "Values": ["arm64"]}])["Images"]
    data = {"ImageId": images[0]["ImageId"], "InstanceType": "t4g.small"}
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    subnets = ",".join(each["SubnetId"] for each in ec2.describe_subnets()["Subnets"])
    template = {"LaunchTemplateName": "web", "Version": "$Latest"}
    started.be_new()
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="g", MinSize=3, MaxSize=3, VPCZoneIdentifier=subnets, LaunchTemplate=template
    )
    [group] = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert len(group["Instances"]) == 2  # of two vCPUs each, of five
    failed, *_ = scaling.describe_scaling_activities(AutoScalingGroupName="g")["Activities"]
    assert (failed["StatusCode"], "current vCPU limit of 5" in failed["StatusMessage"]) == ("Failed", True)
