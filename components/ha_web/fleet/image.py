"""The image of a fleet: given by id, or looked up once from a public SSM parameter and pinned."""

import hashlib
import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope
from ha_web.fleet import image_history

DEFAULT_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
"""Amazon Linux 2023: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html"""

DEFAULT_RELEASE = "1"

_WORDS = {"arm64": ("arm64", "aarch64"), "x86_64": ("x86_64", "amd64")}


def architecture_of(instance_type: str) -> str:
    """Return `arm64` for Graviton (a1, or a `g` after the generation), else `x86_64`.

    https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    """
    family = instance_type.split(".")[0]
    return "arm64" if family == "a1" or re.fullmatch(r"[a-z]+\d+[a-z]*g[a-z]*(-.*)?", family) else "x86_64"


def image_problems(image: str | None, instance_type: str) -> list[str]:
    """Return lines for a string that names no image, or names one of another architecture than the instance type."""
    problems = []
    if not re.fullmatch(r"[a-z][a-z0-9-]*\.[a-z0-9-]+", instance_type):
        problems.append(f'instance_type is "{instance_type}"; types look like "t4g.small"')
    if image is None:
        return problems
    if not re.fullmatch(r"ami-[0-9a-f]{8}([0-9a-f]{9})?|/[A-Za-z0-9_./-]+", image):
        problems.append(
            f'image is "{image}"; it must be an id like "ami-0123456789abcdef0" or the path of an SSM parameter'
        )
    wanted = architecture_of(instance_type)
    for architecture, words in _WORDS.items():
        if architecture != wanted and any(word in image for word in words):
            problems.append(f'image is "{image}", for {architecture}; instance_type "{instance_type}" needs {wanted}')
    return problems


def pin_problem(name: str, image: str | None) -> str | None:
    """Return a line for a fleet whose name can't begin that of the SSM parameter which pins its image.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    """
    if image is not None and image.startswith("ami-"):
        return None
    reserved = next((prefix for prefix in ("aws", "ssm") if name.lower().startswith(prefix)), None)
    return reserved and f'the name begins with "{reserved}", which the name of an SSM parameter may not'


def release_problem(release: str) -> str | None:
    """Return a line for a release that cannot be part of a resource's name."""
    if re.fullmatch(r"[A-Za-z0-9._-]{1,40}", release):
        return None
    return f'image_release is "{release}"; it must be up to 40 letters, digits, ".", "_" or "-"'


@dataclass(frozen=True)
class PinnedImage:
    """The image to launch, and those that earlier releases took."""

    id: pulumi.Input[str]
    by_release: pulumi.Output[dict[str, str]]
    """Ids by release and path of the parameter; empty for an image that is given by its id."""


def chosen_image(
    scope: Scope, image_id: pulumi.Input[str] | None, image: str | None, release: str, instance_type: str
) -> PinnedImage:
    """Return the image that another resource made, if there is one, or else the pinned one."""
    if image_id is not None:
        return PinnedImage(image_id, pulumi.Output.from_input({}))
    return pinned_image(scope, image, release, instance_type)


def pinned_image(scope: Scope, image: str | None, release: str, instance_type: str) -> PinnedImage:
    """Return the image to launch, with a memory of those before it.

    The value of a public parameter changes whenever AWS publishes an image. A parameter of our own keeps the first
    value and ignores later ones. Its name contains release and path, so that another release (or path) creates another
    parameter, and the servers are replaced. That takes the value of the day, or the value that the same release had
    before: the way back leads to the image that it came from.
    """
    if image is not None and image.startswith("ami-"):
        return PinnedImage(image, pulumi.Output.from_input({}))
    path = image or DEFAULT_IMAGE.format(architecture=architecture_of(instance_type))
    named = f"{release} of {path}"
    known = image_history.look_up(scope)
    # As an output: a blocking call waits for the resources that are being registered.
    current = aws.ssm.get_parameter_output(name=path, region=scope.region, opts=scope.invoke_opts())
    role = f"image-{release}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"
    pin = aws.ssm.Parameter(
        f"{scope.name}-{role}",
        type="String",
        description=f"Image of the fleet {scope.name}, release {release}, from {path}",
        value=pulumi.Output.all(known, current.value).apply(lambda found: found[0].get(named, found[1])),
        **scope.regional_args(role, ignore_changes=["value"]),
    )
    id_ = pulumi.Output.unsecret(pin.value)  # the provider treats every value as secret; an image's id is none
    return PinnedImage(id_, image_history.keep(scope, known, named, id_))
