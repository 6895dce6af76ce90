"""The emulated plugin on the wire: what the engine sends and gets, through a real gRPC connection."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.aws_plugin.calls import answer
from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.provider.server import serve
from rehearsal.emulator.process import Emulator
from rehearsal.plugin import sdk
from rehearsal.plugin.install import write_launcher
from rehearsal.plugin.wire import plain, struct
from tests.conftest import REGION, Client

CONFIG = {"region": REGION, "accessKey": "rehearsal", "secretKey": "rehearsal"}
KIND = proto.PropertyDiff.Kind


def urn(token: str, name: str = "it", parents: str = "ha-web:index:Network$") -> str:
    """What the engine sends: the type is the last of its parents' chain."""
    return f"urn:pulumi:dev::project::{parents}{token}::{name}"


@pytest.fixture
def stub() -> Iterator[Any]:
    server, port = serve()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(0)


@pytest.fixture
def plugin(stub: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    stub.Configure(proto.ConfigureRequest(args=struct(CONFIG)))
    return stub


def test_the_plugin_has_the_version_of_the_sdk(stub: Any) -> None:
    assert stub.GetPluginInfo(empty_pb2.Empty()).version == sdk.version("aws")


def test_an_endpoint_that_is_not_on_this_machine_is_refused(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with pytest.raises(grpc.RpcError, match=r"talks to 127\.0\.0\.1 only"):
        stub.Configure(proto.ConfigureRequest(args=struct(CONFIG)))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://aws.example")
    with pytest.raises(grpc.RpcError, match=r"talks to 127\.0\.0\.1 only"):
        stub.Configure(proto.ConfigureRequest(args=struct(CONFIG)))


def test_a_real_stack_is_refused(stub: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.key)
    with pytest.raises(grpc.RpcError, match="only rehearses; real stacks use the PULUMI_HOME of their own"):
        stub.Configure(proto.ConfigureRequest(args=struct({"region": REGION})))
    found = stub.CheckConfig(
        proto.CheckRequest(urn=urn("pulumi:providers:aws", "p", ""), news=struct({"region": REGION}))
    )
    assert [failure.property for failure in found.failures] == ["accessKey"]


def test_nothing_is_made_before_the_plugin_is_configured(stub: Any) -> None:
    with pytest.raises(grpc.RpcError, match="not configured"):
        stub.Create(proto.CreateRequest(urn=urn("aws:ec2/vpc:Vpc"), properties=struct({"cidrBlock": "10.0.0.0/16"})))


def test_a_resource_lives_from_check_to_delete(plugin: Any, aws: Client) -> None:
    where = urn("aws:ec2/vpc:Vpc")
    inputs = plugin.Check(proto.CheckRequest(urn=where, news=struct({"cidrBlock": "10.0.0.0/16"}))).inputs
    made = plugin.Create(proto.CreateRequest(urn=where, properties=inputs))
    assert aws("ec2").describe_vpcs(VpcIds=[made.id])["Vpcs"][0]["CidrBlock"] == "10.0.0.0/16"

    news = struct({"cidrBlock": "10.0.0.0/16", "tags": {"Name": "a"}})
    request = {"id": made.id, "urn": where, "olds": made.properties, "old_inputs": inputs, "news": news}
    found = plugin.Diff(proto.DiffRequest(**request))
    assert found.changes == proto.DiffResponse.DIFF_SOME
    assert {path: KIND.Name(each.kind) for path, each in found.detailedDiff.items()} == {"tags": "ADD"}
    updated = plugin.Update(proto.UpdateRequest(**request))
    assert plain(updated.properties)["tagsAll"] == {"Name": "a"}

    read = plugin.Read(proto.ReadRequest(id=made.id, urn=where, properties=updated.properties, inputs=news))
    assert (read.id, plain(read.inputs)) == (made.id, plain(news))
    assert plain(read.properties) == plain(updated.properties)
    plugin.Delete(proto.DeleteRequest(id=made.id, urn=where, properties=updated.properties, old_inputs=news))
    gone = plugin.Read(proto.ReadRequest(id=made.id, urn=where, properties=updated.properties, inputs=news))
    assert gone.id == ""


def test_a_removed_argument_is_seen_and_an_immutable_one_replaces(plugin: Any) -> None:
    olds = struct({"cidrBlock": "10.0.0.0/16", "enableDnsSupport": True, "region": REGION})
    found = plugin.Diff(
        proto.DiffRequest(
            id="vpc-1",
            urn=urn("aws:ec2/vpc:Vpc"),
            olds=olds,
            old_inputs=olds,
            news=struct({"cidrBlock": "10.1.0.0/16"}),
        )
    )
    kinds = {path: KIND.Name(each.kind) for path, each in found.detailedDiff.items()}
    assert kinds == {"cidrBlock": "UPDATE_REPLACE", "enableDnsSupport": "DELETE"}
    assert list(found.replaces) == ["cidrBlock"]


def test_nothing_changed_is_no_difference(plugin: Any) -> None:
    olds = struct({"cidrBlock": "10.0.0.0/16"})
    where = urn("aws:ec2/vpc:Vpc")
    found = plugin.Diff(proto.DiffRequest(id="vpc-1", urn=where, olds=olds, old_inputs=olds, news=olds))
    assert found.changes == proto.DiffResponse.DIFF_NONE


def test_failures_name_type_argument_and_reason(plugin: Any) -> None:
    found = plugin.Check(proto.CheckRequest(urn=urn("aws:ec2/vpc:Vpc"), news=struct({"cidrBlok": "10.0.0.0/16"})))
    assert [(each.property, each.reason) for each in found.failures] == [
        ("cidrBlok", 'aws:ec2/vpc:Vpc: cidrBlok: the SDK\'s class has no such argument (did you mean "cidrBlock"?)')
    ]


def test_a_preview_makes_nothing_and_keeps_unknown_values(plugin: Any, aws: Client) -> None:
    where = urn("aws:ec2/subnet:Subnet")
    args = struct({"vpcId": UNKNOWN, "cidrBlock": "10.9.0.0/24"})
    checked = plugin.Check(proto.CheckRequest(urn=where, news=args))
    assert not checked.failures
    made = plugin.Create(proto.CreateRequest(urn=where, properties=checked.inputs, preview=True))
    assert made.id == ""
    assert plain(made.properties)["vpcId"] == UNKNOWN
    filters = [{"Name": "cidrBlock", "Values": ["10.9.0.0/24"]}]
    assert aws("ec2").describe_subnets(Filters=filters)["Subnets"] == []


def test_a_request_that_aws_would_refuse_is_refused_in_one_line(plugin: Any) -> None:
    where = urn("aws:ec2/subnet:Subnet", "web-a")
    args = struct({"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.0.0/24"})
    with pytest.raises(grpc.RpcError) as refused:
        plugin.Create(proto.CreateRequest(urn=where, properties=args))
    details: str = refused.value.details()
    assert details.startswith('aws:ec2/subnet:Subnet "web-a": CreateSubnet: InvalidVpcID.NotFound:')
    assert "\n" not in details


def test_what_was_made_before_a_call_failed_is_kept(plugin: Any) -> None:
    where = urn("aws:iam/role:Role", f"r{time.time_ns()}")
    arns = ["arn:aws:iam::123456789012:policy/nowhere"]
    args = struct({"assumeRolePolicy": "{}", "managedPolicyArns": arns})
    inputs = plugin.Check(proto.CheckRequest(urn=where, news=args, randomSeed=b"x")).inputs
    with pytest.raises(grpc.RpcError) as refused:
        plugin.Create(proto.CreateRequest(urn=where, properties=inputs))
    sent = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    assert b"ErrorResourceInitFailed" in sent
    assert plain(inputs)["name"].encode() in sent


def test_a_generated_name_is_kept_and_a_new_one_is_made_for_a_replacement(plugin: Any) -> None:
    where = urn("aws:ec2/securityGroup:SecurityGroup", "web")
    first = plugin.Check(proto.CheckRequest(urn=where, news=struct({"vpcId": "v"}), randomSeed=b"1")).inputs
    again = plugin.Check(proto.CheckRequest(urn=where, news=struct({"vpcId": "v"}), olds=first, randomSeed=b"2")).inputs
    other = plugin.Check(proto.CheckRequest(urn=where, news=struct({"vpcId": "v"}), randomSeed=b"2")).inputs
    assert plain(again)["name"] == plain(first)["name"] != plain(other)["name"]


def test_the_launcher_starts_within_a_second_and_prints_its_port(tmp_path: Path) -> None:
    launcher = write_launcher(tmp_path, "aws")
    begin = time.monotonic()
    with subprocess.Popen([launcher], stdout=subprocess.PIPE, cwd=tmp_path, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        took = time.monotonic() - begin
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            info = stub.GetPluginInfo(empty_pb2.Empty(), timeout=5)
        process.terminate()
    assert info.version == sdk.version("aws")
    assert took < 5, f"took {took:.1f} s; an idle machine needs 0.3 s"
    assert process.returncode == 0


def test_recorded_operations_are_listed_from_an_export() -> None:
    export = (
        '{"deployment": {"resources": [{"type": "aws:x/y:Y", "outputs": {"__recorded": ["DoIt"]}}, {"type": "a"}]}}'
    )
    command = [sys.executable, "-m", "rehearsal.aws_plugin.provider.recorded"]
    done = subprocess.run(command, input=export, capture_output=True, text=True, check=True)
    assert done.stdout == "aws:x/y:Y: DoIt\n"


def test_numbers_and_nothing_survive_the_wire() -> None:
    value = {"whole": 3, "part": 1.5, "no": False, "list": [], "nested": {"a": [1, None, {"b": "c"}]}, "text": ""}
    assert plain(struct({**value, "none": None})) == value


def test_what_aws_made_of_an_argument_differs_at_the_second_up_unless_the_program_ignores_it(
    plugin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = answer.observe
    monkeypatch.setattr(answer, "observe", lambda context: {**(seen(context) or {}), "enableDnsHostnames": False})
    where, given = urn("aws:ec2/vpc:Vpc"), struct({"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    inputs = plugin.Check(proto.CheckRequest(urn=where, news=given)).inputs
    made = plugin.Create(proto.CreateRequest(urn=where, properties=inputs))
    assert plain(made.properties)["enableDnsHostnames"] is False
    again = {"id": made.id, "urn": where, "olds": made.properties, "old_inputs": inputs, "news": inputs}
    found = plugin.Diff(proto.DiffRequest(**again))
    assert {path: KIND.Name(each.kind) for path, each in found.detailedDiff.items()} == {"enableDnsHostnames": "UPDATE"}
    ignored = plugin.Diff(proto.DiffRequest(**again, ignoreChanges=["enableDnsHostnames"]))
    assert ignored.changes == proto.DiffResponse.DIFF_NONE
