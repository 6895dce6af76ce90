"""Servers behind a load balancer: as many as the load needs, over all zones, replaced when they fail."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.fleet.auto_scaling import (
    DEFAULT_CPU_TARGET,
    DEFAULT_REQUESTS_PER_TARGET,
    create_scaling,
    create_server_group,
    scaling_problems,
)
from ha_web.fleet.capacity import capacity_problems, default_maximum, default_minimum
from ha_web.fleet.image import DEFAULT_RELEASE, image_problems, pinned_image, release_problem
from ha_web.fleet.launch_template import (
    DEFAULT_DISK_SIZE,
    DEFAULT_ROOT_DEVICE,
    LARGEST_DISK,
    SMALLEST_DISK,
    create_launch_template,
    encoded_user_data,
    user_data_problems,
)
from ha_web.fleet.security_groups import TargetProtocol, create_fleet_group
from ha_web.fleet.server_role import FileSystemAccessArgs, create_server_role
from ha_web.load_balancer.protocols import port_problem

DEFAULT_TARGET_PORT = 8080
DEFAULT_BOOT_SECONDS = 180


class FleetArgs(TypedDict):
    """Arguments of Fleet."""

    vpc_id: pulumi.Input[str]
    """VPC of the servers."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the servers, in as many zones as `zones` says; private ones with a way out."""
    zones: int
    """How many zones the subnets are in, at least 2. It decides how many servers it takes to lose one."""
    instance_type: str
    """EC2 instance type, like `t4g.small` or `m7g.large`."""
    start_script: pulumi.Input[str]
    """Script that installs and starts the application, with a `#!` line. It runs once, as root, at the first boot, with
    the environment set and in `/etc/ha-web/environment`. All user data together may have 16 KB."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Security group of the load balancer: the only one that reaches the servers. The fleet opens its way out too."""
    target_group_arns: list[pulumi.Input[str]]
    """Target groups to register servers with, at least one; the group heals by their health."""
    image: NotRequired[str]
    """An image's id (`ami-...`), or the path of an SSM parameter that holds one, resolved once an `image_release`.
    Default: Amazon Linux 2023 for the instance type's architecture."""
    image_id: NotRequired[pulumi.Input[str]]
    """An image's id that is known only later, like ImageCopy's; instead of `image`. Nobody can tell its architecture at
    preview: one that doesn't fit `instance_type` fails when the first server is launched."""
    image_release: NotRequired[str]
    """Any text; a new one resolves the parameter anew and rolls the fleet to what it finds. Default `1`."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Settings of the application. Readable by root only, but part of user data, which the account's readers of launch
    templates see: pass the ARN of a secret, not the secret."""
    target_port: NotRequired[int]
    """Port that servers listen on. Default 8080, as LoadBalancer's."""
    target_protocol: NotRequired[TargetProtocol]
    """`tcp`, or `udp` behind a UDP balancer. Default `tcp`."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """More security groups for the servers, like a session store's client group. Default: none."""
    secret_arns: NotRequired[list[pulumi.Input[str]]]
    """Secrets that servers may read. Default: none."""
    key_arns: NotRequired[list[pulumi.Input[str]]]
    """KMS keys that servers may decrypt these secrets with. Default: none."""
    file_systems: NotRequired[list[FileSystemAccessArgs]]
    """File systems that servers may mount (over TLS) and write. To reach them by the network, they need the client
    group of the SharedStorage in `security_group_ids`. Default: none."""
    minimum: NotRequired[int]
    """Fewest servers. Default: one a zone, as AWS's whitepaper on static stability asks for capacity that a lost zone
    leaves standing (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html)."""
    maximum: NotRequired[int]
    """Most servers. Default: four times the minimum, for a surge on top of a lost zone (our choice)."""
    idle: NotRequired[bool]
    """Whether no server runs until a failover raises the group's own minimum to `minimum`: the fleet of a pilot light
    (https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html).
    Default false."""
    requests_per_target: NotRequired[int]
    """Requests a minute that a server should get on average. Needs `request_count_label`. Default 1,000: measure
    yours."""
    request_count_label: NotRequired[pulumi.Input[str]]
    """The load balancer's label for counting requests. Default: scale by CPU alone."""
    cpu_target: NotRequired[int]
    """Average CPU in percent. Default 50, as in AWS's examples: half is left to take over for a lost zone
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html)."""
    boot_seconds: NotRequired[int]
    """How long a server takes from launch until it serves, with room: health counts only after it, and so do its
    metrics. Default 180 (AWS's console: 300): a server that never serves is replaced that much sooner."""
    disk_size: NotRequired[int]
    """GiB of the root disk (gp3, encrypted), 8 to 16384. Default 16: Amazon Linux 2023 needs 8."""
    root_device: NotRequired[str]
    """Name of the image's root device. Default `/dev/xvda`, as Amazon Linux's; Ubuntu's is `/dev/sda1`."""
    region: NotRequired[str]
    """AWS region of every resource. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of every resource, servers and disks among them, besides its Name."""


class Fleet(pulumi.ComponentResource):
    """An Auto Scaling group over all zones, from a numbered version of a launch template with a pinned image.

    Servers have no public address, no SSH (Session Manager instead), an encrypted disk and metadata by token only. The
    group heals by the balancer's health checks, launches before it terminates, rolls on a new version, follows CPU and
    requests, and keeps what scaling decided. Its minimum survives the loss of a zone.
    """

    group_name: pulumi.Output[str]
    """Name of the Auto Scaling group."""
    group_arn: pulumi.Output[str]
    """ARN of the Auto Scaling group."""
    launch_template_id: pulumi.Output[str]
    """Id of the launch template."""
    launch_template_version: pulumi.Output[int]
    """Version that the group launches."""
    security_group_id: pulumi.Output[str]
    """Security group of the servers."""
    role_name: pulumi.Output[str]
    """IAM role of the servers, to attach more rights to."""
    role_arn: pulumi.Output[str]
    """ARN of that role, to grant in resource policies."""
    image_id: pulumi.Output[str]
    """Image that servers start from."""

    def __init__(self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'Fleet "{name}"')
        args = problems.checked(args, FleetArgs)
        minimum = args.get("minimum", default_minimum(args["zones"]))
        maximum = args.get("maximum", default_maximum(minimum))
        environment, label = args.get("environment", {}), args.get("request_count_label")
        problems.add(*capacity_problems(minimum, maximum, args["zones"]), *_problems(args))
        problems.raise_if_any()

        super().__init__("ha-web:index:Fleet", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        group, rules = create_fleet_group(
            scope,
            args["vpc_id"],
            args["load_balancer_security_group_id"],
            args.get("target_port", DEFAULT_TARGET_PORT),
            args.get("target_protocol", TargetProtocol.TCP),
        )
        role, profile = create_server_role(
            scope, args.get("secret_arns", []), args.get("key_arns", []), args.get("file_systems", [])
        )
        image = args.get("image_id") or pinned_image(
            scope, args.get("image"), args.get("image_release", DEFAULT_RELEASE), args["instance_type"]
        )
        template = create_launch_template(
            scope,
            image=image,
            instance_type=args["instance_type"],
            user_data=encoded_user_data(environment, args["start_script"]),
            profile=profile,
            security_group_ids=[group.id, *args.get("security_group_ids", [])],
            root_device=args.get("root_device", DEFAULT_ROOT_DEVICE),
            disk_size=args.get("disk_size", DEFAULT_DISK_SIZE),
        )
        servers = create_server_group(
            scope,
            template,
            subnet_ids=args["subnet_ids"],
            target_group_arns=args["target_group_arns"],
            minimum=minimum,
            maximum=maximum,
            idle=args.get("idle", False),
            boot_seconds=args.get("boot_seconds", DEFAULT_BOOT_SECONDS),
            after=rules,
        )
        create_scaling(
            scope,
            servers,
            args.get("requests_per_target", DEFAULT_REQUESTS_PER_TARGET),
            label,
            args.get("cpu_target", DEFAULT_CPU_TARGET),
        )

        self.group_name = servers.name
        self.group_arn = servers.arn
        self.launch_template_id = template.id
        self.launch_template_version = template.latest_version
        self.security_group_id = group.id
        self.role_name = role.name
        self.role_arn = role.arn
        self.image_id = pulumi.Output.from_input(image)
        self.register_outputs({key: getattr(self, key) for key in Fleet.__annotations__})


def _problems(args: FleetArgs) -> list[str | None]:
    """All but capacity."""
    subnets, disk = args["subnet_ids"], args.get("disk_size", DEFAULT_DISK_SIZE)
    boot = args.get("boot_seconds", DEFAULT_BOOT_SECONDS)
    return [
        f"subnet_ids has {len(subnets)}; {args['zones']} zones need as many at least"
        if isinstance(subnets, Sequence) and len(subnets) < args["zones"]
        else None,
        None if args["target_group_arns"] else "target_group_arns is empty; nothing would be sent to the servers",
        None
        if SMALLEST_DISK <= disk <= LARGEST_DISK
        else f"disk_size is {disk}; it must be {SMALLEST_DISK} to {LARGEST_DISK} GiB",
        None if 0 <= boot <= 7200 else f"boot_seconds is {boot}; it must be 0 to 7200",
        port_problem("target_port", args.get("target_port")),
        *image_problems(args.get("image"), args["instance_type"]),
        "image and image_id are both given; servers start from one image" if {"image", "image_id"} <= {*args} else None,
        release_problem(args.get("image_release", DEFAULT_RELEASE)),
        *scaling_problems(
            args.get("requests_per_target"),
            args.get("request_count_label"),
            args.get("cpu_target", DEFAULT_CPU_TARGET),
        ),
        *user_data_problems(args.get("environment", {}), args["start_script"]),
    ]
