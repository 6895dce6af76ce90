"""One image for the servers of all regions, made by EC2 Image Builder before a server starts from it."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.core.log_retention import log_retention_problem
from ha_web.core.problems import Problems
from ha_web.core.regions import region_of
from ha_web.core.scope import Scope
from ha_web.fleet.image import DEFAULT_RELEASE, image_problems, pin_problem, pinned_image, release_problem
from ha_web.fleet.launch_template import DEFAULT_DISK_SIZE, DEFAULT_ROOT_DEVICE, LARGEST_DISK, SMALLEST_DISK
from ha_web.image.builder import create_infrastructure, create_lifecycle, create_log, log_name
from ha_web.image.documents import command_problems
from ha_web.image.recipe import Parts, create_distribution, create_recipe
from ha_web.image.verified import same_everywhere

DEFAULT_KEEP = 5
FEWEST_KEPT, MOST_KEPT = 2, 100
DEFAULT_LOG_DAYS = 30
LONGEST_BUILD = "90m"
"""How long `up` waits: the provider's 60 minutes leave nothing for the copy into a second region after a slow test."""

LONGEST_TEST_MINUTES = 60
"""The shortest that Image Builder takes; the steps have shorter limits of their own."""

IMAGE_TAG = "ha-web:image"


class ServerImageArgs(TypedDict):
    """An image: what it is built from, what is installed, how it is tried, and where it is to be."""

    instance_type: str
    """EC2 instance type that builds and tries the image, of the servers' architecture, like `t4g.small`."""
    install_command: pulumi.Input[str]
    """Bash that installs the application and all that its servers need, run by root on an instance of the base image.
    Its text decides what the image is: the same text makes no new image, so name what it fetches by version or hash."""
    test_command: NotRequired[pulumi.Input[str]]
    """Bash that tries the application, run by root on an instance of the new image; one that fails ends `up`, and no
    server gets the image. Default: none; the image is started, and no more."""
    base_image: NotRequired[str]
    """Id of an image (`ami-...`), or path of an SSM parameter that holds one, looked up once for each `base_release`.
    Default: Amazon Linux 2023 for the instance type's architecture."""
    base_release: NotRequired[str]
    """Any string; a new one takes the newest base image and builds anew, an earlier one the image that it took then.
    Default `1`."""
    regions: NotRequired[list[str]]
    """AWS Regions that the image is copied to, besides its own. Default: none."""
    key_arns: NotRequired[dict[str, pulumi.Input[str]]]
    """ARN of the KMS key that encrypts the image, by AWS Region; its policy must let AWSServiceRoleForImageBuilder and
    AWSServiceRoleForAutoScaling use it. Default: the account's default key for EBS in each.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html"""
    policies: NotRequired[list[pulumi.Input[str]]]
    """IAM policies (JSON) of the instances that build and try it: to read what is installed. Default: none."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """Id of a subnet with a way to the internet, for these instances; needs `vpc_id`. Default: one of the account's
    default VPC (https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html)."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """Id of the subnet's VPC. The instances get a security group of their own there: HTTPS out, nothing in."""
    disk_size: NotRequired[int]
    """Size of the root disk in GiB, 8 to 16384. Default 20, as a Fleet's, which can start from no smaller disk."""
    root_device: NotRequired[str]
    """Device name of the base image's root disk. Default `/dev/xvda`, Amazon Linux's; Ubuntu's is `/dev/sda1`."""
    keep: NotRequired[int]
    """Images that are kept, this one and those before it, for the way back. Older ones are deleted with their copies
    and snapshots, unless a server was started from one in the last 30 days. Default 5 (our choice)."""
    log_retention_days: NotRequired[int]
    """Days that CloudWatch Logs keeps what builds and tests say. Default 30 (our choice: CloudWatch Logs keeps them
    for ever)."""
    region: NotRequired[str]
    """AWS Region that the image is built in. Default: the provider's."""
    tags: NotRequired[dict[str, str]]
    """Tags of all resources, of the image in each region too, besides their Name."""


class ServerImage(pulumi.ComponentResource):
    """An encrypted image with the application in it, the same in each region, tried before it is used.

    `up` builds one when the base image, a command, the disk or the regions change, which takes 20 to 40 minutes, and
    ends with Image Builder's reason when a build or test fails; servers then stay as they are. A preview and an `up`
    without such a change build nothing. A server that starts from the image needs no package index and no other region.

    An image outlives its place in the program: what was built before can be started from as long as `keep` says, also
    after `pulumi destroy`, which deletes no image. To be rid of one, in each region:
    `aws ec2 deregister-image --delete-associated-snapshots --image-id ...`.

    Errors (ConfigurationError): at preview, unknown or missing keys, a base image of another architecture, what Image
    Builder would refuse; in the `up` and each preview after it, an image that is missing in a region or differs there.
    """

    image_ids: pulumi.Output[dict[str, str]]
    """Id of the image by AWS Region, for `FleetArgs.image_id`; known once it is built, tried and found the same."""
    content: pulumi.Output[str]
    """Hash of what the image is made of, also its tag `ha-web:content` in each region."""
    base_image_id: pulumi.Output[str]
    """Id of the base image."""
    base_releases: pulumi.Output[dict[str, str]]
    """Ids of the base images that the last 20 releases took, by release and parameter."""
    recipe_arn: pulumi.Output[str]
    """ARN of Image Builder's recipe."""
    log_group_name: pulumi.Output[str]
    """Name of the log group of builds and tests."""

    def __init__(self, name: str, args: ServerImageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:ServerImage", name, None, opts)
        scope = Scope(name, self, args.get("region"), args.get("tags", {}))
        home = region_of(scope.region, self)
        base = pinned_image(
            scope, args.get("base_image"), args.get("base_release", DEFAULT_RELEASE), args["instance_type"]
        )
        parts = Parts(
            base=pulumi.Output.from_input(base.id),
            install=args["install_command"],
            test=args.get("test_command"),
            disk_size=args.get("disk_size", DEFAULT_DISK_SIZE),
            root_device=args.get("root_device", DEFAULT_ROOT_DEVICE),
            regions=[home, *(region for region in args.get("regions", []) if region != home)],
            key_arns=args.get("key_arns", {}),
        )
        log = create_log(scope, args.get("log_retention_days", DEFAULT_LOG_DAYS))
        infrastructure = create_infrastructure(
            scope,
            home,
            log,
            instance_type=args["instance_type"],
            policies=args.get("policies", []),
            subnet_id=args.get("subnet_id"),
            vpc_id=args.get("vpc_id"),
        )
        recipe = create_recipe(scope, parts)
        image = aws.imagebuilder.Image(
            f"{name}-image",
            image_recipe_arn=recipe.arn,
            infrastructure_configuration_arn=infrastructure.arn,
            distribution_configuration_arn=create_distribution(scope, parts).arn,
            image_tests_configuration={"image_tests_enabled": True, "timeout_minutes": LONGEST_TEST_MINUTES},
            logging_configuration={"log_group_name": log.name},
            **self._options(scope, parts.regions),
        )
        create_lifecycle(scope, home, {IMAGE_TAG: image_tag(name)}, args.get("keep", DEFAULT_KEEP))

        self.image_ids = same_everywhere(scope, image, parts.regions)
        self.content = parts.content
        self.base_image_id = parts.base
        self.base_releases = base.by_release
        self.recipe_arn = recipe.arn
        self.log_group_name = log.name
        self.register_outputs({key: getattr(self, key) for key in ServerImage.__annotations__})

    def _options(self, scope: Scope, regions: Sequence[str]) -> dict[str, Any]:
        """Return region, tags and options of the image. It stays when it is replaced, as does what it refers to."""

        def announce(_: pulumi.ResourceHookArgs) -> None:
            places = " and ".join(regions)
            what = f"Image Builder builds the image, tries it and copies it to {places}: 20 to 40 minutes"
            pulumi.log.info(f'ServerImage "{scope.name}": {what}. It writes to {log_name(scope)}', self)

        hook = pulumi.ResourceHook(f"{scope.name}-build-begins", announce)
        found = scope.regional_args(
            "image",
            retain_on_delete=True,
            custom_timeouts=pulumi.CustomTimeouts(create=LONGEST_BUILD),
            hooks=pulumi.ResourceHookBinding(before_create=[hook]),
        )
        return {**found, "tags": {**found["tags"], IMAGE_TAG: image_tag(scope.name)}}


def image_tag(name: str) -> str:
    """Return the value of the tag by which the lifecycle policy finds the images of one component in one stack."""
    return f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}"


def _checked(name: str, args: ServerImageArgs) -> ServerImageArgs:
    problems = Problems(f'ServerImage "{name}"')
    args = problems.checked(args, ServerImageArgs)
    for key in ("install_command", "test_command"):
        command = args.get(key)
        if isinstance(command, str):
            problems.add(*command_problems(key, command))
    problems.add(*image_problems(args.get("base_image"), args["instance_type"]))
    problems.add(pin_problem(name, args.get("base_image")))
    problems.add(release_problem(args.get("base_release", DEFAULT_RELEASE)))
    problems.add(log_retention_problem("log_retention_days", args.get("log_retention_days", DEFAULT_LOG_DAYS)))
    disk, keep = args.get("disk_size", DEFAULT_DISK_SIZE), args.get("keep", DEFAULT_KEEP)
    if not SMALLEST_DISK <= disk <= LARGEST_DISK:
        problems.add(f"disk_size is {disk}; it must be {SMALLEST_DISK} to {LARGEST_DISK} GiB")
    if not FEWEST_KEPT <= keep <= MOST_KEPT:
        problems.add(
            f"keep is {keep}; it must be {FEWEST_KEPT} to {MOST_KEPT}: without the image before there is no way back"
        )
    if ("subnet_id" in args) != ("vpc_id" in args):
        problems.add("subnet_id and vpc_id belong together; give both or none")
    places = {args.get("region"), *args.get("regions", [])}
    for region in args.get("key_arns", {}):
        if args.get("region") and region not in places:
            problems.add(f"key_arns names {region}, where the image isn't; add it to regions")
    problems.raise_if_any()
    return args
