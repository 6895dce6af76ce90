"""Leftovers from before the site, made by hand and never removed: servers by themselves, an old balancer, users."""

import json

import pulumi
import pulumi_aws as aws


def everybody(action: str) -> str:
    """A policy that lets everybody do something."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create(subnet_id: pulumi.Input[str], group_id: pulumi.Input[str], targets_arn: pulumi.Input[str]) -> None:
    """Make them, beside the site."""
    servers(subnet_id, group_id, targets_arn)
    data(group_id)
    people()


def servers(subnet_id: pulumi.Input[str], group_id: pulumi.Input[str], targets_arn: pulumi.Input[str]) -> None:
    """A server that somebody cares for, the balancer before the balancer, and a group that is attached to it."""
    old = aws.ec2.Instance(
        "old",
        ami="ami-0123456789abcdef0",
        instance_type="t3.small",
        subnet_id=subnet_id,
        vpc_security_group_ids=[group_id],
        maintenance_options={"auto_recovery": "disabled"},
        metadata_options={"http_tokens": "required"},
        root_block_device={"encrypted": True},
        monitoring=True,
    )
    aws.lb.TargetGroupAttachment("old", target_group_arn=targets_arn, target_id=old.id)
    aws.elb.LoadBalancer(
        "classic",
        subnets=[subnet_id],
        security_groups=[group_id],
        listeners=[{"lb_port": 80, "lb_protocol": "http", "instance_port": 80, "instance_protocol": "http"}],
    )
    group = aws.autoscaling.Group(
        "attached",
        min_size=2,
        max_size=4,
        launch_configuration="old",
        availability_zones=["eu-west-1a", "eu-west-1b"],
    )
    aws.autoscaling.Attachment("attached", autoscaling_group_name=group.name, lb_target_group_arn=targets_arn)
    aws.ec2.NetworkAcl(
        "open",
        vpc_id="vpc-0123456789abcdef0",
        ingress=[
            {
                "rule_no": 100,
                "action": "allow",
                "protocol": "-1",
                "cidr_block": "0.0.0.0/0",
                "from_port": 0,
                "to_port": 0,
            }
        ],
    )


def data(group_id: pulumi.Input[str]) -> None:
    """Databases, disks, queues."""
    aws.rds.Instance(
        "accounts",
        engine="postgres",
        engine_version="15.4",
        instance_class="db.t3.small",
        allocated_storage=20,
        username="accounts",
        password="correct-horse-battery",
        backup_retention_period=0,
        vpc_security_group_ids=[group_id],
        storage_encrypted=True,
        deletion_protection=True,
    )
    aws.dynamodb.Table(
        "carts",
        hash_key="id",
        attributes=[{"name": "id", "type": "S"}],
        read_capacity=5,
        write_capacity=5,
    )
    aws.ebs.Volume("scratch", availability_zone="eu-west-1a", size=100)
    aws.elasticache.Cluster(
        "old-sessions", engine="redis", engine_version="7.1", node_type="cache.t3.micro", num_cache_nodes=1
    )
    aws.elasticache.Cluster("pages", engine="memcached", node_type="cache.t3.micro", num_cache_nodes=1)
    queue = aws.sqs.Queue("orders", sqs_managed_sse_enabled=False)
    aws.sqs.QueuePolicy("orders", queue_url=queue.url, policy=everybody("sqs:*"))
    aws.ecs.TaskDefinition(
        "shop",
        family="shop",
        container_definitions=json.dumps(
            [{"name": "shop", "image": "shop", "environment": [{"name": "DB_PASSWORD", "value": "correct-horse"}]}]
        ),
    )


def people() -> None:
    """Somebody who left long ago, and what would tell what they did."""
    aws.cloudtrail.Trail("account", s3_bucket_name="shop-trail", include_global_service_events=False)
    user = aws.iam.User("intern")
    aws.iam.UserPolicyAttachment("intern", user=user.name, policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    aws.iam.AccessKey("intern", user=user.name)
