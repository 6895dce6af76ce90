"""Servers behind a load balancer: over all zones, scaled with the load, replaced when they fail."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi

from ha_web.application.egress import groups, ways_out
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.fleet.application import (
    DEFAULT_METADATA_HOPS,
    Applied,
    FleetApplicationArgs,
    application_problems,
    create_application,
    refuse_missing_secrets,
)
from ha_web.fleet.auto_scaling import (
    DEFAULT_CPU_TARGET,
    DEFAULT_REQUESTS_PER_TARGET,
    create_scaling,
    create_server_group,
    scaling_problems,
)
from ha_web.fleet.capacity import capacity_of, capacity_problems
from ha_web.fleet.image import (
    DEFAULT_RELEASE,
    architecture_of,
    chosen_image,
    image_problems,
    pin_problem,
    release_problem,
)
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
from ha_web.fleet.server_role import NO_RIGHTS, FileSystemAccessArgs, create_server_role
from ha_web.load_balancer.protocols import port_problem
from ha_web.release.preferences import ReleaseSettingsArgs, settings_problems
from ha_web.release.release import Release, ReleaseArgs

DEFAULT_TARGET_PORT = 8080
DEFAULT_BOOT_SECONDS = 180
LONGEST_BOOT_SECONDS = 7200


class FleetArgs(TypedDict):
    """A fleet: its servers, what runs on them, how many there are and what they may reach."""

    vpc_id: pulumi.Input[str]
    """Id of the VPC of the servers."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Ids of private subnets with a route out, in as many zones as `zones` says."""
    zones: int
    """Number of zones that the subnets are in, at least 2. The default of `minimum` depends on it."""
    instance_type: str
    """EC2 instance type, like `t4g.small` or `m7g.large`."""
    further_instance_types: NotRequired[list[str]]
    """Instance types that servers have where `instance_type` is not to be had, the preferred first, of the same
    architecture and of like size: when a Region fails, everybody wants the same type in the next. Default: none."""
    application: NotRequired[FleetApplicationArgs]
    """The application as a release that servers fetch, install and start, see ApplicationArtifacts. Default: none, and
    `start_script` is needed."""
    start_script: NotRequired[pulumi.Input[str]]
    """Script that installs and starts the application, with a `#!` line, in place of `application`. It runs once, as
    root, at the first boot, with `environment` set, which is also in `/etc/ha-web/environment`. All user data together
    can have 16 KB."""
    load_balancer_security_group_id: pulumi.Input[str]
    """Id of the load balancer's security group, the only one that reaches the servers. It gets an egress rule."""
    target_group_arns: list[pulumi.Input[str]]
    """ARNs of the target groups that servers are registered with, at least one; servers that are unhealthy there are
    replaced."""
    image: NotRequired[str]
    """Id of an image (`ami-...`), or path of an SSM parameter that holds one, looked up once for each `image_release`.
    Default: Amazon Linux 2023 for the instance type's architecture."""
    image_id: NotRequired[pulumi.Input[str]]
    """Id of an image that is an output of another resource, such as an ImageCopy; in place of `image`. Its architecture
    is not checked at preview: one that doesn't fit `instance_type` fails when the first server is launched."""
    image_release: NotRequired[str]
    """Any string; a new one looks the SSM parameter up again and replaces the servers. Default `1`."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Environment variables of the application. On the server only root can read them, but they are part of user data,
    which everyone can read who may read launch templates: pass the ARN of a secret, not the secret."""
    target_port: NotRequired[int]
    """Port that servers listen on. Default 8080, as LoadBalancer's."""
    target_protocol: NotRequired[TargetProtocol]
    """`tcp`, or `udp` behind a UDP load balancer. Default `tcp`."""
    security_group_ids: NotRequired[list[pulumi.Input[str]]]
    """Ids of further security groups for the servers, like a session store's client group. Default: none."""
    secret_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of secrets that servers may read. Default: none."""
    key_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of the KMS keys that servers may decrypt these secrets with. Default: none."""
    file_systems: NotRequired[list[FileSystemAccessArgs]]
    """File systems that servers may mount (over TLS) and write to. To reach them, servers also need the client group of
    the SharedStorage in `security_group_ids`. Default: none."""
    minimum: NotRequired[int]
    """Smallest number of servers. The first `up` waits until so many are healthy. Default: one a zone, as AWS advises
    for static stability
    (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html)."""
    maximum: NotRequired[int]
    """Largest number of servers. Default: four times the minimum, for a surge while a zone is lost (our choice)."""
    idle: NotRequired[bool]
    """True to run no server until a failover raises the group's minimum to `minimum`: the fleet of a pilot light
    (https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html).
    Default false."""
    requests_per_target: NotRequired[int]
    """Requests a minute and server that scaling aims at. Needs `request_count_label`. Default 1,000: measure your
    application."""
    request_count_label: NotRequired[pulumi.Input[str]]
    """LoadBalancer's output of this name, to count requests by. Default: none; the fleet scales by CPU alone."""
    cpu_target: NotRequired[int]
    """Average CPU utilization that scaling aims at, in percent. Default 50, as in AWS's examples: the other half is for
    the load of a lost zone
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html)."""
    boot_seconds: NotRequired[int]
    """Seconds from the launch of a server until it serves, with some to spare, 0 to 7200; health checks and metrics
    count only after them. Default 180 (AWS's console: 300): a server that never serves is replaced sooner."""
    disk_size: NotRequired[int]
    """Size of the root disk (gp3) in GiB, 8 to 16384. Default 20: Amazon Linux 2023 needs 8. It is encrypted with the
    account's default key for EBS; if that is a customer managed key, it needs a grant for
    AWSServiceRoleForAutoScaling."""
    release: NotRequired[ReleaseSettingsArgs]
    """How a new version of the servers is brought out, see Release. Default: all in one go, judged by health checks."""
    release_apart: NotRequired[bool]
    """True where a Release made apart brings new versions out, after another region's, say. Without one, servers keep
    the version that they were created with. Default false: the fleet has a Release of its own."""
    root_device: NotRequired[str]
    """Device name of the image's root disk. Default `/dev/xvda`, Amazon Linux's; Ubuntu's is `/dev/sda1`."""
    region: NotRequired[str]
    """AWS Region of all resources. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, of servers and disks too, besides their Name."""


class Fleet(pulumi.ComponentResource):
    """An Auto Scaling group over all zones, with a pinned image and a fixed version of its launch template.

    Servers have no public address, no SSH (Session Manager instead), an encrypted disk and IMDSv2 only. Who may call
    `ssm:StartSession` becomes root on them, and sessions are logged only where the account's Session Manager
    preferences say so; Run Command and Patch Manager need more rights (`role_name`).

    The group replaces servers that fail the load balancer's health checks, launches before it terminates, and scales by
    CPU and requests; an update keeps the capacity that scaling has set. Its minimum survives the loss of a zone.

    A change of the launch template is a release, which `up` waits for: all servers are replaced, or the version before
    serves again and `up` fails (see Release).
    """

    group_name: pulumi.Output[str]
    """Name of the Auto Scaling group."""
    group_arn: pulumi.Output[str]
    """ARN of the Auto Scaling group."""
    launch_template_id: pulumi.Output[str]
    """Id of the launch template."""
    launch_template_version: pulumi.Output[int]
    """Newest version of the launch template: the one that is served, unless `release` names another."""
    security_group_id: pulumi.Output[str]
    """Id of the servers' security group."""
    role_name: pulumi.Output[str]
    """Name of the servers' IAM role, to attach policies to."""
    log_group_name: pulumi.Output[str] | None
    """Name of the log group of the servers, if they run an `application`; each has streams that begin with its id."""
    role_arn: pulumi.Output[str]
    """ARN of the servers' IAM role, for resource policies."""
    image_id: pulumi.Output[str]
    """Id of the image that servers start from."""
    image_releases: pulumi.Output[dict[str, str]]
    """Ids of the images that the last 20 releases took, by release and parameter: an earlier `image_release` takes the
    same image again. Empty where the image is given by its id."""

    def __init__(self, name: str, args: FleetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Fleet", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        minimum, maximum = _capacity(args)

        applied = _applied(scope, args)
        egress = args["application"].get("egress", []) if "application" in args else []
        group, rules = create_fleet_group(
            scope,
            args["vpc_id"],
            args["load_balancer_security_group_id"],
            args.get("target_port", DEFAULT_TARGET_PORT),
            args.get("target_protocol", TargetProtocol.TCP),
            ways_out(egress),
            tls_port=args.get("application", {}).get("tls_port"),
        )
        role, profile = create_server_role(
            scope,
            args.get("secret_arns", []),
            args.get("key_arns", []),
            args.get("file_systems", []),
            applied.rights if applied else NO_RIGHTS,
        )
        image = chosen_image(
            scope,
            args.get("image_id"),
            args.get("image"),
            args.get("image_release", DEFAULT_RELEASE),
            args["instance_type"],
        )
        template = create_launch_template(
            scope,
            image=image.id,
            instance_type=args["instance_type"],
            user_data=applied.user_data
            if applied
            else encoded_user_data(args.get("environment", {}), args.get("start_script", "")),
            profile=profile,
            security_group_ids=[group.id, *args.get("security_group_ids", []), *groups(egress)],
            root_device=args.get("root_device", DEFAULT_ROOT_DEVICE),
            disk_size=args.get("disk_size", DEFAULT_DISK_SIZE),
            metadata_hops=applied.metadata_hops if applied else DEFAULT_METADATA_HOPS,
        )
        servers = create_server_group(
            scope,
            template,
            instance_types=[args["instance_type"], *args.get("further_instance_types", [])],
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
            args.get("request_count_label"),
            args.get("cpu_target", DEFAULT_CPU_TARGET),
        )

        self.group_name = servers.name
        self.group_arn = servers.arn
        self.launch_template_id = template.id
        self.launch_template_version = template.latest_version
        self.security_group_id = group.id
        self.log_group_name = applied.log_group.name if applied else None
        self.role_name = role.name
        self.role_arn = role.arn
        self.image_id = pulumi.Output.from_input(image.id)
        self.image_releases = image.by_release
        if not args.get("release_apart", False):
            self._create_release(args)
        self.register_outputs({key: getattr(self, key) for key in Fleet.__annotations__})

    def _create_release(self, args: FleetArgs) -> None:
        """Let a change of the launch template come by a release of this fleet alone."""
        release: ReleaseArgs = {
            "group_name": self.group_name,
            "group_arn": self.group_arn,
            "launch_template_id": self.launch_template_id,
            "launch_template_version": self.launch_template_version,
            "instance_types": launched_types(args),
            "settings": args.get("release", {}),
            "tags": args.get("tags", {}),
        }
        if "region" in args:
            release["region"] = args["region"]
        if self.log_group_name is not None:
            release["log_group_name"] = self.log_group_name
        Release(self._name, release, pulumi.ResourceOptions(parent=self))


def launched_types(args: FleetArgs) -> list[str]:
    """Return the instance types of a fleet that has several, as a Release takes them; none if it has one."""
    further = args.get("further_instance_types", [])
    return [args["instance_type"], *further] if further else []


def type_problems(instance_type: str, further: Sequence[str]) -> list[str]:
    """Return a line for each further instance type that the image couldn't run on, or that is given twice."""
    problems = []
    for number, other in enumerate(further):
        if other in (instance_type, *further[:number]):
            problems.append(f'further_instance_types has "{other}" twice, or it is instance_type; name each once')
        elif architecture_of(other) != architecture_of(instance_type):
            own = f'instance_type "{instance_type}" is for {architecture_of(instance_type)}'
            problems.append(f'further_instance_types has "{other}", for {architecture_of(other)}; {own}')
    return problems


def _applied(scope: Scope, args: FleetArgs) -> Applied | None:
    """Return what the fleet takes over from its application; None for one with a start script."""
    if "application" not in args:
        return None
    refuse_missing_secrets(scope, args["application"])
    return create_application(
        scope,
        args["application"],
        args.get("environment", {}),
        port=args.get("target_port", DEFAULT_TARGET_PORT),
        boot_seconds=args.get("boot_seconds", DEFAULT_BOOT_SECONDS),
        udp=args.get("target_protocol") is TargetProtocol.UDP,
        storage=bool(args.get("file_systems")),
    )


def _program_problems(args: FleetArgs) -> list[str]:
    """Return what is wrong with what the servers run."""
    environment = args.get("environment", {})
    if "application" in args and "start_script" in args:
        return ["application and start_script are both given; servers run one of them"]
    if "application" in args:
        return application_problems(args["application"], environment, args.get("target_port", DEFAULT_TARGET_PORT))
    if "start_script" not in args:
        return ["application is missing; the servers would run nothing (start_script, a script of your own, will do)"]
    return user_data_problems(environment, args["start_script"])


def _capacity(args: FleetArgs) -> tuple[int, int]:
    """Return the smallest and the largest number of servers."""
    return capacity_of(args.get("minimum"), args.get("maximum"), args["zones"])


def size_problems(disk: int, boot: int) -> list[str]:
    """Return a line for a root disk (GiB) or a boot time (seconds) that AWS would refuse."""
    problems = []
    if not SMALLEST_DISK <= disk <= LARGEST_DISK:
        problems.append(f"disk_size is {disk}; it must be {SMALLEST_DISK} to {LARGEST_DISK} GiB")
    if not 0 <= boot <= LONGEST_BOOT_SECONDS:
        problems.append(f"boot_seconds is {boot}; it must be 0 to {LONGEST_BOOT_SECONDS}")
    return problems


def _checked(name: str, args: FleetArgs) -> FleetArgs:
    problems = Problems(f'Fleet "{name}"')
    args = problems.checked(args, FleetArgs)
    subnets, zones, instance_type = args["subnet_ids"], args["zones"], args["instance_type"]
    disk, boot = args.get("disk_size", DEFAULT_DISK_SIZE), args.get("boot_seconds", DEFAULT_BOOT_SECONDS)
    problems.add(*capacity_problems(*_capacity(args), zones))
    if isinstance(subnets, Sequence) and len(subnets) < zones:
        problems.add(f"subnet_ids has {len(subnets)}; {zones} zones need as many at least")
    if not args["target_group_arns"]:
        problems.add("target_group_arns is empty; nothing would be sent to the servers")
    problems.add(*size_problems(disk, boot), port_problem("target_port", args.get("target_port")))
    problems.add(*image_problems(args.get("image"), instance_type))
    problems.add(*type_problems(instance_type, args.get("further_instance_types", [])))
    problems.add(*settings_problems(args.get("release", {})))
    if args.get("release_apart", False) and "release" in args:
        problems.add("release and release_apart are both given; the Release made apart has the settings")
    if "image" in args and "image_id" in args:
        problems.add("image and image_id are both given; servers start from one image")
    if "image_id" not in args:
        problems.add(pin_problem(name, args.get("image")))
    problems.add(release_problem(args.get("image_release", DEFAULT_RELEASE)))
    cpu_target = args.get("cpu_target", DEFAULT_CPU_TARGET)
    problems.add(*scaling_problems(args.get("requests_per_target"), args.get("request_count_label"), cpu_target))
    problems.add(*_program_problems(args))
    problems.raise_if_any()
    return args
