"""Corners of a poor account that catalogues of checks look into: images, web ACLs, functions, gateways, parameters."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

STRANGER = "444455556666"
OWN = "111122223333"


def said(effect: str, principal: object, action: str, resource: str = "*") -> str:
    """A policy of one statement."""
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create(vpc_id: pulumi.Input[str], subnet_id: pulumi.Input[str]) -> None:
    """Make them, beside the site."""
    networks(vpc_id, subnet_id)
    gateways(vpc_id)
    machines()
    functions(subnet_id)
    databases()
    buckets_and_files()
    names(subnet_id)
    secrets()


def networks(vpc_id: pulumi.Input[str], subnet_id: pulumi.Input[str]) -> None:
    """Balancers that nobody can reach, or see what they do, and groups that let in too much."""
    aws.lb.LoadBalancer("hidden", load_balancer_type="network", subnets=[subnet_id], enable_deletion_protection=True)
    tls = aws.lb.LoadBalancer(
        "tls", load_balancer_type="network", internal=True, subnets=["subnet-1", "subnet-2"], security_groups=["sg-1"]
    )
    aws.lb.Listener(
        "tls",
        load_balancer_arn=tls.arn,
        port=443,
        protocol="TLS",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificate_arn=f"arn:aws:acm:eu-west-1:{OWN}:certificate/1",
        default_actions=[
            {"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "200"}}
        ],
    )
    aws.elb.LoadBalancer(
        "post",
        subnets=[subnet_id],
        listeners=[
            {"lb_port": 25, "lb_protocol": "tcp", "instance_port": 25, "instance_protocol": "tcp"},
            {
                "lb_port": 443,
                "lb_protocol": "https",
                "instance_port": 80,
                "instance_protocol": "http",
                "ssl_certificate_id": f"arn:aws:iam::{OWN}:server-certificate/old",
            },
        ],
    )
    aws.elb.LoadBalancerPolicy(
        "post",
        load_balancer_name="post",
        policy_name="old",
        policy_type_name="SSLNegotiationPolicyType",
        policy_attributes=[{"name": "Protocol-TLSv1", "value": "true"}],
    )
    aws.wafv2.WebAcl(
        "empty",
        scope="REGIONAL",
        default_action={"allow": {}},
        visibility_config={
            "cloudwatch_metrics_enabled": False,
            "metric_name": "empty",
            "sampled_requests_enabled": False,
        },
    )
    aws.wafv2.WebAcl(
        "idle",
        scope="REGIONAL",
        default_action={"allow": {}},
        rules=[
            {
                "name": "attacks",
                "priority": 1,
                "statement": {
                    "managed_rule_group_statement": {
                        "name": "AWSManagedRulesKnownBadInputsRuleSet",
                        "vendor_name": "AWS",
                    }
                },
                "visibility_config": {
                    "cloudwatch_metrics_enabled": True,
                    "metric_name": "attacks",
                    "sampled_requests_enabled": True,
                },
            }
        ],
        visibility_config={
            "cloudwatch_metrics_enabled": True,
            "metric_name": "idle",
            "sampled_requests_enabled": True,
        },
    )
    aws.ec2.SecurityGroup(
        "crowded",
        vpc_id=vpc_id,
        description="Partners",
        ingress=[
            {
                "protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "cidr_blocks": [f"10.0.{number}.0/24"],
                "description": "a partner",
            }
            for number in range(51)
        ],
    )
    aws.ec2.SecurityGroupRule(
        "wide",
        type="ingress",
        security_group_id="sg-0123456789abcdef0",
        protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_blocks=["52.0.0.0/11"],
        description="A cloud",
    )


def gateways(vpc_id: pulumi.Input[str]) -> None:
    """Ways to other networks, and what nobody uses any more."""
    aws.networkfirewall.Firewall(
        "edge",
        firewall_policy_arn=f"arn:aws:network-firewall:eu-west-1:{OWN}:firewall-policy/edge",
        vpc_id=vpc_id,
        subnet_mappings=[{"subnet_id": "subnet-1"}],
    )
    aws.ec2.VpcBlockPublicAccessOptions("all", internet_gateway_block_mode="off")
    aws.ec2.Eip("spare", domain="vpc")
    aws.ec2.Route(
        "by-hand",
        route_table_id="rtb-0123456789abcdef0",
        destination_cidr_block="0.0.0.0/0",
        network_interface_id="eni-0123456789abcdef0",
    )
    aws.ec2.Route(
        "peer",
        route_table_id="rtb-0123456789abcdef1",
        destination_cidr_block="0.0.0.0/0",
        vpc_peering_connection_id="pcx-0123456789abcdef0",
    )
    aws.ec2.DefaultVpc("default")
    aws.ec2.VpcEndpointService(
        "orders",
        acceptance_required=False,
        network_load_balancer_arns=[f"arn:aws:elasticloadbalancing:eu-west-1:{OWN}:loadbalancer/net/a/1"],
    )
    aws.ec2transitgateway.TransitGateway("hub", auto_accept_shared_attachments="enable")
    aws.ec2clientvpn.Endpoint(
        "home",
        server_certificate_arn=f"arn:aws:acm:eu-west-1:{OWN}:certificate/1",
        client_cidr_block="10.99.0.0/22",
        authentication_options=[{"type": "certificate-authentication"}],
        connection_log_options={"enabled": False},
    )
    aws.ec2.VpnConnection("office", customer_gateway_id="cgw-1", type="ipsec.1", tunnel1_ike_versions=["ikev2"])
    aws.globalaccelerator.Accelerator("edge")
    aws.cloudfront.Distribution(
        "pictures",
        enabled=True,
        origins=[{"origin_id": "one", "domain_name": "pictures.example.com"}],
        default_cache_behavior={
            "target_origin_id": "one",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET"],
            "cached_methods": ["GET"],
        },
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate={"cloudfront_default_certificate": True},
    )


def machines() -> None:
    """Images, servers of ten years ago, containers."""
    aws.ec2.AmiCopy(
        "old", source_ami_id="ami-0123456789abcdef0", source_ami_region="eu-central-1", description="copied by hand"
    )
    aws.ec2.AmiLaunchPermission("old", image_id="ami-0123456789abcdef0", group="all")
    aws.ebs.EncryptionByDefault("off", enabled=False)
    aws.ebs.SnapshotBlockPublicAccess("off", state="unblocked")
    aws.ec2.InstanceMetadataDefaults("off", http_tokens="optional")
    aws.ec2.Instance(
        "router",
        ami="ami-0123456789abcdef0",
        instance_type="m1.small",
        network_interfaces=[
            {"device_index": 0, "network_interface_id": "eni-0123456789abcdef1"},
            {"device_index": 1, "network_interface_id": "eni-0123456789abcdef2"},
        ],
        source_dest_check=False,
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 3},
        root_block_device={"encrypted": True},
        monitoring=True,
    )
    aws.ec2.Instance(
        "reports",
        ami="ami-0123456789abcdef0",
        instance_type="r4.large",
        iam_instance_profile="reports",
        vpc_security_group_ids=["sg-0123456789abcdef0"],
        metadata_options={"http_tokens": "required"},
        root_block_device={"encrypted": True},
        monitoring=True,
    )
    aws.ec2.SpotFleetRequest(
        "batch",
        iam_fleet_role=f"arn:aws:iam::{OWN}:role/fleet",
        target_capacity=2,
        launch_specifications=[
            {
                "ami": "ami-0123456789abcdef0",
                "instance_type": "m5.large",
                "root_block_devices": [{"volume_size": 20, "encrypted": False}],
            }
        ],
    )
    aws.ecs.Service(
        "shop",
        cluster="shop",
        task_definition="shop:1",
        launch_type="EC2",
        ordered_placement_strategies=[{"type": "binpack", "field": "memory"}],
    )
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "shop", "awslogs-region": "eu-west-1"}}
    aws.ecs.TaskDefinition(
        "mailer",
        family="mailer",
        container_definitions=json.dumps([{"name": "mailer", "image": "mailer", "logConfiguration": logs}]),
    )


def functions(subnet_id: pulumi.Input[str]) -> None:
    """A function that everybody may call, in one zone, by a runtime that has ended."""
    aws.lambda_.Function(
        "resize",
        role=f"arn:aws:iam::{OWN}:role/resize",
        runtime="python3.8",
        handler="resize.handler",
        layers=[f"arn:aws:lambda:eu-west-1:{STRANGER}:layer:images:3"],
        code=pulumi.AssetArchive({"resize.py": pulumi.StringAsset("def handler(*_): pass")}),
        vpc_config={"subnet_ids": [subnet_id], "security_group_ids": ["sg-0123456789abcdef0"]},
    )
    aws.lambda_.Permission("anybody", function="resize", action="lambda:InvokeFunction", principal="*")
    aws.lambda_.Permission("bucket", function="resize", action="lambda:InvokeFunction", principal="s3.amazonaws.com")
    aws.lambda_.FunctionUrl("resize", function_name="resize", authorization_type="NONE", cors={"allow_origins": ["*"]})


def parameters(**values: str) -> Sequence[aws.rds.ParameterGroupParameterArgsDict]:
    """Parameters of a group."""
    return [{"name": name, "value": values[name]} for name in values]


def databases() -> None:
    """Databases tuned for speed, shared with everybody, and out of support."""
    aws.rds.ParameterGroup(
        "fast",
        family="mysql8.4",
        parameters=parameters(
            require_secure_transport="1", innodb_flush_log_at_trx_commit="2", read_only="0", log_output="TABLE"
        ),
    )
    aws.rds.ParameterGroup("quiet", family="postgres16", parameters=parameters(log_statement="none"))
    aws.rds.ClusterParameterGroup(
        "audited",
        family="aurora-mysql8.0",
        parameters=[{"name": "require_secure_transport", "value": "1"}],
    )
    reports = aws.rds.Cluster(
        "reports",
        engine="aurora-mysql",
        engine_version="5.7.mysql_aurora.2.11.1",
        master_username="admin",
        master_password="correct-horse-battery",
        storage_encrypted=True,
        deletion_protection=True,
        backup_retention_period=14,
        db_cluster_parameter_group_name="audited",
        db_subnet_group_name="reports",
        enabled_cloudwatch_logs_exports=["audit", "error", "slowquery"],
        iam_database_authentication_enabled=True,
    )
    for number, zone in enumerate(("eu-west-1a", "eu-west-1b", "eu-west-1b")):
        aws.rds.ClusterInstance(
            f"reports-{number}",
            cluster_identifier=reports.id,
            engine=aws.rds.EngineType.AURORA_MYSQL,
            instance_class="db.r6g.large",
            availability_zone=zone,
            ca_cert_identifier="rds-ca-2019",
            performance_insights_enabled=True,
        )
    aws.rds.GlobalCluster("world", global_cluster_identifier="world", engine="aurora-postgresql")
    aws.rds.Proxy(
        "shop",
        engine_family="POSTGRESQL",
        role_arn=f"arn:aws:iam::{OWN}:role/proxy",
        vpc_subnet_ids=["subnet-1", "subnet-2"],
        auths=[{"secret_arn": f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:shop"}],
    )
    aws.rds.Snapshot(
        "before-the-move",
        db_instance_identifier="accounts",
        db_snapshot_identifier="before-the-move",
        shared_accounts=["all"],
    )


def buckets_and_files() -> None:
    """Buckets that strangers may take over, lock everybody out, or open to the world."""
    aws.s3.BucketPolicy("handed-over", bucket="given", policy=said("Allow", {"AWS": STRANGER}, "s3:Put*"))
    aws.s3.BucketPolicy("locked-out", bucket="lost", policy=said("Deny", "*", "s3:*"))
    aws.s3.BucketOwnershipControls("uploads", bucket="given", rule={"object_ownership": "ObjectWriter"})
    aws.s3.BucketAcl(
        "uploads",
        bucket="given",
        access_control_policy={
            "owner": {"id": "1"},
            "grants": [
                {
                    "grantee": {"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers"},
                    "permission": "READ",
                }
            ],
        },
    )
    aws.s3.AccessPoint("uploads", bucket="given", public_access_block_configuration={"block_public_policy": False})
    aws.s3.AccountPublicAccessBlock("account", block_public_acls=True)
    aws.s3.BucketLifecycleConfiguration(
        "given",
        bucket="given",
        rules=[{"id": "old", "status": "Enabled", "expiration": {"days": 365}, "filter": {"prefix": ""}}],
    )
    aws.efs.AccessPoint("uploads", file_system_id="fs-0123456789abcdef0")
    aws.efs.FileSystemPolicy(
        "open", file_system_id="fs-0123456789abcdef0", policy=said("Allow", "*", "elasticfilesystem:*")
    )


def names(subnet_id: pulumi.Input[str]) -> None:
    """Names that anybody may take, or that lead to nobody."""
    aws.route53.Record(
        "old", zone_id="Z0123456789ABCDEFGHIJ", name="old.example.com", type="A", ttl=60, records=["52.1.2.3"]
    )
    aws.route53.Record(
        "shop-delegation",
        zone_id="Z0123456789ABCDEFGHIJ",
        name="shop.example.com",
        type="NS",
        ttl=300,
        records=["ns-1.example.net"],
    )
    aws.route53.HostedZoneDnsSec("signed", hosted_zone_id="Z0123456789ABCDEFGHIJ")
    aws.route53.ResolverEndpoint(
        "office",
        direction="INBOUND",
        security_group_ids=["sg-0123456789abcdef0"],
        ip_addresses=[{"subnet_id": subnet_id}],
    )
    aws.route53domains.RegisteredDomain("shop", domain_name="example.com", transfer_lock=False, tech_privacy=False)
    aws.acm.Certificate(
        "anything",
        domain_name="*.example.com",
        validation_method="DNS",
        key_algorithm="RSA_1024",
        options={"certificate_transparency_logging_preference": "DISABLED"},
    )


def secrets() -> None:
    """Keys that are off, secrets that hardly change, notices over plain HTTP."""
    aws.kms.Key("off", description="Off", is_enabled=False, enable_key_rotation=True)
    aws.secretsmanager.SecretRotation(
        "yearly",
        secret_id=f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:mail",
        rotation_lambda_arn=f"arn:aws:lambda:eu-west-1:{OWN}:function:rotate",
        rotation_rules={"automatically_after_days": 365},
    )
    topic = f"arn:aws:sns:eu-west-1:{OWN}:orders"
    aws.sns.TopicPolicy(
        "partner", arn=topic, policy=said("Allow", {"AWS": f"arn:aws:iam::{STRANGER}:root"}, "sns:Publish", topic)
    )
    aws.sns.TopicSubscription("partner", topic=topic, protocol="http", endpoint="http://partner.example.com/orders")
