"""The launch template of a fleet's servers."""

import base64
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.core.tags import named
from ha_web.fleet.user_data import build_user_data

DEFAULT_ROOT_DEVICE = "/dev/xvda"
"""Root device of Amazon Linux: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html"""

DEFAULT_DISK_SIZE = 20
SMALLEST_DISK, LARGEST_DISK = 8, 16_384


ASSUMED_LENGTHS = {"_ARN": 120, "_HOST": 80, "_PORT": 5, "": 24}
"""Characters of an environment variable's value that is known only after deployment, by the end of its name: the
longest that resources of long names in regions of long names have. The last one is an id's (`fs-`, `fsap-`)."""


def user_data_problems(environment: Mapping[str, pulumi.Input[str]], start_script: pulumi.Input[str]) -> list[str]:
    """Return what is wrong with user data, counting a generous length for values known only after deployment."""
    if not isinstance(start_script, str):
        return []
    known = {name: value if isinstance(value, str) else stand_in(name) for name, value in environment.items()}
    try:
        build_user_data(known, start_script)
    except ValueError as error:
        return [str(error)]
    return []


def stand_in(name: str) -> str:
    """Return a text as long as the value of such a variable may be."""
    return "x" * next(length for end, length in ASSUMED_LENGTHS.items() if name.endswith(end))


def encoded_user_data(
    environment: Mapping[str, pulumi.Input[str]], start_script: pulumi.Input[str]
) -> pulumi.Output[str]:
    """Return user data in base64, as EC2 takes it. With a secret in it, all of it is secret in the state."""
    parts = pulumi.Output.all(environment=dict(environment), script=start_script)
    return parts.apply(
        lambda known: base64.b64encode(build_user_data(known["environment"], known["script"]).encode()).decode()
    )


def create_launch_template(
    scope: Scope,
    *,
    image: pulumi.Input[str],
    instance_type: str,
    user_data: pulumi.Input[str],
    profile: aws.iam.InstanceProfile,
    security_group_ids: Sequence[pulumi.Input[str]],
    root_device: str,
    disk_size: int,
    metadata_hops: int = 1,
) -> aws.ec2.LaunchTemplate:
    """Create a template with IMDSv2 only, no key pair, no public address and an encrypted disk."""
    tags = named(scope.name, scope.tags)
    return aws.ec2.LaunchTemplate(
        f"{scope.name}-template",
        description=f"Servers of the fleet {scope.name}",
        image_id=image,
        instance_type=instance_type,
        user_data=user_data,
        update_default_version=True,
        iam_instance_profile={"arn": profile.arn},
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            # One hop is the server itself: a container or a proxy on it cannot fetch the role's credentials.
            # https://docs.aws.amazon.com/securityhub/latest/userguide/autoscaling-controls.html#autoscaling-4
            "http_put_response_hop_limit": metadata_hops,
            "http_protocol_ipv6": "disabled",
            "instance_metadata_tags": "disabled",
        },
        block_device_mappings=[
            {
                "device_name": root_device,
                "ebs": {
                    "volume_type": "gp3",
                    "volume_size": disk_size,
                    "encrypted": "true",
                    "delete_on_termination": "true",
                },
            }
        ],
        network_interfaces=[
            {
                "device_index": 0,
                "associate_public_ip_address": "false",
                "delete_on_termination": "true",
                "security_groups": [*security_group_ids],
            }
        ],
        monitoring={"enabled": True},  # one metric a minute: every 5 minutes is too slow for scaling
        tag_specifications=[
            {"resource_type": kind, "tags": tags} for kind in ("instance", "volume", "network-interface")
        ],
        **scope.regional_args("template"),
    )
