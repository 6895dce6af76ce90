"""The server as a process: started once, found again, ended by its id."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from rehearsal.emulator import process

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
            aws_access_key_id="x",
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


def test_a_stranger_on_the_port_is_not_taken_for_the_server(started: process.Emulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", started.port)
    connection.request("GET", "/_rehearsal/nothing")
    assert connection.getresponse().status == 404


def test_the_command_line_tells_where_the_server_is(home: Path, started: process.Emulator) -> None:
    command = [sys.executable, "-m", "rehearsal.emulator", "status", "--home"]
    found = subprocess.run([*command, str(home)], capture_output=True, text=True, check=False)
    assert found.stdout == f"{started.endpoint} (process {started.pid})\n"
    nothing = subprocess.run([*command, str(home / "elsewhere")], capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stdout) == (1, "not running\n")
