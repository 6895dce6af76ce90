"""The permissions boundary and the path of every IAM role that components create."""

import re
from collections.abc import Callable

import pulumi

from ha_web.core.wording import quoted

ROLE = "aws:iam/role:Role"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"

LONGEST_PATH = 512
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

BOUNDARY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+")
PATH = re.compile(r"/([A-Za-z0-9.,+@=_-]+/)*")
"""Letters, digits and these signs between slashes: what the provider takes of both roles and instance profiles."""

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def role_limit_problems(boundary: str | None, path: str | None, keys: tuple[str, str]) -> list[str]:
    """Return a line for a boundary or a path that IAM would refuse.

    Args:
        keys: the names of the two settings, for the texts.
    """
    problems = []
    if boundary is not None and not BOUNDARY.fullmatch(boundary):
        problems.append(f"{keys[0]} is {quoted(boundary)}; write the ARN of an IAM policy")
    if path is not None and (not PATH.fullmatch(path) or len(path) > LONGEST_PATH):
        problems.append(f"{keys[1]} is {quoted(path)}; a path begins and ends with a slash, like /site/")
    return problems


def limit_roles(boundary: str | None = None, path: str | None = None) -> Transformation:
    """Return a transformation that gives every IAM role this permissions boundary, and roles and profiles this path.

    Give it to a component: `opts=pulumi.ResourceOptions(transformations=[limit_roles(boundary=arn)])`, or to a whole
    program: `pulumi.runtime.register_stack_transformation`. A boundary is the most that a role can do, whatever its
    policies say. Where an organization's service control policy demands one, `iam:CreateRole` fails without it. A new
    path replaces roles, and what is named by their ARNs.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html

    Args:
        boundary: ARN of an IAM policy; None for no boundary.
        path: such as `/site/`; None for `/`.
    """

    def limit(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        more: dict[str, str] = {}
        if path is not None and args.type_ in (ROLE, PROFILE):
            more["path"] = path
        if boundary is not None and args.type_ == ROLE:
            more["permissions_boundary"] = boundary
        return pulumi.ResourceTransformationResult({**args.props, **more}, args.opts) if more else None

    return limit
