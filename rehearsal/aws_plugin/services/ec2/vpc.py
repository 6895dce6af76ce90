"""EC2: VPCs, subnets, addresses and gateways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Members, Read, Refuse, Tags, Type


def ec2_tags(resource_type: str) -> Tags:
    """The tagging of a kind of resource of EC2."""
    return Tags("CreateTags", "DeleteTags", {"Resources": ["{id}"]}, resource_type=resource_type)


def ec2_arn(kind: str) -> str:
    """The ARN of a kind of resource, which most of EC2's answers leave out."""
    return f"arn:{{partition}}:ec2:{{region}}:{{account}}:{kind}/{{id}}"


def _of_vpc(*filters: tuple[str, str]) -> dict[str, object]:
    every = [("vpc-id", "{id}"), *filters]
    return {"Filters": [{"Name": name, "Values": [value]} for name, value in every]}


SUBNET_ATTRIBUTES = (
    "assignIpv6AddressOnCreation",
    "customerOwnedIpv4Pool",
    "enableDns64",
    "enableLniAtDeviceIndex",
    "enableResourceNameDnsARecordOnLaunch",
    "enableResourceNameDnsAaaaRecordOnLaunch",
    "mapCustomerOwnedIpOnLaunch",
    "mapPublicIpOnLaunch",
    "privateDnsHostnameTypeOnLaunch",
)
"""ModifySubnetAttribute accepts one of them at a time."""

DNS_OPTIONS = "PrivateDnsNameOptionsOnLaunch"

VPC_ATTRIBUTES = ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics")

GENERATED = ("assignGeneratedIpv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup")

ASSOCIATED = "Ipv6CidrBlockAssociationSet[?Ipv6CidrBlockState.State=='associated'] | [0]"


def takes_hardware(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a VPC is to have hardware of its own; only giving it up needs no other VPC."""
    return (old.get("instanceTenancy"), new.get("instanceTenancy") or "default") != ("dedicated", "default")


def change_range_of_vpc(context: HookContext) -> None:
    """Exchange the range of IPv6 addresses that AWS gave a VPC, or give it back."""
    associated = context.state.get("ipv6AssociationId")
    if associated:
        context.call("DisassociateVpcCidrBlock", {"AssociationId": associated})
    if context.args.get("assignGeneratedIpv6CidrBlock"):
        wanted = {"VpcId": "{id}", "Ipv6CidrBlockNetworkBorderGroup": "{ipv6CidrBlockNetworkBorderGroup}"}
        context.call("AssociateVpcCidrBlock", {**context.request(wanted), "AmazonProvidedIpv6CidrBlock": True})


def change_range_of_subnet(context: HookContext) -> None:
    """Exchange the range of IPv6 addresses of a subnet; one that the program no longer names goes with any update."""
    current, wanted = context.state.get("ipv6CidrBlock"), context.args.get("ipv6CidrBlock")
    if current == wanted or not (current or wanted):
        return
    if current:
        context.call("DisassociateSubnetCidrBlock", {"AssociationId": context.state["ipv6CidrBlockAssociationId"]})
    if wanted:
        context.call("AssociateSubnetCidrBlock", {"SubnetId": context.id, "Ipv6CidrBlock": wanted})


def assigns_addresses(old: Mapping[str, Any], _: Mapping[str, Any]) -> bool:
    """Whether servers were given addresses of the range: then the subnet is replaced for another."""
    return bool(old.get("assignIpv6AddressOnCreation"))


MODIFY_SUBNET = Call(
    "ModifySubnetAttribute",
    {"SubnetId": "{id}"},
    takes=SUBNET_ATTRIBUTES,
    cleared={"privateDnsHostnameTypeOnLaunch": "ip-name"},
    each=True,
)

TYPES = [
    Type(
        "aws:ec2/vpc:Vpc",
        "ec2",
        create=Call("CreateVpc", rename={"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock"}),
        id="Vpc.VpcId",
        then=(
            Call(
                "ModifyVpcAttribute",
                {"VpcId": "{id}"},
                takes=VPC_ATTRIBUTES,
                cleared={"enableDnsSupport": True},
                each=True,
            ),
        ),
        update=(
            Call(
                "ModifyVpcTenancy",
                {"VpcId": "{id}"},
                takes=("instanceTenancy",),
                cleared={"instanceTenancy": "default"},
            ),
            Hook(change_range_of_vpc, takes=GENERATED),
        ),
        read=(
            Read(
                "DescribeVpcs",
                {"VpcIds": ["{id}"]},
                "Vpcs[0]",
                rename={"assignGeneratedIpv6CidrBlock": f"({ASSOCIATED}).Ipv6Pool == 'Amazon'"},
            ),
            Read("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": "enableDnsSupport"}),
            Read("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": "enableDnsHostnames"}),
            Read("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": "enableNetworkAddressUsageMetrics"}),
        ),
        delete=Call("DeleteVpc", {"VpcId": "{id}"}),
        tags=ec2_tags("vpc"),
        outputs={
            "arn": ec2_arn("vpc"),
            "ipv6CidrBlock": f"({ASSOCIATED}).Ipv6CidrBlock",
            "ipv6AssociationId": f"({ASSOCIATED}).AssociationId || ''",
            "mainRouteTableId": Read(
                "DescribeRouteTables", _of_vpc(("association.main", "true")), "RouteTables[0].RouteTableId"
            ),
            "defaultRouteTableId": "{mainRouteTableId}",
            "defaultSecurityGroupId": Read(
                "DescribeSecurityGroups", _of_vpc(("group-name", "default")), "SecurityGroups[0].GroupId"
            ),
            "defaultNetworkAclId": Read(
                "DescribeNetworkAcls", _of_vpc(("default", "true")), "NetworkAcls[0].NetworkAclId"
            ),
        },
        replace_when={"instanceTenancy": takes_hardware},
        volatile=("ipv6AssociationId", "ipv6CidrBlock"),
        unannounced=dict.fromkeys(("ipv6AssociationId", "ipv6CidrBlock"), (*VPC_ATTRIBUTES, "tags")),
    ),
    Type(
        "aws:ec2/subnet:Subnet",
        "ec2",
        create=Call("CreateSubnet"),
        id="Subnet.SubnetId",
        then=(MODIFY_SUBNET,),
        update=(Hook(change_range_of_subnet, takes=("ipv6CidrBlock", *SUBNET_ATTRIBUTES, "tags")), MODIFY_SUBNET),
        read=Read(
            "DescribeSubnets",
            {"SubnetIds": ["{id}"]},
            "Subnets[0]",
            rename={
                "ipv6CidrBlock": f"({ASSOCIATED}).Ipv6CidrBlock",
                "ipv6CidrBlockAssociationId": f"({ASSOCIATED}).AssociationId || ''",
                "privateDnsHostnameTypeOnLaunch": f"{DNS_OPTIONS}.HostnameType",
                "enableResourceNameDnsARecordOnLaunch": f"{DNS_OPTIONS}.EnableResourceNameDnsARecord",
                "enableResourceNameDnsAaaaRecordOnLaunch": f"{DNS_OPTIONS}.EnableResourceNameDnsAAAARecord",
            },
        ),
        delete=Call("DeleteSubnet", {"SubnetId": "{id}"}),
        tags=ec2_tags("subnet"),
        unread=("privateDnsHostnameTypeOnLaunch",),  # moto answers ip-name whatever it was sent
        replace_when={"ipv6CidrBlock": assigns_addresses},
        outputs={"arn": ec2_arn("subnet")},
    ),
    Type(
        "aws:ec2/internetGateway:InternetGateway",
        "ec2",
        create=Call("CreateInternetGateway"),
        id="InternetGateway.InternetGatewayId",
        then=(
            Members(
                "vpcId",
                Call("AttachInternetGateway", {"InternetGatewayId": "{id}", "VpcId": "{item}"}),
                Call("DetachInternetGateway", {"InternetGatewayId": "{id}", "VpcId": "{item}"}),
                each=True,
            ),
        ),
        read=Read(
            "DescribeInternetGateways",
            {"InternetGatewayIds": ["{id}"]},
            "InternetGateways[0]",
            rename={"vpcId": "Attachments[0].VpcId"},
        ),
        delete=(
            Call("DetachInternetGateway", {"InternetGatewayId": "{id}", "VpcId": "{vpcId}"}, when="{vpcId}"),
            Call("DeleteInternetGateway", {"InternetGatewayId": "{id}"}),
        ),
        gone=("Gateway.NotAttached",),
        tags=ec2_tags("internet-gateway"),
        outputs={"arn": ec2_arn("internet-gateway")},
    ),
    Type(
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        "ec2",
        create=Call("CreateEgressOnlyInternetGateway"),
        id="EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
        read=Read(
            "DescribeEgressOnlyInternetGateways",
            {"EgressOnlyInternetGatewayIds": ["{id}"]},
            "EgressOnlyInternetGateways[0]",
            rename={"vpcId": "Attachments[0].VpcId"},
        ),
        delete=Call("DeleteEgressOnlyInternetGateway", {"EgressOnlyInternetGatewayId": "{id}"}),
        tags=ec2_tags("egress-only-internet-gateway"),
    ),
    Type(
        "aws:ec2/eip:Eip",
        "ec2",
        create=Call("AllocateAddress"),
        id="AllocationId",
        read=Read("DescribeAddresses", {"AllocationIds": ["{id}"]}, "Addresses[0]"),
        delete=(
            Call("DisassociateAddress", {"AssociationId": "{associationId}"}, when="{associationId}"),
            Call("ReleaseAddress", {"AllocationId": "{id}", "NetworkBorderGroup": "{networkBorderGroup}"}),
        ),
        tags=ec2_tags("elastic-ip"),
        outputs={"arn": ec2_arn("elastic-ip")},
    ),
    Type(
        "aws:ec2/natGateway:NatGateway",
        "ec2",
        refuse=(
            Refuse("allocationId", "connectivityType == 'private' && allocationId", "not of a private gateway"),
            Refuse(
                "secondaryAllocationIds",
                "connectivityType == 'private' && secondaryAllocationIds",
                "not of a private gateway",
            ),
            Refuse(
                "secondaryPrivateIpAddressCount",
                "(connectivityType || 'public') == 'public' && secondaryPrivateIpAddressCount",
                "not of a public gateway",
            ),
            Refuse(
                "availabilityZoneAddresses",
                "length(availabilityZoneAddresses[?!availabilityZone && !availabilityZoneId] || `[]`) > `0`",
                "each needs availabilityZone or availabilityZoneId",
            ),
        ),
        create=Call(
            "CreateNatGateway",
            rename={"privateIp": "PrivateIpAddress"},
            wait="nat_gateway_available",
            waits={"NatGatewayIds": ["{answer.NatGateway.NatGatewayId}"]},
        ),
        id="NatGateway.NatGatewayId",
        read=Read(
            "DescribeNatGateways",
            {"NatGatewayIds": ["{id}"]},
            "NatGateways[?State!='deleted' && State!='deleting'] | [0]",
            rename={
                "allocationId": "NatGatewayAddresses[0].AllocationId",
                "associationId": "NatGatewayAddresses[0].AssociationId",
                "privateIp": "NatGatewayAddresses[0].PrivateIp",
                "publicIp": "NatGatewayAddresses[0].PublicIp",
                "networkInterfaceId": "NatGatewayAddresses[0].NetworkInterfaceId",
            },
        ),
        delete=Call(
            "DeleteNatGateway",
            {"NatGatewayId": "{id}"},
            wait="nat_gateway_deleted",
            waits={"NatGatewayIds": ["{id}"]},
        ),
        tags=ec2_tags("natgateway"),
        default={"connectivityType": "public"},
    ),
]
