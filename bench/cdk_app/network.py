"""A VPC over three zones with three tiers, a NAT gateway a zone, flow logs and the S3 endpoint."""

import aws_cdk as cdk  # type: ignore[import-not-found]  # installed only for the comparison
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs


def create(stack: cdk.Stack, cidr: str) -> ec2.Vpc:
    """The network of one region."""
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        ip_addresses=ec2.IpAddresses.cidr(cidr),
        ip_protocol=ec2.IpProtocol.DUAL_STACK,
        availability_zones=[f"{stack.region}{letter}" for letter in "abc"],
        nat_gateways=3,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False),
            ec2.SubnetConfiguration(name="servers", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        ],
        gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
    )
    group = logs.LogGroup(stack, "FlowLogs", retention=logs.RetentionDays.ONE_MONTH)
    vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
    return vpc
