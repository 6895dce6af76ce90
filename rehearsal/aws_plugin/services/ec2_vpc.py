"""EC2: VPCs, subnets and gateways."""

from rehearsal.aws_plugin.entry import Call, Read, Tags, Type


def ec2_tags(resource_type: str) -> Tags:
    """How EC2 tags a kind of resource; others of EC2's files use it, too."""
    return Tags("CreateTags", "DeleteTags", {"Resources": ["{id}"]}, resource_type=resource_type)


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
                takes=("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"),
                each=True,
            ),
        ),
        read=(
            Read("DescribeVpcs", {"VpcIds": ["{id}"]}, "Vpcs[0]"),
            Read("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": "enableDnsSupport"}),
            Read("DescribeVpcAttribute", {"VpcId": "{id}", "Attribute": "enableDnsHostnames"}),
        ),
        delete=Call("DeleteVpc", {"VpcId": "{id}"}),
        tags=ec2_tags("vpc"),
        outputs={
            "arn": "arn:{partition}:ec2:{region}:{account}:vpc/{id}",
            "ipv6CidrBlock": "Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
            "ipv6AssociationId": "Ipv6CidrBlockAssociationSet[0].AssociationId",
            "mainRouteTableId": Read(
                "DescribeRouteTables",
                {"Filters": [{"Name": "vpc-id", "Values": ["{id}"]}, {"Name": "association.main", "Values": ["true"]}]},
                "RouteTables[0].RouteTableId",
            ),
            "defaultSecurityGroupId": Read(
                "DescribeSecurityGroups",
                {"Filters": [{"Name": "vpc-id", "Values": ["{id}"]}, {"Name": "group-name", "Values": ["default"]}]},
                "SecurityGroups[0].GroupId",
            ),
            "defaultNetworkAclId": Read(
                "DescribeNetworkAcls",
                {"Filters": [{"Name": "vpc-id", "Values": ["{id}"]}, {"Name": "default", "Values": ["true"]}]},
                "NetworkAcls[0].NetworkAclId",
            ),
        },
    ),
]
