"""A VPC over three zones, as a module makes it."""

import pulumi_aws as aws

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")

vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, enable_dns_support=True)
aws.ec2.DefaultSecurityGroup("main", vpc_id=vpc.id)
gateway = aws.ec2.InternetGateway("main", vpc_id=vpc.id)
public_routes = aws.ec2.RouteTable("public", vpc_id=vpc.id)
aws.ec2.Route("public", route_table_id=public_routes.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
for number, zone in enumerate(ZONES):
    public = aws.ec2.Subnet(f"public-{number}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=zone)
    aws.ec2.RouteTableAssociation(f"public-{number}", subnet_id=public.id, route_table_id=public_routes.id)
    address = aws.ec2.Eip(f"nat-{number}", domain="vpc")
    nat = aws.ec2.NatGateway(f"nat-{number}", subnet_id=public.id, allocation_id=address.id)
    private = aws.ec2.Subnet(
        f"private-{number}", vpc_id=vpc.id, cidr_block=f"10.0.{16 + 4 * number}.0/22", availability_zone=zone
    )
    routes = aws.ec2.RouteTable(f"private-{number}", vpc_id=vpc.id)
    aws.ec2.Route(
        f"private-{number}", route_table_id=routes.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat.id
    )
    aws.ec2.RouteTableAssociation(f"private-{number}", subnet_id=private.id, route_table_id=routes.id)
logs = aws.cloudwatch.LogGroup("flows", retention_in_days=90)
aws.ec2.FlowLog(
    "main",
    vpc_id=vpc.id,
    traffic_type="ALL",
    log_destination=logs.arn,
    iam_role_arn="arn:aws:iam::111122223333:role/flow-logs",
)
