import json

from tests.policies.judged import UNKNOWN, Pair, resource

GROUP = "ec2/securityGroup:SecurityGroup"
USED = resource(GROUP)
ACL = "ec2/networkAcl:NetworkAcl"
ADDRESS = "ec2/eip:Eip"
KEPT = resource(ADDRESS)
ROUTE = "ec2/route:Route"
VPC = resource("ec2/vpc:Vpc")
ENDPOINT = "ec2/vpcEndpoint:VpcEndpoint"
INSTANCE = "ec2/instance:Instance"
FUNCTION = "lambda/function:Function"
SERVICE = "ecs/service:Service"
INTERFACE = resource("ec2/networkInterface:NetworkInterface")
ZONES = [resource("ec2/subnet:Subnet", zone, availabilityZone=zone) for zone in ("eu-west-1a", "eu-west-1b")]
FILES = resource("efs/fileSystem:FileSystem")
PLAN = "backup/plan:Plan"
KEY = "kms/key:Key"
OWN = resource(KEY)
CLUSTER = "rds/cluster:Cluster"
LOGGED_TUNNEL = {"cloudwatchLogOptions": {"logEnabled": True}}
VPN = "ec2/vpnConnection:VpnConnection"


def task(mode: str) -> str:
    """A container that logs to CloudWatch."""
    logs = {"logDriver": "awslogs", "options": {"mode": mode}}
    return json.dumps([{"name": "web", "logConfiguration": logs}])


PAIRS = {
    "security-group-described": Pair(
        good=resource(GROUP, description="Servers", ingress=[{"description": "from the balancer"}]),
        bad=resource(GROUP, description="Servers", ingress=[{"protocol": "tcp"}]),
        says="ingress.0.description is missing",
    ),
    "security-group-not-crowded": Pair(
        good=resource(GROUP, ingress=[{"protocol": "tcp"}]),
        bad=resource(GROUP, ingress=[{"protocol": "tcp"}] * 51),
        says="it has 51 rules",
    ),
    "security-group-used": Pair(
        good=[USED, resource(INSTANCE, links={"vpcSecurityGroupIds": [USED]})],
        bad=[USED, resource("ec2/securityGroupRule:SecurityGroupRule", links={"securityGroupId": [USED]})],
        says="nothing in the stack refers to it",
    ),
    "ingress-not-of-wide-ranges": Pair(
        good=resource(GROUP, ingress=[{"cidrBlocks": ["10.0.0.0/8", "198.51.100.0/24", "0.0.0.0/0"]}]),
        bad=resource(GROUP, ingress=[{"cidrBlocks": ["52.0.0.0/11"]}]),
        says="lets 52.0.0.0/11 in",
    ),
    "network-acl-used": Pair(
        good=resource(ACL, subnetIds=[UNKNOWN]),
        bad=resource(ACL, subnetIds=[]),
        says="no subnet has it",
    ),
    "address-used": Pair(
        good=[KEPT, resource("ec2/natGateway:NatGateway", links={"allocationId": [KEPT]})],
        bad=resource(ADDRESS),
        says="nothing in the stack refers to it",
    ),
    "default-route-not-by-a-server": Pair(
        good=resource(ROUTE, destinationCidrBlock="0.0.0.0/0", natGatewayId=UNKNOWN),
        bad=resource(ROUTE, destinationCidrBlock="0.0.0.0/0", links={"networkInterfaceId": [INTERFACE]}),
        says="networkInterfaceId is a server",
    ),
    "peering-route-narrow": Pair(
        good=resource(ROUTE, destinationCidrBlock="10.1.0.0/16", vpcPeeringConnectionId=UNKNOWN),
        bad=resource(ROUTE, destinationCidrBlock="0.0.0.0/0", vpcPeeringConnectionId=UNKNOWN),
        says="destinationCidrBlock is 0.0.0.0/0",
    ),
    "default-vpc-not-used": Pair(
        good=VPC,
        bad=resource("ec2/defaultVpc:DefaultVpc"),
        says="the default VPC is taken over",
    ),
    "vpc-reaches-services-privately": Pair(
        good=[VPC, resource(ENDPOINT, links={"vpcId": [VPC]}, serviceName="com.amazonaws.eu-west-1.ssm")],
        bad=[VPC, resource(ENDPOINT, links={"vpcId": [VPC]}, serviceName="com.amazonaws.eu-west-1.s3")],
        says="no interface endpoint for ssm",
        config={"services": ["ssm"]},
    ),
    "endpoint-service-accepts-by-hand": Pair(
        good=resource("ec2/vpcEndpointService:VpcEndpointService", acceptanceRequired=True),
        bad=resource("ec2/vpcEndpointService:VpcEndpointService", acceptanceRequired=False),
        says="acceptanceRequired is off",
    ),
    "transit-gateway-accepts-by-hand": Pair(
        good=resource("ec2transitgateway/transitGateway:TransitGateway"),
        bad=resource("ec2transitgateway/transitGateway:TransitGateway", autoAcceptSharedAttachments="enable"),
        says="autoAcceptSharedAttachments is enable",
    ),
    "client-vpn-logged": Pair(
        good=resource("ec2clientvpn/endpoint:Endpoint", connectionLogOptions={"enabled": True}),
        bad=resource("ec2clientvpn/endpoint:Endpoint", connectionLogOptions={"enabled": False}),
        says="connectionLogOptions.enabled is off",
    ),
    "vpn-logged": Pair(
        good=resource(VPN, tunnel1LogOptions=LOGGED_TUNNEL, tunnel2LogOptions=LOGGED_TUNNEL),
        bad=resource(VPN),
        says="tunnel2LogOptions",
    ),
    "vpn-speaks-ikev2": Pair(
        good=resource(VPN, tunnel1IkeVersions=["ikev2"], tunnel2IkeVersions=["ikev2"]),
        bad=resource(VPN, tunnel1IkeVersions=["ikev2"], tunnel2IkeVersions=["ikev1", "ikev2"]),
        says="tunnel2IkeVersions",
    ),
    "accelerator-logged": Pair(
        good=resource("globalaccelerator/accelerator:Accelerator", attributes={"flowLogsEnabled": True}),
        bad=resource("globalaccelerator/accelerator:Accelerator"),
        says="flowLogsEnabled is off",
    ),
    "server-has-a-role": Pair(
        good=resource(INSTANCE, iamInstanceProfile=UNKNOWN),
        bad=resource(INSTANCE),
        says="iamInstanceProfile is missing",
    ),
    "server-disk-optimized": Pair(
        good=resource(INSTANCE, instanceType="m7g.large"),
        bad=resource(INSTANCE, instanceType="r4.large"),
        says="ebsOptimized is off",
    ),
    "server-type-current": Pair(
        good=resource(INSTANCE, instanceType="t4g.small"),
        bad=resource(INSTANCE, instanceType="m1.small"),
        says="instanceType is m1.small",
    ),
    "server-has-one-interface": Pair(
        good=resource(INSTANCE, networkInterfaces=[{"deviceIndex": 0.0}]),
        bad=resource(INSTANCE, networkInterfaces=[{"deviceIndex": 0.0}, {"deviceIndex": 1.0}]),
        says="networkInterfaces has 2",
    ),
    "server-checks-addresses": Pair(
        good=resource(INSTANCE),
        bad=resource(INSTANCE, sourceDestCheck=False),
        says="sourceDestCheck is off",
    ),
    "spot-fleet-encrypted": Pair(
        good=resource(
            "ec2/spotFleetRequest:SpotFleetRequest",
            launchSpecifications=[{"rootBlockDevices": [{"encrypted": True}]}],
        ),
        bad=resource(
            "ec2/spotFleetRequest:SpotFleetRequest",
            launchSpecifications=[{"rootBlockDevices": [{"volumeSize": 8.0}]}],
        ),
        says="launchSpecifications.0.rootBlockDevices.0.encrypted is off",
    ),
    "group-has-instance-types": Pair(
        good=resource(
            "autoscaling/group:Group",
            mixedInstancesPolicy={
                "launchTemplate": {"overrides": [{"instanceType": "m7g.large"}, {"instanceType": "m6g.large"}]}
            },
        ),
        bad=resource("autoscaling/group:Group", launchTemplate={"version": "1"}),
        says="mixedInstancesPolicy has no two types",
    ),
    "function-traced": Pair(
        good=resource(FUNCTION, tracingConfig={"mode": "Active"}),
        bad=resource(FUNCTION),
        says="tracingConfig.mode is not Active",
    ),
    "function-code-signed": Pair(
        good=resource(FUNCTION, packageType="Image"),
        bad=resource(FUNCTION),
        says="codeSigningConfigArn is missing",
    ),
    "function-environment-own-key": Pair(
        good=resource(FUNCTION, environment={"variables": {"MODE": "fast"}}, kmsKeyArn=UNKNOWN),
        bad=resource(FUNCTION, environment={"variables": {"MODE": "fast"}}),
        says="kmsKeyArn is missing",
    ),
    "function-layers-of-one-account": Pair(
        good=resource(
            FUNCTION,
            role="arn:aws:iam::111122223333:role/web",
            layers=["arn:aws:lambda:eu-west-1:111122223333:layer:ours:1"],
        ),
        bad=resource(
            FUNCTION,
            role="arn:aws:iam::111122223333:role/web",
            layers=["arn:aws:lambda:eu-west-1:444455556666:layer:theirs:1"],
        ),
        says="account 444455556666",
    ),
    "container-service-spans-zones": Pair(
        good=[
            resource(
                SERVICE, links={"networkConfiguration": ZONES}, networkConfiguration={"subnets": [UNKNOWN, UNKNOWN]}
            ),
            *ZONES,
        ],
        bad=[
            resource(SERVICE, links={"networkConfiguration": ZONES[:1]}, networkConfiguration={"subnets": [UNKNOWN]}),
            *ZONES,
        ],
        says="in 1 zone(s)",
    ),
    "container-log-does-not-block": Pair(
        good=resource("ecs/taskDefinition:TaskDefinition", containerDefinitions=task("non-blocking")),
        bad=resource("ecs/taskDefinition:TaskDefinition", containerDefinitions=task("blocking")),
        says="logConfiguration of web is blocking",
    ),
    "distribution-fails-over": Pair(
        good=resource("cloudfront/distribution:Distribution", originGroups=[{"originId": "both"}]),
        bad=resource("cloudfront/distribution:Distribution"),
        says="originGroups is empty",
    ),
    "copy-own-key": Pair(
        good=resource("ec2/amiCopy:AmiCopy", kmsKeyId=UNKNOWN),
        bad=resource("imagebuilder/imageRecipe:ImageRecipe", blockDeviceMappings=[{"ebs": {"encrypted": "true"}}]),
        says="blockDeviceMappings.0.ebs.kmsKeyId is not set",
    ),
    "database-own-port": Pair(
        good=resource(CLUSTER, engine="aurora-postgresql", port=15432.0),
        bad=resource(CLUSTER, engine="aurora-postgresql"),
        says="port is 5432",
    ),
    "database-own-administrator": Pair(
        good=resource(CLUSTER, masterUsername="shopkeeper"),
        bad=resource(CLUSTER, masterUsername="admin"),
        says="masterUsername is admin",
    ),
    "database-can-be-turned-back": Pair(
        good=resource(CLUSTER, engine="aurora-mysql", backtrackWindow=86400.0),
        bad=resource(CLUSTER, engine="aurora-mysql"),
        says="backtrackWindow is 0",
    ),
    "database-parameters-sound": Pair(
        good=resource("rds/parameterGroup:ParameterGroup", parameters=[{"name": "log_output", "value": "FILE"}]),
        bad=resource("rds/parameterGroup:ParameterGroup", parameters=[{"name": "log_output", "value": "TABLE"}]),
        says="log_output is table",
    ),
    "file-system-backs-itself-up": Pair(
        good=[
            FILES,
            resource(
                "efs/backupPolicy:BackupPolicy",
                links={"fileSystemId": [FILES]},
                backupPolicy={"status": "ENABLED"},
            ),
        ],
        bad=FILES,
        says="no aws:efs/backupPolicy",
    ),
    "backup-is-reported": Pair(
        good=[resource(PLAN), resource("backup/reportPlan:ReportPlan", "daily")],
        bad=resource(PLAN),
        says="no aws:backup/reportPlan",
    ),
    "bucket-deletes-with-a-second-factor": Pair(
        good=resource("s3/bucketVersioning:BucketVersioning", versioningConfiguration={"mfaDelete": "Enabled"}),
        bad=resource("s3/bucketVersioning:BucketVersioning", versioningConfiguration={"status": "Enabled"}),
        says="mfaDelete is not Enabled",
    ),
    "certificate-without-wildcard": Pair(
        good=resource("acm/certificate:Certificate", domainName="www.example.com"),
        bad=resource("acm/certificate:Certificate", domainName="*.example.com"),
        says="it is for *.example.com",
    ),
    "key-has-a-policy": Pair(
        good=[OWN, resource("kms/keyPolicy:KeyPolicy", links={"keyId": [OWN]})],
        bad=resource(KEY),
        says="policy is not set",
    ),
}
