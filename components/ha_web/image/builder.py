"""What Image Builder works with: the instances that build and try, their log, and the end of old images."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.policy_documents import trusting
from ha_web.core.regions import partition_of
from ha_web.core.scope import Scope
from ha_web.image.rights import building

LIFECYCLE_POLICY = "EC2ImageBuilderLifecycleExecutionPolicy"
"""AWS's policy for it lets Image Builder delete only what Image Builder has made:
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/EC2ImageBuilderLifecycleExecutionPolicy.html"""

LAUNCHED_DAYS = 30
"""Days in which nobody may have started a server from an image that is deleted."""

HTTPS_PORT = 443


def log_name(scope: Scope) -> str:
    """Return the name of the log group: Image Builder's own role writes to names that begin so, and to no others."""
    return f"/aws/imagebuilder/{pulumi.get_project()}-{pulumi.get_stack()}-{scope.name}"


def create_log(scope: Scope, days: int) -> aws.cloudwatch.LogGroup:
    """Create the log group of builds and tests."""
    return aws.cloudwatch.LogGroup(
        f"{scope.name}-log",
        name=log_name(scope),
        retention_in_days=days,
        **scope.regional_args("log"),
    )


def create_infrastructure(
    scope: Scope,
    home: str,
    log: aws.cloudwatch.LogGroup,
    *,
    instance_type: str,
    policies: Sequence[pulumi.Input[str]],
    subnet_id: pulumi.Input[str] | None,
    vpc_id: pulumi.Input[str] | None,
) -> "aws.imagebuilder.InfrastructureConfiguration":
    """Create the role and the settings of the instances: IMDSv2 only, nothing comes in, none outlives a failure."""
    role = aws.iam.Role(
        f"{scope.name}-role",
        description=f"Builds and tries the image {scope.name}",
        assume_role_policy=json.dumps(trusting("ec2.amazonaws.com")),
        **scope.global_args("role"),
    )
    own = log.arn.apply(lambda arn: json.dumps(building(partition_of(home), arn)))
    rights = [
        aws.iam.RolePolicy(f"{scope.name}-{key}", role=role.id, policy=policy, opts=scope.child_opts())
        for key, policy in {
            "building": own,
            **{f"policy-{number}": policy for number, policy in enumerate(policies, 1)},
        }.items()
    ]
    profile = aws.iam.InstanceProfile(
        f"{scope.name}-profile",
        role=role.name,
        tags=scope.global_args("profile")["tags"],
        opts=scope.child_opts(depends_on=rights),
    )
    return aws.imagebuilder.InfrastructureConfiguration(
        f"{scope.name}-infrastructure",
        instance_profile_name=profile.name,
        instance_types=[instance_type],
        instance_metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        terminate_instance_on_failure=True,
        subnet_id=subnet_id,
        security_group_ids=[_create_group(scope, vpc_id).id] if vpc_id is not None else None,
        resource_tags={**scope.tags, "Name": f"{scope.name}-build"},
        **scope.regional_args("infrastructure"),
    )


def _create_group(scope: Scope, vpc_id: pulumi.Input[str]) -> aws.ec2.SecurityGroup:
    group = aws.ec2.SecurityGroup(
        f"{scope.name}-sg",
        description=f"Instances that build and try the image {scope.name}",
        vpc_id=vpc_id,
        **scope.regional_args("sg"),
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{scope.name}-https-out",
        description="HTTPS to AWS and package repositories",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=HTTPS_PORT,
        to_port=HTTPS_PORT,
        cidr_ipv4="0.0.0.0/0",
        **scope.regional_args("https-out"),
    )
    return group


def create_lifecycle(scope: Scope, home: str, tags: dict[str, str], keep: int) -> "aws.imagebuilder.LifecyclePolicy":
    """Keep the newest images, and whatever servers were started from of late; delete the others everywhere.

    https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-lifecycle-rules.html
    """
    role = aws.iam.Role(
        f"{scope.name}-lifecycle-role",
        description=f"Deletes old images of {scope.name}",
        assume_role_policy=json.dumps(trusting("imagebuilder.amazonaws.com")),
        **scope.global_args("lifecycle-role"),
    )
    attached = aws.iam.RolePolicyAttachment(
        f"{scope.name}-lifecycle",
        role=role.name,
        policy_arn=f"arn:{partition_of(home)}:iam::aws:policy/service-role/{LIFECYCLE_POLICY}",
        opts=scope.child_opts(),
    )
    return aws.imagebuilder.LifecyclePolicy(
        f"{scope.name}-lifecycle",
        execution_role=role.arn,
        resource_type="AMI_IMAGE",
        resource_selection={"tag_map": tags},
        policy_details=[
            {
                "action": {"type": "DELETE", "include_resources": {"amis": True, "snapshots": True}},
                "filter": {"type": "COUNT", "value": keep},
                "exclusion_rules": {"amis": {"last_launched": {"unit": "DAYS", "value": LAUNCHED_DAYS}}},
            }
        ],
        **scope.regional_args("lifecycle", depends_on=[attached]),
    )
