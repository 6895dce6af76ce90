"""Rules of one shape, a row each: what holds, how grave it is where it doesn't, of which types, and by which property.

A rule that has to look further is a function in a file of its domain.
"""

from resilience.aws import types
from resilience.reference import Reference, security_hub, well_architected
from resilience.rule import Rule, Severity, Topic
from resilience.rules.shapes import (
    Shape,
    absent,
    accompanied,
    changed_from,
    equal,
    not_false,
    not_switched_off,
    nothing,
    present,
    some,
    switched_on,
    unlike,
)

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

LOGGING = well_architected("SEC04-BP01", "sec_detect_investigate_events_app_service_logging")
IDENTIFIED = well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data")
SECURED = well_architected("REL09-BP02", "rel_backing_up_data_secured_backups_data")
SEVERAL_PLACES = well_architected("REL10-BP01", "rel_fault_isolation_multiaz_region_system")
GROWS = well_architected("REL07-BP01", "rel_adapt_to_changes_autoscale_adapt")
DETECT = well_architected("REL11-BP01", "rel_withstand_component_failures_monitoring_health")
CONNECTIVITY = well_architected("REL02-BP01", "rel_planning_network_topology_ha_conn_users")
IN_TRANSIT = well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt")
KEY_MANAGEMENT = well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt")
SHARED = well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account")
SERVERS = (types.LAUNCH_TEMPLATE, types.LAUNCH_CONFIGURATION, types.INSTANCE)
NOT_DOCUMENTDB = tuple(kind for kind in types.DB_CLUSTER_INSTANCES if "docdb" not in kind)


def row(
    name: str, sentence: str, severity: Severity, reference: Reference, judged: tuple[str, ...], shape: Shape
) -> Rule:
    """Make a rule of a shape."""
    return Rule(name, sentence, severity, reference, judged, check=shape.check, stack_check=shape.stack_check)


# A row is read as lines: what holds; severity, source, types; the property, and what is said of it.
# fmt: off

NETWORK = Topic([
    # AWS makes one that lets its members in and everything out; only a program that takes it over closes it.
    row("default-security-group-taken-over", "A VPC's default security group is closed by the program.",
        LOW, security_hub("EC2.2"), (types.VPC,),
        accompanied(types.DEFAULT_SECURITY_GROUP, "vpcId", "id",
                    says="no aws:ec2/defaultSecurityGroup takes its default group over")),
])

BALANCING = Topic([
    # Off by default.
    row("classic-balancer-drains", "A server that leaves a Classic Load Balancer may finish its requests.",
        LOW, security_hub("ELB.7"), (types.CLASSIC_BALANCER,),
        some("connectionDraining", "is off; requests under way are cut off")),
    # TCP is passed on as it is: whether the servers speak TLS can't be seen here.
    row("listener-network-ends-tls", "A Network Load Balancer ends TLS itself.",
        LOW, security_hub("ELB.18"), types.LISTENERS,
        unlike("protocol", "TCP", "is TCP; TLS ends at the balancer, with a certificate that renews itself")),
])

WEB_ACLS = Topic([
    # Samples of the last three hours are all that there is otherwise.
    row("web-acl-logged", "What a web ACL stops is logged.",
        LOW, security_hub("WAF.11"), (types.WEB_ACL,),
        accompanied(types.WEB_ACL_LOGGING, "resourceArn", "arn",
                    says="no aws:wafv2/webAclLoggingConfiguration is for it; nobody can tell whom it turned away")),
])

FLEET = Topic([
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-default-instance-warmup.html
    row("group-warms-up", "A group knows how long a new server takes until it bears load.",
        LOW, well_architected("REL07-BP01", "rel_adapt_to_changes_autoscale_adapt"), (types.GROUP,),
        present("defaultInstanceWarmup", "is not set; scaling counts the metrics of servers that still start")),
    # Whatever was left on its disk is everybody's.
    row("image-not-public", "An image can't be launched by everybody.",
        CRITICAL, SHARED, (types.IMAGE_PERMISSION,),
        unlike("group", "all", "is all; name accounts or an organization")),
    # The program says something about all disks of the region.
    row("account-disks-encrypted", "Every new disk of the account is encrypted.",
        HIGH, security_hub("EC2.7"), (types.EBS_ENCRYPTION,),
        not_switched_off("enabled", "is off; disks of other programs are no longer encrypted by themselves")),
    # Launch configurations have no versions, and AWS adds nothing to them any more.
    row("group-uses-a-template", "An Auto Scaling group launches from a launch template.",
        MEDIUM, security_hub("AutoScaling.9"), (types.GROUP,),
        absent("launchConfiguration", "is set; launchTemplate has versions to roll out and to go back to")),
    # Keys are shared and lost, and what is done by hand is gone with the server.
    row("server-has-no-key-pair", "Nobody logs in to a server by a key pair.",
        LOW, well_architected("SEC06-BP03", "sec_protect_compute_reduce_manual_management"), SERVERS,
        absent("keyName", "is set; Session Manager needs neither a key nor an open port")),
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html
    row("instance-recovers", "An instance by itself is recovered when its host fails.",
        MEDIUM, well_architected("REL11-BP03", "rel_withstand_component_failures_auto_healing_system"),
        (types.INSTANCE,),
        unlike("maintenanceOptions.autoRecovery", "disabled", "is disabled; nobody restarts it when its host fails")),
])

FUNCTIONS = Topic([
    # NONE lets the whole internet call, at the account's cost.
    row("function-url-asks-who-you-are", "A function's URL asks who calls.",
        HIGH, SHARED, (types.FUNCTION_URL,),
        unlike("authorizationType", "NONE", "is NONE; AWS_IAM, or a balancer in front")),
])

SESSIONS = Topic([
    # MemoryDB always does, where it has a replica.
    row("store-fails-over", "A session store promotes a replica when its primary fails.",
        HIGH, security_hub("ElastiCache.3"), (types.REPLICATION_GROUP,),
        switched_on("automaticFailoverEnabled", "is off; nobody takes writes when the primary fails")),
    # MemoryDB always spreads them.
    row("store-is-multi-az", "The nodes of a session store are spread over zones.",
        HIGH, SEVERAL_PLACES, (types.REPLICATION_GROUP,),
        switched_on("multiAzEnabled", "is off; all nodes may be in one zone")),
])

DATA = Topic([
    # S3 makes one for a new bucket; only one in the program is still there after somebody took it off by hand.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    row("bucket-has-access-block", "A bucket has a public access block of its own.",
        MEDIUM, security_hub("S3.8"), types.BUCKETS,
        accompanied(types.PUBLIC_ACCESS_BLOCK, "bucket", "id", "bucket",
                    says="it has no public access block; whoever takes off S3's own isn't noticed")),
    # Enhanced Monitoring shows the processes and memory of the machine, up to each second.
    row("database-monitored", "The operating system of a database is monitored.",
        LOW, security_hub("RDS.6"), (types.DB_INSTANCE, types.DB_CLUSTER_INSTANCE),
        some("monitoringInterval", "is 0; what the machine did in an incident can't be seen")),
    # Off by default.
    row("database-proxy-speaks-tls", "A database proxy refuses connections without TLS.",
        HIGH, security_hub("RDS.43"), (types.DB_PROXY,),
        some("requireTls", "is off; passwords may travel in plain text")),
    # On where nothing is said; DocumentDB pays no attention to it.
    row("database-minor-upgrades", "A database takes minor upgrades by itself.",
        MEDIUM, security_hub("RDS.13"), (types.DB_INSTANCE, types.DB_CLUSTER, *NOT_DOCUMENTDB),
        not_false("autoMinorVersionUpgrade", "is off; security fixes don't arrive")),
    # Off where nothing is said, and can't be turned on later.
    row("file-system-encrypted", "A file system is encrypted.",
        HIGH, security_hub("EFS.1"), (types.FILE_SYSTEM,),
        some("encrypted", "is off; it can't be turned on later without a new file system")),
    # One Zone is what a zone's name makes of it. https://docs.aws.amazon.com/efs/latest/ug/availability-durability.html
    row("file-system-spans-zones", "A file system keeps its files in several zones.",
        HIGH, SEVERAL_PLACES, (types.FILE_SYSTEM,),
        absent("availabilityZoneName", "is set; with that zone, the files are gone")),
    # Bursting, the API's default, slows down to what the size allows when its credits are used up.
    # https://docs.aws.amazon.com/efs/latest/ug/performance.html
    row("file-system-throughput", "The throughput of a file system follows its load.",
        LOW, GROWS, (types.FILE_SYSTEM,),
        changed_from("throughputMode", "bursting", "is bursting; without credits it crawls, elastic doesn't")),
    # Off where nothing is said. https://www.pulumi.com/registry/packages/aws/api-docs/ebs/volume/
    row("volume-final-snapshot", "A disk leaves a snapshot when it is deleted.",
        MEDIUM, well_architected("REL09-BP01", "rel_backing_up_data_identified_backups_data"), (types.VOLUME,),
        some("finalSnapshot", "is off; with the disk, its data is gone")),
    # Off where nothing is said.
    row("table-deletion-protection", "A table is protected from deletion.",
        HIGH, security_hub("DynamoDB.6"), (types.DYNAMODB_TABLE,),
        some("deletionProtectionEnabled", "is off")),
    # The root of the file system is the default.
    row("access-point-bounded", "An access point shows a folder of the file system, not all of it.",
        MEDIUM, security_hub("EFS.3"), (types.ACCESS_POINT,),
        changed_from("rootDirectory.path", "/", "is /; whoever mounts it sees everything")),
    # Without one, the client says who it is: root, if it likes.
    row("access-point-has-a-user", "Who mounts an access point is the user that it names.",
        MEDIUM, security_hub("EFS.4"), (types.ACCESS_POINT,),
        present("posixUser", "is missing; clients say themselves who they are")),
])

DNS = Topic([
    # One that is off is always healthy. An inverted one is no fault: it makes a switch of an object that is there.
    # https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/
    row("health-check-enabled", "A health check checks.",
        HIGH, DETECT, (types.HEALTH_CHECK,),
        nothing("disabled", "is on; such a check is always healthy")),
    # A new zone has other name servers: the site is gone until the registrar and every resolver know them.
    row("zone-kept", "A zone isn't deleted with records in it.",
        HIGH, well_architected("REL02-BP01", "rel_planning_network_topology_ha_conn_users"), (types.ZONE,),
        nothing("forceDestroy", "is on; with the zone, all records are gone, other programs' too")),
    # On where nothing is said.
    row("domain-transfer-locked", "A domain can't be moved to another registrar by accident.",
        HIGH, CONNECTIVITY, types.DOMAINS,
        not_false("transferLock", "is off; whoever gets the code takes the name")),
])

BACKUPS = Topic([
    # Without one it runs and backs nothing up.
    row("backup-plan-selects-something", "A backup plan has a selection.",
        HIGH, IDENTIFIED, (types.BACKUP_PLAN,),
        accompanied(types.BACKUP_SELECTION, "planId", "id", says="no selection names the plan; it backs nothing up")),
    # AWS's own key can't be used from another account, and its policy can't be changed.
    row("backup-vault-own-key", "A backup vault is encrypted with a key of one's own.",
        MEDIUM, SECURED, (types.BACKUP_VAULT,),
        present("kmsKeyArn", "is missing; give the vault a key of its own")),
    # `forceDestroy` deletes all recovery points first.
    row("backup-vault-outlives-its-stack", "A backup vault isn't destroyed together with what is in it.",
        CRITICAL, SECURED, (types.BACKUP_VAULT,),
        nothing("forceDestroy", "is on; destroying the stack deletes all recovery points")),
])

ENCRYPTION = Topic([
    # RSA of 2,048 bits is the default.
    row("certificate-key-strong", "A certificate's key can't be guessed.",
        HIGH, security_hub("ACM.2"), (types.CERTIFICATE,),
        unlike("keyAlgorithm", "RSA_1024", "is RSA_1024; 2,048 bits at least, or an elliptic curve")),
    # Browsers refuse one that isn't. https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html
    row("certificate-on-record", "A certificate is in the public logs of certificates.",
        MEDIUM, IN_TRANSIT, (types.CERTIFICATE,),
        unlike("options.certificateTransparencyLoggingPreference", "DISABLED", "is DISABLED; browsers refuse it")),
    # What it encrypts can't be read while it is off.
    row("key-enabled", "A key can be used.",
        HIGH, well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt"), (types.KEY,),
        not_false("isEnabled", "is off; nothing that it encrypts can be read")),
    # Without AWS's check, a wrong policy makes a key that nobody can manage, nor what it encrypts be saved.
    row("key-governed-by-its-account", "A key's policy leaves its account in charge.",
        HIGH, KEY_MANAGEMENT, (types.KEY, types.REPLICA_KEY, types.KEY_POLICY, *types.EXTERNAL_KEYS),
        nothing("bypassPolicyLockoutSafetyCheck", "is on; a mistake in the policy makes the key unmanageable")),
    # With a key in KMS: SNS has none of its own.
    row("topic-encrypted", "A topic is encrypted.",
        MEDIUM, security_hub("SNS.1"), (types.TOPIC,),
        present("kmsMasterKeyId", "is missing")),
    # Notices of failures say where a site is weak.
    row("subscription-speaks-tls", "What a topic sends to a web address travels encrypted.",
        HIGH, well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt"), (types.TOPIC_SUBSCRIPTION,),
        unlike("protocol", "http", "is http; https is needed")),
    # Who copied it once has it for ever otherwise.
    row("secret-rotates", "A secret is changed by itself.",
        LOW, security_hub("SecretsManager.1"), (types.SECRET,),
        accompanied(types.SECRET_ROTATION, "secretId", "id", "arn",
                    says="no aws:secretsmanager/secretRotation is for it")),
    # AWS's own key opens to everybody of the account who may read secrets, and to no other account.
    row("secret-own-key", "A secret is encrypted with a key of the account's own.",
        LOW, well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt"), (types.SECRET,),
        present("kmsKeyId", "is not set")),
])

OBSERVABILITY = Topic([
    # They are by default.
    row("alarm-actions-enabled", "The actions of an alarm are switched on.",
        MEDIUM, security_hub("CloudWatch.17"), (types.METRIC_ALARM, types.COMPOSITE_ALARM),
        not_switched_off("actionsEnabled", "is off; nobody hears the alarm")),
    # Readers then need access to the key too, not to the bucket alone.
    row("trail-is-encrypted", "A trail is encrypted with a key of the account's own.",
        MEDIUM, security_hub("CloudTrail.2"), (types.TRAIL,),
        present("kmsKeyId", "is not set")),
    # AWS then signs a digest of them each hour.
    row("trail-validates-its-files", "A trail's files can be told from changed ones.",
        MEDIUM, security_hub("CloudTrail.4"), (types.TRAIL,),
        switched_on("enableLogFileValidation", "is off")),
])

ADVICE = Topic([
    # Off only for a server that is a router.
    row("server-checks-addresses", "A server takes only traffic that is for it.",
        LOW, security_hub("EC2.180"), (types.INSTANCE,),
        not_false("sourceDestCheck", "is off")),
    # With X-Ray; off by default.
    row("function-traced", "Calls of a function are traced.",
        LOW, security_hub("Lambda.7"), (types.FUNCTION,),
        equal("tracingConfig.mode", "Active", "is not Active")),
    # Off by default.
    row("transit-gateway-accepts-by-hand", "What is attached to a transit gateway is accepted by hand.",
        LOW, security_hub("EC2.23"), (types.TRANSIT_GATEWAY,),
        unlike("autoAcceptSharedAttachments", "enable", "is enable")),
    # Who came in when.
    row("client-vpn-logged", "Connections to a VPN are logged.",
        LOW, security_hub("EC2.51"), (types.CLIENT_VPN,),
        some("connectionLogOptions.enabled", "is off")),
    # Off by default.
    row("accelerator-logged", "The flows of an accelerator are logged.",
        LOW, LOGGING, (types.ACCELERATOR,),
        some("attributes.flowLogsEnabled", "is off")),
    # Only the root user can switch it on, so that no program does; a lock (`bucket-locked`) is better.
    row("bucket-deletes-with-a-second-factor", "Versions of objects are deleted with a second factor only.",
        LOW, security_hub("S3.20"), types.BUCKET_VERSIONINGS,
        equal("versioningConfiguration.mfaDelete", "Enabled", "is not Enabled")),
])
# fmt: on
