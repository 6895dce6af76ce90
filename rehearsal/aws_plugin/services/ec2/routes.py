"""EC2: route tables, routes, their associations, gateway endpoints and flow logs."""

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, Call, Hook, HookContext, Members, Read, Type
from rehearsal.aws_plugin.services.ec2.vpc import ec2_arn, ec2_tags

ROUTE = {"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}
DESTINATION = {
    "RouteTableId": "{routeTableId}",
    "DestinationCidrBlock": "{destinationCidrBlock}",
    "DestinationIpv6CidrBlock": "{destinationIpv6CidrBlock}",
    "DestinationPrefixListId": "{destinationPrefixListId}",
}


LOGGED = ("vpcId", "regionalNatGatewayId")
"""Arguments that name what a flow log is of."""


def _refuse_no_or_two_to_log(context: HookContext) -> None:
    given = [name for name in LOGGED if context.args.get(name)]
    if len(given) != 1:
        raise RefusedError(given[-1] if given else LOGGED[0], f"is required: exactly one of {', '.join(LOGGED)}")


def _without_streams(destination: str) -> str:
    return destination.removesuffix(":*")


def _association(context: HookContext) -> Mapping[str, Any] | None:
    """The association of the subnet or gateway as it is now; a replaced one has another id than the resource's."""
    subnet, gateway = context.args.get("subnetId"), context.args.get("gatewayId")
    what = ("association.subnet-id", subnet) if subnet else ("association.gateway-id", gateway)
    tables = context.call("DescribeRouteTables", {"Filters": [{"Name": what[0], "Values": [what[1]]}]})["RouteTables"]
    for each in (each for table in tables for each in table["Associations"]):
        if what[1] in (each.get("SubnetId"), each.get("GatewayId")):
            return {"routeTableId": each["RouteTableId"], "association": each["RouteTableAssociationId"]}
    return None


def _leave_subnets(context: HookContext) -> None:
    """End all associations of a table that is to be deleted, whoever made them."""
    tables = context.call("DescribeRouteTables", {"RouteTableIds": [context.id]})["RouteTables"]
    for each in (each for table in tables for each in table["Associations"]):
        context.call("DisassociateRouteTable", {"AssociationId": each["RouteTableAssociationId"]})


def _move_association(context: HookContext) -> None:
    found = _association(context) or {"association": context.id}
    request = {"AssociationId": found["association"], "RouteTableId": context.args["routeTableId"]}
    if not context.dry:
        context.call("ReplaceRouteTableAssociation", request)


def _end_association(context: HookContext) -> None:
    found = _association(context)
    if found:
        context.call("DisassociateRouteTable", {"AssociationId": found["association"]})


def _endpoint_members(argument: str, member: str) -> Members:
    """A set of a VPC endpoint: AddSubnetIds, RemoveSubnetIds ..."""
    return Members(
        argument,
        Call("ModifyVpcEndpoint", {"VpcEndpointId": "{id}", f"Add{member}": "{added}"}),
        Call("ModifyVpcEndpoint", {"VpcEndpointId": "{id}", f"Remove{member}": "{removed}"}),
        created=True,
    )


TYPES = [
    Type(
        "aws:ec2/routeTable:RouteTable",
        "ec2",
        create=Call("CreateRouteTable"),
        id="RouteTable.RouteTableId",
        read=Read("DescribeRouteTables", {"RouteTableIds": ["{id}"]}, "RouteTables[0]", rename={"routes": "`null`"}),
        delete=(Hook(_leave_subnets), Call("DeleteRouteTable", {"RouteTableId": "{id}"})),
        tags=ec2_tags("route-table"),
        outputs={"arn": ec2_arn("route-table")},
    ),
    Type(
        "aws:ec2/route:Route",
        "ec2",
        create=Call("CreateRoute", DESTINATION, rename=ROUTE),
        update=(Call("ReplaceRoute", DESTINATION, rename=ROUTE),),
        id="r-{routeTableId}-{destinationCidrBlock || destinationIpv6CidrBlock || destinationPrefixListId}",
        read=Read(
            "DescribeRouteTables",
            {"RouteTableIds": ["{routeTableId}"]},
            "RouteTables[0].Routes[?DestinationCidrBlock=='{destinationCidrBlock || '-'}'"
            " || DestinationIpv6CidrBlock=='{destinationIpv6CidrBlock || '-'}'"
            " || DestinationPrefixListId=='{destinationPrefixListId || '-'}'] | [0]",
        ),
        delete=Call("DeleteRoute", DESTINATION),
    ),
    Type(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "ec2",
        create=Call("AssociateRouteTable"),
        update=(Hook(_move_association, ("routeTableId",)),),
        id="AssociationId",
        read=Hook(_association),
        delete=Hook(_end_association),
    ),
    Type(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "ec2",
        create=Call("CreateVpcEndpoint", rename={"policy": "PolicyDocument"}),
        then=(
            _endpoint_members("routeTableIds", "RouteTableIds"),
            _endpoint_members("subnetIds", "SubnetIds"),
            _endpoint_members("securityGroupIds", "SecurityGroupIds"),
        ),
        update=(
            Call(
                "ModifyVpcEndpoint",
                {"VpcEndpointId": "{id}"},
                rename={"policy": "PolicyDocument"},
                takes=("policy", "privateDnsEnabled", "ipAddressType", "dnsOptions"),
            ),
        ),
        id="VpcEndpoint.VpcEndpointId",
        read=Read(
            "DescribeVpcEndpoints",
            {"VpcEndpointIds": ["{id}"]},
            "VpcEndpoints[?State!='deleted'] | [0]",
            rename={"securityGroupIds": "Groups[].GroupId"},
        ),
        delete=Call(
            "DeleteVpcEndpoints",
            {"VpcEndpointIds": ["{id}"]},
            failed="Unsuccessful[?Error.Code!='InvalidVpcEndpoint.NotFound'] | [0].Error.Message",
        ),
        tags=ec2_tags("vpc-endpoint"),
        replace_when={"privateDnsEnabled": lambda _, new: new.get("vpcEndpointType") != "Interface"},
        volatile=("networkInterfaceIds",),
        unannounced={
            "networkInterfaceIds": (
                *("dnsOptions", "ipAddressType", "policy", "privateDnsEnabled", "routeTableIds", "securityGroupIds"),
                "tags",
            )
        },
        default={"vpcEndpointType": "Gateway"},
        computed=("policy",),
        outputs={"arn": ec2_arn("vpc-endpoint")},
    ),
    Type(
        "aws:ec2/flowLog:FlowLog",
        "ec2",
        create=Call(
            "CreateFlowLogs",
            {"ResourceType": "{regionalNatGatewayId && 'RegionalNatGateway' || 'VPC'}"},
            rename={
                **dict.fromkeys(LOGGED, "ResourceIds[0]"),
                "iamRoleArn": "DeliverLogsPermissionArn",
                # the ARN of a log group may be given as its permissions are written: for all of its streams
                "logDestination": As("LogDestination", to=_without_streams, back=str),
            },
            failed="Unsuccessful[0].Error.Message",
            skip=("subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId"),
        ),
        then=(Hook(_refuse_no_or_two_to_log, dry=True),),
        id="FlowLogIds[0]",
        read=Read(
            "DescribeFlowLogs",
            {"FlowLogIds": ["{id}"]},
            "FlowLogs[0]",
            rename={
                "vpcId": "ResourceId && starts_with(ResourceId, 'vpc-') && ResourceId || null",
                "regionalNatGatewayId": "ResourceId && starts_with(ResourceId, 'nat-') && ResourceId || null",
            },
        ),
        delete=Call(
            "DeleteFlowLogs",
            {"FlowLogIds": ["{id}"]},
            failed="Unsuccessful[?Error.Code!='InvalidFlowLogId.NotFound'] | [0].Error.Message",
        ),
        tags=ec2_tags("vpc-flow-log"),
        required=("trafficType",),
        default={"logDestinationType": "cloud-watch-logs"},
        outputs={"arn": ec2_arn("vpc-flow-log")},
    ),
]
