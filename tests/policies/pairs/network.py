from collections.abc import Sequence
from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource
from tests.policies.pairs.encryption import allowing

VPC = "ec2/vpc:Vpc"
SUBNET = "ec2/subnet:Subnet"
NAT = "ec2/natGateway:NatGateway"
TABLE = "ec2/routeTable:RouteTable"
ROUTE = "ec2/route:Route"
ASSOCIATION = "ec2/routeTableAssociation:RouteTableAssociation"
ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
FLOW_LOG = "ec2/flowLog:FlowLog"
GROUP = "ec2/securityGroup:SecurityGroup"
GROUP_RULE = "ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "vpc/securityGroupIngressRule:SecurityGroupIngressRule"
DEFAULT_GROUP = "ec2/defaultSecurityGroup:DefaultSecurityGroup"
ACL = "ec2/networkAcl:NetworkAcl"
INSTANCE = "ec2/instance:Instance"


def network(*zones: str) -> list[Resource]:
    """A VPC and a subnet in each zone."""
    vpc = resource(VPC)
    return [vpc, *(resource(SUBNET, f"in-{each}", links={"vpcId": [vpc]}, availabilityZone=each) for each in zones)]


def behind_nat(zones: Sequence[str], **props: Any) -> list[Resource]:
    """A NAT gateway, and the subnets whose way out it is."""
    gateway = resource(NAT, **props)
    made = [gateway]
    for zone in zones:
        subnet = resource(SUBNET, f"in-{zone}", availabilityZone=zone)
        table = resource(TABLE, f"routes-{zone}")
        route = resource(ROUTE, f"route-{zone}", links={"natGatewayId": [gateway], "routeTableId": [table]})
        way = resource(ASSOCIATION, f"way-{zone}", links={"subnetId": [subnet], "routeTableId": [table]})
        made += [subnet, table, route, way]
    return made


def logged() -> list[Resource]:
    """A VPC with a flow log."""
    vpc = resource(VPC)
    return [vpc, resource(FLOW_LOG, "log", links={"vpcId": [vpc]})]


def admits(port: float, source: str) -> Resource:
    """A security group that opens a port to a range."""
    return resource(
        GROUP, ingress=[{"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": [source]}], egress=[]
    )


CLOSED_VPC = resource(VPC)
FIREWALL = "networkfirewall/firewall:Firewall"


def routed(type_: str, property_: str, *, public: bool) -> list[Resource]:
    """A resource in one subnet, and the way out of that."""
    gateway, subnet, table = resource("ec2/internetGateway:InternetGateway"), resource(SUBNET, "here"), resource(TABLE)
    leads = {"gatewayId": [gateway]} if public else {"natGatewayId": [resource(NAT)]}
    return [
        resource(type_, links={property_: [subnet]}),
        subnet,
        table,
        resource(ROUTE, links={"routeTableId": [table], **leads}),
        resource(ASSOCIATION, links={"subnetId": [subnet], "routeTableId": [table]}),
    ]


def firewall(*zones: str) -> list[Resource]:
    """A firewall with an endpoint in each zone."""
    subnets = [resource(SUBNET, f"in-{zone}", availabilityZone=zone) for zone in zones]
    mappings = [{"subnetId": UNKNOWN} for _ in zones]
    return [resource(FIREWALL, links={"subnetMappings": subnets}, subnetMappings=mappings), *subnets]


PAIRS = {
    "vpc-subnets-span-zones": Pair(
        good=network("eu-west-1a", "eu-west-1b"),
        bad=network("eu-west-1a", "eu-west-1a"),
        says="2 subnets are in 1 zones (eu-west-1a); 2 zones at least",
    ),
    "nat-gateway-serves-one-zone": Pair(
        good=behind_nat(["eu-west-1a"]),
        bad=behind_nat(["eu-west-1a", "eu-west-1b"]),
        says="the only way out for 2 (in-eu-west-1a, in-eu-west-1b)",
    ),
    "endpoint-spans-zones": Pair(
        good=resource(ENDPOINT, vpcEndpointType="Interface", subnetIds=["subnet-1", "subnet-2"]),
        bad=resource(ENDPOINT, vpcEndpointType="Interface", subnetIds=["subnet-1"]),
        says="subnetIds has 1 subnet",
    ),
    "vpc-flow-logs": Pair(good=logged(), bad=resource(VPC), says="no aws:ec2/flowLog"),
    "vpc-ranges-do-not-overlap": Pair(
        good=[resource(VPC, cidrBlock="10.1.0.0/16"), resource(VPC, "other", cidrBlock="10.0.0.0/16")],
        bad=[resource(VPC, cidrBlock="10.0.128.0/17"), resource(VPC, "other", cidrBlock="10.0.0.0/16")],
        says="10.0.128.0/17 overlaps 10.0.0.0/16 of other",
    ),
    "subnet-has-no-public-addresses": Pair(
        good=resource(SUBNET), bad=resource(SUBNET, mapPublicIpOnLaunch=True), says="mapPublicIpOnLaunch is true"
    ),
    "subnet-has-room": Pair(
        good=resource(SUBNET, cidrBlock="10.0.0.0/24"),
        bad=resource(SUBNET, cidrBlock="10.0.0.0/28"),
        says="10.0.0.0/28; a /27 or larger",
    ),
    "ingress-not-of-all-traffic": Pair(
        good=resource(INGRESS_RULE, ipProtocol="-1", cidrIpv4="10.0.0.0/8"),
        bad=resource(INGRESS_RULE, ipProtocol="-1", cidrIpv4="0.0.0.0/0"),
        says="cidrIpv4 opens all traffic to 0.0.0.0/0",
    ),
    "ingress-not-to-risky-ports": Pair(
        good=admits(22.0, "10.0.0.0/8"),
        bad=admits(22.0, "0.0.0.0/0"),
        says="ingress.0.cidrBlocks opens tcp 22 to 0.0.0.0/0",
    ),
    "ingress-only-to-public-ports": Pair(
        good=admits(443.0, "0.0.0.0/0"), bad=admits(8443.0, "0.0.0.0/0"), says="only 80, 443 may be open"
    ),
    "default-security-group-closed": Pair(
        good=resource(DEFAULT_GROUP),
        bad=resource(DEFAULT_GROUP, ingress=[{"protocol": "-1", "self": True}]),
        says="ingress has 1 rules",
    ),
    "default-security-group-unused": Pair(
        good=resource(INSTANCE, vpcSecurityGroupIds=["sg-1"]), bad=resource(INSTANCE), says="names no security group"
    ),
    "network-acl-closes-management-ports": Pair(
        good=resource(ACL, ingress=[{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "action": "allow"}]),
        bad=resource(ACL, ingress=[{"protocol": "-1", "cidrBlock": "0.0.0.0/0", "action": "allow", "ruleNo": 100.0}]),
        says="ingress.0.cidrBlock lets 0.0.0.0/0 reach port 22",
    ),
    "balancer-public-reaches-the-internet": Pair(
        good=routed("lb/loadBalancer:LoadBalancer", "subnets", public=True),
        bad=routed("lb/loadBalancer:LoadBalancer", "subnets", public=False),
        says="here have no route to an internet gateway",
    ),
    "database-in-private-subnets": Pair(
        good=routed("rds/subnetGroup:SubnetGroup", "subnetIds", public=False),
        bad=routed("elasticache/subnetGroup:SubnetGroup", "subnetIds", public=True),
        says="here have a route to an internet gateway",
    ),
    "mount-target-in-private-subnet": Pair(
        good=routed("efs/mountTarget:MountTarget", "subnetId", public=False),
        bad=routed("efs/mountTarget:MountTarget", "subnetId", public=True),
        says="here has a route to an internet gateway",
    ),
    "firewall-spans-zones": Pair(
        good=firewall("eu-west-1a", "eu-west-1b"),
        bad=firewall("eu-west-1a"),
        says="in 1 zone(s)",
    ),
    "egress-not-of-all-traffic": Pair(
        good=resource(GROUP, egress=[{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0}]),
        bad=resource(GROUP, egress=[{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]),
        says="egress.0.cidrBlocks lets everything out",
    ),
    "endpoint-policy-closed": Pair(
        good=resource(ENDPOINT, policy=allowing("*", StringEquals={"aws:PrincipalOrgID": "o-1234567890"})),
        bad=resource(ENDPOINT),
        says="policy is not set",
    ),
    "vpc-public-access-blocked": Pair(
        good=resource(
            "ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", internetGatewayBlockMode="block-ingress"
        ),
        bad=resource("ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", internetGatewayBlockMode="off"),
        says="internetGatewayBlockMode is off",
    ),
    "default-security-group-taken-over": Pair(
        good=[CLOSED_VPC, resource(DEFAULT_GROUP, links={"vpcId": [CLOSED_VPC]})],
        bad=resource(VPC),
        says="no aws:ec2/defaultSecurityGroup",
    ),
}
