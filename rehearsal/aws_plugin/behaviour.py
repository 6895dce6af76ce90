"""What was read of the real provider's behaviour, and which of its defaults reach AWS from the production stack.

The schema of every type is in `provider_rules.json`; what the provider does in code is read function by function.
`docs/rehearsal-fidelity.md` is written from here (`make tables`). One file because it is one table: a line a type.
"""

from __future__ import annotations

CRUD = ("create", "read", "update", "delete")

READ: dict[str, tuple[str, ...]] = {
    "aws:acm/certificate:Certificate": (*CRUD, "diff"),
    "aws:acm/certificateValidation:CertificateValidation": ("create", "read"),
    "aws:arcregionswitch/plan:Plan": CRUD,
    "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration": CRUD,
    "aws:autoscaling/group:Group": (*CRUD, "diff"),
    "aws:autoscaling/lifecycleHook:LifecycleHook": CRUD,
    "aws:autoscaling/notification:Notification": CRUD,
    "aws:autoscaling/policy:Policy": CRUD,
    "aws:autoscaling/schedule:Schedule": CRUD,
    "aws:backup/framework:Framework": CRUD,
    "aws:backup/globalSettings:GlobalSettings": ("create", "read", "update"),
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": ("create", "read", "delete"),
    "aws:backup/plan:Plan": CRUD,
    "aws:backup/regionSettings:RegionSettings": ("create", "read", "update"),
    "aws:backup/reportPlan:ReportPlan": CRUD,
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": CRUD,
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": (*CRUD, "validate"),
    "aws:backup/selection:Selection": ("create", "read", "delete"),
    "aws:backup/vault:Vault": CRUD,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ("create", "read", "delete"),
    "aws:backup/vaultNotifications:VaultNotifications": ("create", "read", "delete"),
    "aws:backup/vaultPolicy:VaultPolicy": CRUD,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": CRUD,
    "aws:cloudwatch/dashboard:Dashboard": CRUD,
    "aws:cloudwatch/eventRule:EventRule": CRUD,
    "aws:cloudwatch/eventTarget:EventTarget": CRUD,
    "aws:cloudwatch/logGroup:LogGroup": CRUD,
    "aws:cloudwatch/metricAlarm:MetricAlarm": (*CRUD, "diff"),
    "aws:ec2/amiCopy:AmiCopy": CRUD,
    "aws:ec2/capacityReservation:CapacityReservation": CRUD,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("create", "read", "update"),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": CRUD,
    "aws:ec2/eip:Eip": CRUD,
    "aws:ec2/flowLog:FlowLog": CRUD,
    "aws:ec2/internetGateway:InternetGateway": CRUD,
    "aws:ec2/launchTemplate:LaunchTemplate": (*CRUD, "diff"),
    "aws:ec2/natGateway:NatGateway": (*CRUD, "diff"),
    "aws:ec2/route:Route": CRUD,
    "aws:ec2/routeTable:RouteTable": CRUD,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": CRUD,
    "aws:ec2/securityGroup:SecurityGroup": CRUD,
    "aws:ec2/subnet:Subnet": (*CRUD, "diff"),
    "aws:ec2/vpc:Vpc": (*CRUD, "diff"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (*CRUD, "diff"),
    "aws:efs/accessPoint:AccessPoint": CRUD,
    "aws:efs/backupPolicy:BackupPolicy": CRUD,
    "aws:efs/fileSystem:FileSystem": CRUD,
    "aws:efs/fileSystemPolicy:FileSystemPolicy": CRUD,
    "aws:efs/mountTarget:MountTarget": CRUD,
    "aws:efs/replicationConfiguration:ReplicationConfiguration": ("create", "read", "delete"),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (*CRUD, "diff"),
    "aws:elasticache/parameterGroup:ParameterGroup": CRUD,
    "aws:elasticache/replicationGroup:ReplicationGroup": (*CRUD, "diff"),
    "aws:elasticache/subnetGroup:SubnetGroup": (*CRUD, "diff"),
    "aws:elasticache/user:User": CRUD,
    "aws:elasticache/userGroup:UserGroup": CRUD,
    "aws:fis/experimentTemplate:ExperimentTemplate": CRUD,
    "aws:iam/instanceProfile:InstanceProfile": CRUD,
    "aws:iam/policy:Policy": CRUD,
    "aws:iam/role:Role": CRUD,
    "aws:iam/rolePolicy:RolePolicy": CRUD,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("create", "read", "delete"),
    "aws:imagebuilder/component:Component": CRUD,
    "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": CRUD,
    "aws:imagebuilder/image:Image": CRUD,
    "aws:imagebuilder/imageRecipe:ImageRecipe": CRUD,
    "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": CRUD,
    "aws:imagebuilder/lifecyclePolicy:LifecyclePolicy": CRUD,
    "aws:kms/alias:Alias": CRUD,
    "aws:kms/key:Key": CRUD,
    "aws:kms/replicaKey:ReplicaKey": CRUD,
    "aws:lambda/function:Function": (*CRUD, "diff"),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": CRUD,
    "aws:lambda/permission:Permission": ("create", "read", "delete"),
    "aws:lb/listener:Listener": (*CRUD, "diff"),
    "aws:lb/listenerCertificate:ListenerCertificate": ("create", "read", "delete"),
    "aws:lb/listenerRule:ListenerRule": (*CRUD, "diff"),
    "aws:lb/loadBalancer:LoadBalancer": (*CRUD, "diff"),
    "aws:lb/targetGroup:TargetGroup": (*CRUD, "diff"),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": ("create", "read", "delete"),
    "aws:lb/trustStore:TrustStore": CRUD,
    "aws:memorydb/acl:Acl": CRUD,
    "aws:memorydb/cluster:Cluster": CRUD,
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": CRUD,
    "aws:memorydb/parameterGroup:ParameterGroup": CRUD,
    "aws:memorydb/subnetGroup:SubnetGroup": CRUD,
    "aws:memorydb/user:User": CRUD,
    "aws:rds/cluster:Cluster": (*CRUD, "diff"),
    "aws:rds/clusterInstance:ClusterInstance": CRUD,
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": CRUD,
    "aws:rds/eventSubscription:EventSubscription": CRUD,
    "aws:rds/globalCluster:GlobalCluster": CRUD,
    "aws:rds/subnetGroup:SubnetGroup": CRUD,
    "aws:resiliencehub/v2Assertion:V2Assertion": CRUD,
    "aws:resiliencehub/v2InputSource:V2InputSource": ("create", "read", "delete"),
    "aws:resiliencehub/v2Policy:V2Policy": CRUD,
    "aws:resiliencehub/v2Service:V2Service": CRUD,
    "aws:route53/healthCheck:HealthCheck": (*CRUD, "diff"),
    "aws:route53/record:Record": CRUD,
    "aws:route53/zone:Zone": CRUD,
    "aws:s3/bucket:Bucket": CRUD,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": CRUD,
    "aws:s3/bucketObject:BucketObject": (*CRUD, "diff"),
    "aws:s3/bucketObjectv2:BucketObjectv2": (*CRUD, "diff"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": CRUD,
    "aws:s3/bucketPolicy:BucketPolicy": CRUD,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": CRUD,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (*CRUD, "diff"),
    "aws:s3/bucketVersioning:BucketVersioning": (*CRUD, "diff"),
    "aws:secretsmanager/secret:Secret": CRUD,
    "aws:secretsmanager/secretPolicy:SecretPolicy": CRUD,
    "aws:secretsmanager/secretVersion:SecretVersion": (*CRUD, "diff"),
    "aws:sns/topic:Topic": (*CRUD, "diff"),
    "aws:sns/topicPolicy:TopicPolicy": CRUD,
    "aws:sns/topicSubscription:TopicSubscription": (*CRUD, "diff"),
    "aws:ssm/parameter:Parameter": (*CRUD, "diff"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (*CRUD, "diff", "validate"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (*CRUD, "diff", "validate"),
    "aws:wafv2/webAcl:WebAcl": CRUD,
    "aws:wafv2/webAclAssociation:WebAclAssociation": ("create", "read", "delete"),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": CRUD,
}
"""Type -> functions of the provider that were read, and are followed but for NOT_FOLLOWED: create, read, update,
delete, diff (CustomizeDiff), validate (ConfigValidators)."""

NOT_FOLLOWED: dict[str, str] = {
    "aws:acm/certificate:Certificate": (
        "imports certificates and renews them early; the domains of the records are known at preview, here after "
        "the creation"
    ),
    "aws:acm/certificateValidation:CertificateValidation": "its id is the time of issue; here the certificate's ARN",
    "aws:arcregionswitch/plan:Plan": (
        "a changed primaryRegion is never sent and stays a difference, here the plan is replaced; waits for the "
        "health checks of steps that aren't in a parallel one"
    ),
    "aws:autoscaling/group:Group": (
        "retries an update that AWS finds invalid for 10 minutes; passes over a launch that failed where it waits for "
        "no capacity, here the creation fails"
    ),
    "aws:autoscaling/lifecycleHook:LifecycleHook": (
        "retries for 5 minutes while the target can't be written to; a hook that moves stays in its former group, too"
    ),
    "aws:autoscaling/policy:Policy": "refuses a policy with another kind's settings when it is made; here at preview",
    "aws:backup/framework:Framework": (
        "waits until it is deployed, and takes one that failed for deployed; isn't read, for no emulator has it"
    ),
    "aws:backup/globalSettings:GlobalSettings": "isn't read, for no emulator has it",
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": (
        "waits until it is created; isn't read, for no emulator has it"
    ),
    "aws:backup/regionSettings:RegionSettings": (
        "reads all types of resource, so that those which the program leaves out differ every time; isn't read "
        "here, for no emulator has it"
    ),
    "aws:backup/reportPlan:ReportPlan": (
        "waits until it is deployed: here it is at once; what an update changes isn't read, for no emulator has the"
        " update"
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": "isn't read, for no emulator has it",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": "isn't read, for no emulator has it",
    "aws:backup/selection:Selection": "retries while AWS Backup can't assume the role yet: here it can",
    "aws:backup/vaultPolicy:VaultPolicy": "retries while the policy's principals aren't known yet: here they are",
    "aws:cloudwatch/eventRule:EventRule": (
        "retries a deletion for 5 minutes while the rule has targets: the engine deletes those first"
    ),
    "aws:cloudwatch/eventTarget:EventTarget": "makes a target id up; here it is required",
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        "sends 0 for a threshold that isn't given, here one is required; sends only actions beside evaluationCriteria"
    ),
    "aws:ec2/amiCopy:AmiCopy": "a time of deprecation, which is refused here",
    "aws:ec2/capacityReservation:CapacityReservation": "waits until it is active, or cancelled: nothing emulates it",
    "aws:ec2/eip:Eip": "puts addresses on instances and interfaces, which is refused here",
    "aws:ec2/flowLog:FlowLog": (
        "logs of subnets, interfaces and transit gateways, which are refused here; retries while a new role can't "
        "be assumed"
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "leaves the credit specification out unless the instance type is burstable"
    ),
    "aws:ec2/natGateway:NatGateway": (
        "changes secondary addresses and those of a regional gateway's zones in place; here the gateway is replaced"
    ),
    "aws:ec2/route:Route": (
        "refuses a destination that the table has a route to, whatever its target; waits until a route is active"
    ),
    "aws:ec2/routeTable:RouteTable": "routes inside a table and propagation, which are refused here",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        "has another id after a move; here it keeps its own, and is found by what it associates"
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        "deletes interfaces that services left; after a minute takes away other groups' rules that name the group"
    ),
    "aws:ec2/subnet:Subnet": (
        "deletes interfaces that services left; ends the assignment of addresses before a range goes, here after it"
    ),
    "aws:ec2/vpc:Vpc": (
        "deletes what GuardDuty left; exchanges ranges of address pools in place, here the VPC is replaced"
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        "one call for all changes, here one for each set; waits until the endpoint is available"
    ),
    "aws:efs/accessPoint:AccessPoint": "waits until it is available: here it is at once",
    "aws:efs/backupPolicy:BackupPolicy": "waits until backups are on or off: here they are at once",
    "aws:efs/fileSystem:FileSystem": "waits until it is available: here it is at once",
    "aws:efs/fileSystemPolicy:FileSystemPolicy": (
        "retries while the policy's principals aren't known yet: here they are"
    ),
    "aws:efs/mountTarget:MountTarget": (
        "creates one a zone at a time, for AWS gives two in one zone the same id: here AWS's refusal of the second "
        "stands"
    ),
    "aws:efs/replicationConfiguration:ReplicationConfiguration": (
        "waits until it is enabled, or gone: here it is at once"
    ),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (
        "waits after each call until the datastore is available: here it always is"
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": (
        "works around a reset of reserved-memory, a parameter of Redis 2 and 3"
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "log deliveries, users and backups go in calls of their own, there in the one; waits for the datastore that"
        " a member joins: here it is ready; pending user groups aren't read: here they change at once; for an "
        "engine before 7.0.5 transit encryption replaces"
    ),
    "aws:elasticache/user:User": "waits until the user is active: here it is at once",
    "aws:elasticache/userGroup:UserGroup": "waits until the group is active: here it is at once",
    "aws:iam/instanceProfile:InstanceProfile": (
        "waits until EC2 knows it: here it does at once; a reading takes out a role that is gone: IAM lets none go "
        "that is in one"
    ),
    "aws:iam/policy:Policy": "delayAfterPolicyCreationInMs isn't waited for",
    "aws:iam/role:Role": (
        "inlinePolicies, which are deprecated, are refused and not read; retries while principals of its trust "
        "aren't known yet: here they are"
    ),
    "aws:iam/rolePolicy:RolePolicy": "waits until it is seen: here it is at once",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (
        "retries while the role is being changed: here nothing changes it at once"
    ),
    "aws:imagebuilder/image:Image": "waits for at most 60 minutes, or what the program says; here until it is made",
    "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": (
        "retries while the instance profile isn't known to Image Builder yet; here it is known at once"
    ),
    "aws:imagebuilder/lifecyclePolicy:LifecyclePolicy": "retries while the role isn't known yet; here it is known",
    "aws:kms/alias:Alias": "retries while the key isn't known yet: here it is",
    "aws:kms/key:Key": (
        "retries while principals of its policy aren't known, and waits until each change is seen: here it is at once"
    ),
    "aws:kms/replicaKey:ReplicaKey": (
        "retries while principals of its policy aren't known, and waits until each change is seen: here it is at once"
    ),
    "aws:lambda/function:Function": (
        "publishes versions, stops durable executions, and retries while a new role can't be assumed: here it can be"
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (
        "retries while the function's role may not write to the destination yet"
    ),
    "aws:lambda/permission:Permission": (
        "adds one permission of a function at a time, and retries conflicts for 5 minutes"
    ),
    "aws:lb/listener:Listener": "retries for 5 minutes while a certificate isn't found",
    "aws:lb/listenerCertificate:ListenerCertificate": (
        "retries while a certificate isn't found; that a default one can't be removed is success"
    ),
    "aws:lb/listenerRule:ListenerRule": "a rule without priority gets the next one; here it is refused",
    "aws:lb/loadBalancer:LoadBalancer": "waits after a deletion until the network interfaces are gone",
    "aws:lb/targetGroup:TargetGroup": (
        "a matcher is gRPC's by protocolVersion, here by its number; leaves out what functions don't have as targets"
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": "retries for 10 minutes while the target isn't running",
    "aws:lb/trustStore:TrustStore": "waits until it is active, and before a deletion until no listener has it",
    "aws:memorydb/acl:Acl": "waits until the list is active: here it is at once",
    "aws:memorydb/cluster:Cluster": (
        "the topic goes in a call of its own, there in the one; waits until the cluster, its parameters and its "
        "security groups are in sync: here they are at once"
    ),
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": (
        "waits after a creation and each call until it is available: here it is at once"
    ),
    "aws:memorydb/parameterGroup:ParameterGroup": (
        "retries a reset for 30 seconds while changes are pending: here none are"
    ),
    "aws:memorydb/user:User": "waits until the user is active: here it is at once",
    "aws:rds/cluster:Cluster": (
        "iamRoles, enableHttpEndpoint and s3Import are refused; logs and a write-only password go in calls of their"
        " own, there in the one; updates wait up to 2 hours and retry for 5 minutes: here a cluster is ready at "
        "once; its global cluster is read from its own answer"
    ),
    "aws:rds/clusterInstance:ClusterInstance": (
        "forceDestroy of a replica's last instance promotes the replica first; here AWS's refusal stands"
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": (
        "retries a reset for 3 minutes while changes are pending: here none are"
    ),
    "aws:rds/eventSubscription:EventSubscription": (
        "waits up to 40 minutes for each change; here a subscription is active at once"
    ),
    "aws:rds/globalCluster:GlobalCluster": (
        "repeats an upgrade until every member has the version; here one round is enough; versions of Aurora MySQL 5.6"
    ),
    "aws:resiliencehub/v2InputSource:V2InputSource": "retries while its service's role may not look yet: here it may",
    "aws:resiliencehub/v2Policy:V2Policy": "an update sends all targets, here those that changed",
    "aws:resiliencehub/v2Service:V2Service": (
        "retries while its new role isn't known yet: here it is; an update sends all arguments, here those that changed"
    ),
    "aws:route53/record:Record": (
        "of another type, the former record goes as the state has it, here as it is found; an invalid change at a "
        "deletion is success"
    ),
    "aws:route53/zone:Zone": "accelerated recovery, which is refused here; ends DNSSEC before it deletes by force",
    "aws:s3/bucket:Bucket": (
        "settings that have types of their own are refused as arguments; tags go in a call of their own, there in "
        "the creation; in us-east-1 a bucket that the account has already is refused there; a hold on a locked "
        "object isn't lifted"
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "waits a minute until S3 answers the rules ten times: here it does at once"
    ),
    "aws:s3/bucketObject:BucketObject": "takes slashes out of keys; a hold on a locked version isn't lifted",
    "aws:s3/bucketObjectv2:BucketObjectv2": "takes slashes out of keys; a hold on a locked version isn't lifted",
    "aws:s3/bucketPolicy:BucketPolicy": "retries while the policy's principals aren't known yet: here they are",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        "isn't read after an update, for S3 may answer what was; here S3 answers what is"
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "the account's own number as expected owner is no change there"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": (
        "waits until S3 answers the status three times: here it does at once; the account's own number as expected "
        "owner is no change there"
    ),
    "aws:secretsmanager/secret:Secret": (
        "retries a name that is scheduled for deletion for 2 minutes: here AWS's refusal stands; waits while a "
        "policy has principals that aren't known: here they are"
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": (
        "retries while the policy's principals aren't known yet: here they are"
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": (
        "waits until a version and its labels are seen, or gone: here they are at once"
    ),
    "aws:sns/topic:Topic": "retries an attribute that SNS finds invalid for 2 minutes",
    "aws:sns/topicPolicy:TopicPolicy": "reads until SNS shows every principal by its ARN: here it does at once",
    "aws:sns/topicSubscription:TopicSubscription": (
        "waits for endpoints that confirm themselves; a scope that is removed becomes MessageAttributes, here it stays"
    ),
    "aws:ssm/parameter:Parameter": "does without a tier that the Region doesn't have",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "keeps a rule in the state as planned; here it is read",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "keeps a rule in the state as planned; here it is read"
    ),
    "aws:wafv2/webAcl:WebAcl": (
        "keeps the rule that Shield adds; tries the lock that it knows before it reads the present one"
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": "retries while a new ACL isn't available yet",
}
"""What a function that was read does, and the entry doesn't."""

HELD_IN_ENTRIES: dict[str, tuple[str, ...]] = {
    "aws:autoscaling/group:Group": ("instance_refresh.triggers: validateGroupInstanceRefreshTriggerFields",),
    "aws:cloudwatch/eventRule:EventRule": ("event_pattern: validateEventPatternValue",),
}
"""Checks of the provider's schema that the data doesn't hold (`not_held`) and the type's entry does."""

LEFT_TO_THE_PROVIDER: dict[str, dict[str, str]] = {
    "aws:autoscaling/group:Group": {
        "forceDelete": "a group waits for its servers",
        "forceDeleteWarmPool": "there is no warm pool",
        "ignoreFailedScalingActivities": "the group isn't waited for; a release waits for its servers itself",
        "protectFromScaleIn": "servers hold nothing; the group may end any",
    },
    "aws:autoscaling/policy:Policy": {
        "enabled": "a policy that is declared holds",
        "targetTrackingConfiguration.disableScaleIn": "a fleet that grew shrinks again",
    },
    "aws:backup/plan:Plan": {
        "rules.enableContinuousBackup": "a rule that is to be continuous says so",
        "rules.scheduleExpressionTimezone": "UTC, as the windows of databases and stores",
    },
    "aws:cloudwatch/eventRule:EventRule": {
        "eventBusName": "events of AWS arrive on the default bus",
        "forceDestroy": "the rule is the program's own",
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        "eventBusName": "the rule's",
        "forceDestroy": "the target is the program's own",
    },
    "aws:cloudwatch/logGroup:LogGroup": {"skipDestroy": "whether a log outlives the stack is said by protection"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"actionsEnabled": "an alarm that tells nobody is no alarm"},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"revokeRulesOnDelete": "the VPC goes with it"},
    "aws:ec2/flowLog:FlowLog": {"maxAggregationInterval": "600 s: records are for the past; 60 s cost more lines"},
    "aws:ec2/securityGroup:SecurityGroup": {"revokeRulesOnDelete": "rules are resources of their own"},
    "aws:ec2/subnet:Subnet": {
        "assignIpv6AddressOnCreation": "servers speak IPv4; the balancer takes its own address",
        "enableDns64": "no server speaks IPv6 alone",
        "enableResourceNameDnsARecordOnLaunch": "nobody looks servers up",
        "enableResourceNameDnsAaaaRecordOnLaunch": "nobody looks servers up",
        "ipv6Native": "subnets are dual-stack or IPv4",
    },
    "aws:ec2/vpc:Vpc": {"instanceTenancy": "shared hardware; dedicated costs more and survives nothing better"},
    "aws:elasticache/user:User": {"noPasswordRequired": "false is the safe one"},
    "aws:iam/role:Role": {
        "forceDetachPolicies": "policies are the program's own",
        "maxSessionDuration": "an hour; services renew",
    },
    "aws:imagebuilder/component:Component": {"skipDestroy": "the program says itself what it retains"},
    "aws:kms/key:Key": {
        "bypassPolicyLockoutSafetyCheck": "false is the safe one",
        "customerMasterKeySpec": "services encrypt with symmetric keys",
        "isEnabled": "a key that is declared is usable",
        "keyUsage": "services encrypt and decrypt",
    },
    "aws:kms/replicaKey:ReplicaKey": {
        "bypassPolicyLockoutSafetyCheck": "false is the safe one",
        "deletionWindowInDays": "30 days, the longest",
        "enabled": "a key that is declared is usable",
    },
    "aws:lambda/function:Function": {
        "packageType": "the code is a zip file",
        "publish": "no version is pinned",
        "reservedConcurrentExecutions": "-1, none: a new account has too few to reserve any",
        "skipDestroy": "the function goes with the stack",
    },
    "aws:lb/listener:Listener": {
        "defaultActions.redirect.host": "the name that was asked for",
        "defaultActions.redirect.path": "the path that was asked for",
        "defaultActions.redirect.query": "the query that was asked for",
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "clientKeepAlive": "an hour, AWS's own",
        "dnsRecordClientRoutingPolicy": "any zone: a client isn't bound to the one it is in",
        "enableTlsVersionAndCipherSuiteHeaders": "the application doesn't read them",
        "enableXffClientPort": "the application doesn't read it",
        "preserveHostHeader": "the application answers to any name",
        "xffHeaderProcessingMode": "append: the client's address is the last but one",
    },
    "aws:lb/targetGroup:TargetGroup": {
        "lambdaMultiValueHeadersEnabled": "targets are servers",
        "proxyProtocolV2": "the application doesn't read it",
        "stickiness.cookieDuration": "stickiness is off, for sessions are shared",
    },
    "aws:rds/cluster:Cluster": {
        "enableGlobalWriteForwarding": "servers write to their own region's cluster after a failover, not across",
        "enableHttpEndpoint": "servers speak PostgreSQL",
        "enableLocalWriteForwarding": "servers write to the writer's name",
    },
    "aws:rds/clusterInstance:ClusterInstance": {
        "forceDestroy": "the cluster guards the data",
        "monitoringInterval": "0, off: Performance Insights is on, agents' metrics cost more",
    },
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
        "parameters.applyMethod": "immediate: what a new cluster begins with",
    },
    "aws:rds/eventSubscription:EventSubscription": {"enabled": "a subscription that is declared tells"},
    "aws:rds/globalCluster:GlobalCluster": {
        "deletionProtection": "it holds no data; AWS deletes none that has members, and they are protected"
    },
    "aws:route53/healthCheck:HealthCheck": {
        "disabled": "a check that is declared checks",
        "measureLatency": "graphs by region cost more and steer nothing",
    },
    "aws:s3/bucketObject:BucketObject": {
        "forceDestroy": "the object has no lock",
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": {"forceDestroy": "the object has no lock"},
    "aws:sns/topic:Topic": {"contentBasedDeduplication": "no FIFO topic", "fifoTopic": "mails have no order to keep"},
    "aws:sns/topicSubscription:TopicSubscription": {
        "confirmationTimeoutInMinutes": "mails are confirmed by people, whom nothing waits for",
        "endpointAutoConfirms": "mails are confirmed by people",
        "rawMessageDelivery": "mails have no raw form",
    },
}
"""Type -> argument that the production stack leaves to the provider's default, and why the default is right."""
