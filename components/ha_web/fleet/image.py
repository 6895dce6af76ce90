"""The image of a fleet: given by id, or looked up once from a public SSM parameter and pinned."""

import hashlib
import re

import pulumi
import pulumi_aws as aws

from ha_web.core.scope import Scope

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


def pinned_image(scope: Scope, image: str | None, release: str, instance_type: str) -> pulumi.Input[str]:
    """Return the id of the image to launch.

    The value of a public parameter changes whenever AWS publishes an image. A parameter of our own keeps the first
    value and ignores later ones. Its name contains release and path, so that another release (or path) creates another
    parameter, which takes the value of that day, and the servers are replaced.
    """
    if image is not None and image.startswith("ami-"):
        return image
    path = image or DEFAULT_IMAGE.format(architecture=architecture_of(instance_type))
    # As an output: a blocking call waits for the resources that are being registered.
    current = aws.ssm.get_parameter_output(name=path, region=scope.region, opts=scope.invoke_opts())
    role = f"image-{release}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"
    pin = aws.ssm.Parameter(
        f"{scope.name}-{role}",
        type="String",
        description=f"Image of the fleet {scope.name}, release {release}, from {path}",
        value=current.value,
        **scope.regional_args(role, ignore_changes=["value"]),
    )
    return pulumi.Output.unsecret(pin.value)  # the provider treats every value as secret; an image's id is none
