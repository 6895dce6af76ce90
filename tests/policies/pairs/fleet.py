from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

GROUP = "autoscaling/group:Group"
TEMPLATE = "ec2/launchTemplate:LaunchTemplate"
INSTANCE = "ec2/instance:Instance"


def subnet(zone: str) -> Resource:
    return resource("ec2/subnet:Subnet", f"subnet-{zone}", availabilityZoneId=zone, availabilityZone=UNKNOWN)


def placed(*zones: str) -> Resource:
    """A group whose subnets, in these zones, have no ids yet."""
    return resource(
        GROUP,
        vpcZoneIdentifiers=[UNKNOWN for _ in zones],
        availabilityZones=UNKNOWN,
        links={"vpcZoneIdentifiers": [subnet(zone) for zone in zones]},
    )


def refreshed(**preferences: Any) -> Resource:
    return resource(GROUP, instanceRefresh={"strategy": "Rolling", "preferences": preferences})


def mixed(instance_types: tuple[str, ...] = (), *, rebalance: bool = False, **distribution: float) -> Resource:
    overrides = [{"instanceType": each} for each in instance_types]
    template = {"launchTemplateSpecification": {"version": "3"}, "overrides": overrides}
    policy = {"launchTemplate": template, "instancesDistribution": distribution}
    return resource(GROUP, mixedInstancesPolicy=policy, capacityRebalance=rebalance)


ALL_SPOT: dict[str, Any] = {"onDemandPercentageAboveBaseCapacity": 0.0}
RELEASED = resource(GROUP, "released")
SCALED = resource(GROUP, "scaled", minSize=2.0, maxSize=4.0)
CHECKED = resource(GROUP, "checked", healthCheckType="ELB")
UNCHECKED = resource(GROUP, "unchecked", healthCheckType="EC2")
ALONE = resource(INSTANCE, "alone")

PAIRS = {
    "group-spans-zones": Pair(
        good=placed("euw1-az1", "euw1-az2"),
        bad=placed("euw1-az1", "euw1-az1"),
        says="1 zone(s); at least 2",
    ),
    "group-survives-a-zone": Pair(
        good=resource(GROUP, minSize=2.0), bad=resource(GROUP, minSize=1.0), says="minSize is 1; losing a zone takes"
    ),
    "group-has-headroom": Pair(
        good=resource(GROUP, minSize=2.0, maxSize=4.0),
        bad=resource(GROUP, minSize=2.0, maxSize=2.0),
        says="maxSize is 2 as minSize is",
    ),
    "group-scales": Pair(
        good=(
            SCALED,
            resource(
                "autoscaling/policy:Policy", autoscalingGroupName=UNKNOWN, links={"autoscalingGroupName": [SCALED]}
            ),
        ),
        bad=(SCALED, resource("autoscaling/policy:Policy", autoscalingGroupName="another")),
        says="no autoscaling Policy or Schedule",
    ),
    "group-heals-by-balancer": Pair(
        good=resource(GROUP, targetGroupArns=[UNKNOWN], healthCheckType="ELB"),
        bad=resource(GROUP, targetGroupArns=[UNKNOWN]),
        says='healthCheckType is "EC2"',
    ),
    "attachment-heals-by-balancer": Pair(
        good=resource("autoscaling/attachment:Attachment", links={"autoscalingGroupName": [CHECKED]}),
        bad=resource("autoscaling/attachment:Attachment", links={"autoscalingGroupName": [UNCHECKED]}),
        says='unchecked: healthCheckType is "EC2"',
    ),
    "group-grace-period": Pair(
        good=resource(GROUP, healthCheckGracePeriod=180.0),
        bad=resource(GROUP, healthCheckGracePeriod=3600.0),
        says="3600 s; at most 600 s",
    ),
    "group-warms-up": Pair(
        good=resource(GROUP, defaultInstanceWarmup=180.0),
        bad=resource(GROUP),
        says="defaultInstanceWarmup is not set",
    ),
    "group-keeps-healing": Pair(
        good=resource(GROUP, suspendedProcesses=["AZRebalance"]),
        bad=resource(GROUP, suspendedProcesses=["ReplaceUnhealthy", "Launch"]),
        says="has Launch, ReplaceUnhealthy",
    ),
    "group-evades-a-failed-zone": Pair(
        good=resource(GROUP),
        bad=resource(GROUP, availabilityZoneDistribution={"capacityDistributionStrategy": "balanced-only"}),
        says="balanced-only",
    ),
    "group-waits-for-its-servers": Pair(
        good=resource(GROUP, forceDelete=False), bad=resource(GROUP, forceDelete=True), says="forceDelete is on"
    ),
    "group-publishes-metrics": Pair(
        good=resource(GROUP, enabledMetrics=["GroupInServiceInstances"]),
        bad=resource(GROUP),
        says="lacks GroupInServiceInstances",
    ),
    "group-uses-a-template": Pair(
        good=resource(GROUP, launchTemplate={"id": UNKNOWN, "version": UNKNOWN}),
        bad=resource(GROUP, launchConfiguration=UNKNOWN),
        says="launchConfiguration is set",
    ),
    "group-pins-its-version": Pair(
        good=resource(GROUP, launchTemplate={"id": UNKNOWN, "version": UNKNOWN}),
        bad=resource(GROUP, launchTemplate={"id": UNKNOWN, "version": "$Latest"}),
        says="launchTemplate.version is $Latest",
    ),
    "template-pins-its-image": Pair(
        good=resource(TEMPLATE, imageId="ami-0123456789abcdef0"),
        bad=resource(TEMPLATE, imageId="resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023"),
        says="imageId is resolved at each launch",
    ),
    "group-launches-before-it-terminates": Pair(
        good=resource(GROUP, instanceMaintenancePolicy={"minHealthyPercentage": 100.0}),
        bad=resource(GROUP, instanceMaintenancePolicy={"minHealthyPercentage": 50.0}),
        says="is 50; at least 100",
    ),
    "group-rolls-out": Pair(
        good=[RELEASED, resource("ssm/parameter:Parameter", "release", links={"insecureValue": [RELEASED]})],
        bad=[RELEASED, resource("ssm/parameter:Parameter", "name", links={"description": [RELEASED]})],
        says="instanceRefresh is not set, and no release names the group",
    ),
    "refresh-keeps-capacity": Pair(
        good=refreshed(minHealthyPercentage=100.0), bad=refreshed(), says="is 90; at least 100"
    ),
    "refresh-rolls-back": Pair(good=refreshed(autoRollback=True), bad=refreshed(), says="autoRollback is off"),
    "spot-group-rebalances": Pair(
        good=mixed(rebalance=True, **ALL_SPOT), bad=mixed(**ALL_SPOT), says="capacityRebalance is off"
    ),
    "spot-group-keeps-a-base": Pair(
        good=mixed(onDemandBaseCapacity=2.0, **ALL_SPOT),
        bad=mixed(**ALL_SPOT),
        says="onDemandBaseCapacity is 0; at least 1",
    ),
    "spot-group-has-instance-types": Pair(
        good=mixed(("m7g.large", "m6g.large"), **ALL_SPOT),
        bad=mixed(("m7g.large",), **ALL_SPOT),
        says="1 instance type(s); at least 2",
    ),
    "server-requires-metadata-tokens": Pair(
        good=resource(TEMPLATE, metadataOptions={"httpTokens": "required"}),
        bad=resource(TEMPLATE, metadataOptions={"httpTokens": "optional"}),
        says='httpTokens is "optional"',
    ),
    "server-has-no-public-address": Pair(
        good=resource(TEMPLATE, networkInterfaces=[{"associatePublicIpAddress": "false"}]),
        bad=resource(TEMPLATE, networkInterfaces=[{"associatePublicIpAddress": "true"}]),
        says="networkInterfaces.0.associatePublicIpAddress is on",
    ),
    "server-disk-encrypted": Pair(
        good=resource(TEMPLATE, blockDeviceMappings=[{"ebs": {"encrypted": "true"}}]),
        bad=resource(TEMPLATE, blockDeviceMappings=[{"ebs": {"encrypted": "true"}}, {"ebs": {"volumeSize": 8.0}}]),
        says="blockDeviceMappings.1.ebs.encrypted is off",
    ),
    "server-watched-each-minute": Pair(
        good=resource(TEMPLATE, monitoring={"enabled": True}),
        bad=resource(TEMPLATE),
        says="monitoring.enabled is off",
    ),
    "server-has-no-key-pair": Pair(
        good=resource(TEMPLATE), bad=resource(TEMPLATE, keyName=UNKNOWN), says="keyName is set"
    ),
    "instance-recovers": Pair(
        good=resource(INSTANCE),
        bad=resource(INSTANCE, maintenanceOptions={"autoRecovery": "disabled"}),
        says="autoRecovery is disabled",
    ),
    "target-is-replaced": Pair(
        good=resource("lb/targetGroupAttachment:TargetGroupAttachment", targetId="10.0.0.7"),
        bad=resource("lb/targetGroupAttachment:TargetGroupAttachment", links={"targetId": [ALONE]}, targetId=UNKNOWN),
        says="alone is an instance by itself",
    ),
    "image-encrypted": Pair(
        good=resource("ec2/amiCopy:AmiCopy", encrypted=True),
        bad=resource("ec2/ami:Ami", ebsBlockDevices=[{"deviceName": "/dev/xvda"}]),
        says="ebsBlockDevices.0.encrypted is off",
    ),
    "image-not-public": Pair(
        good=resource("ec2/amiLaunchPermission:AmiLaunchPermission", accountId="111122223333"),
        bad=resource("ec2/amiLaunchPermission:AmiLaunchPermission", group="all"),
        says="group is all",
    ),
    "server-metadata-stays-on-it": Pair(
        good=resource("ec2/launchTemplate:LaunchTemplate", metadataOptions={"httpTokens": "required"}),
        bad=resource("ec2/launchTemplate:LaunchTemplate", metadataOptions={"httpPutResponseHopLimit": 2.0}),
        says="httpPutResponseHopLimit is 2",
    ),
    "account-disks-encrypted": Pair(
        good=resource("ebs/encryptionByDefault:EncryptionByDefault"),
        bad=resource("ebs/encryptionByDefault:EncryptionByDefault", enabled=False),
        says="enabled is off",
    ),
    "account-snapshots-not-public": Pair(
        good=resource("ec2/imageBlockPublicAccess:ImageBlockPublicAccess", state="block-new-sharing"),
        bad=resource("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", state="unblocked"),
        says="state is unblocked",
    ),
    "account-requires-metadata-tokens": Pair(
        good=resource("ec2/instanceMetadataDefaults:InstanceMetadataDefaults", httpTokens="required"),
        bad=resource("ec2/instanceMetadataDefaults:InstanceMetadataDefaults", httpTokens="optional"),
        says="httpTokens is optional",
    ),
}
