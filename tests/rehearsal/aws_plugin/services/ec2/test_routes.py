"""Routes, endpoints and flow logs, as the real provider treats them."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client, Network
from tests.rehearsal.aws_plugin.asked import of_creation, of_deletion
from tests.rehearsal.aws_plugin.rehearsed import Program

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
ROLE = "arn:aws:iam::123456789012:role/logs"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:flows"
LOG = {"vpcId": "vpc-1", "trafficType": "ALL", "iamRoleArn": ROLE, "logDestination": GROUP}


@pytest.fixture
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_route_may_lead_to_a_prefix_list() -> None:
    route = {"routeTableId": "rtb-1", "destinationPrefixListId": "pl-1", "natGatewayId": "nat-1"}
    [made] = of_creation("aws:ec2/route:Route", route)
    assert (made["DestinationPrefixListId"], made["NatGatewayId"]) == ("pl-1", "nat-1")
    [deleted] = of_deletion("aws:ec2/route:Route", route)
    assert deleted == {"call": "DeleteRoute", "RouteTableId": "rtb-1", "DestinationPrefixListId": "pl-1"}


def test_a_table_leaves_its_subnets_before_it_is_deleted(program: Program, network: Network, aws: Client) -> None:
    table = program.up("aws:ec2/routeTable:RouteTable", vpcId=network.vpc)
    aws("ec2").associate_route_table(RouteTableId=table.id, SubnetId=network.subnets[0])
    table.delete()
    assert table.gone()


@pytest.mark.parametrize(("kind", "replaced"), [("Gateway", True), ("Interface", False)])
def test_private_names_of_a_gateway_endpoint_replace_it(kind: str, *, replaced: bool) -> None:
    old = {"vpcId": "vpc-1", "vpcEndpointType": kind, "privateDnsEnabled": False}
    found = between(registry.type_of(ENDPOINT), old, {}, {**old, "privateDnsEnabled": True}, REGION, {})
    assert (found.replaces == ["privateDnsEnabled"]) == replaced


def test_a_flow_logs_group_may_be_named_with_its_streams() -> None:
    [made] = of_creation(
        FLOW_LOG, {**LOG, "logDestination": f"{GROUP}:*"}, {"CreateFlowLogs": {"FlowLogIds": ["fl-1"]}}
    )
    assert made["LogDestination"] == GROUP


@pytest.mark.parametrize("code", ["InvalidFlowLogId.NotFound", "UnauthorizedOperation"])
def test_what_aws_did_not_do_fails_unless_it_is_gone(
    program: Program, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    refused = {
        "FlowLogIds": ["fl-1"],
        "Unsuccessful": [{"ResourceId": "vpc-1", "Error": {"Code": code, "Message": "no"}}],
    }
    monkeypatch.setattr(Context, "call", lambda *_, **__: refused)
    with pytest.raises(CallError, match="CreateFlowLogs: no"):
        program.up(FLOW_LOG, **LOG)
    log = program.resource(FLOW_LOG)
    log.id, log.inputs = "fl-1", LOG
    if code.endswith("NotFound"):
        log.delete()
        return
    with pytest.raises(CallError, match="DeleteFlowLogs: no"):
        log.delete()
