"""The permissions boundary and the path of all roles."""

from typing import Any

import pulumi
import pytest
from ha_web import BackupPlan, limit_roles
from ha_web.core.role_limits import role_limit_problems

from tests.components.made import make

BOUNDARY = "arn:aws:iam::123456789012:policy/site-boundary"
KEYS = ("permissionsBoundary", "rolePath")
ROLE, PROFILE = "aws:iam/role:Role", "aws:iam/instanceProfile:InstanceProfile"


def test_every_role_under_a_component_has_the_boundary_and_the_path() -> None:
    limits = pulumi.ResourceOptions(transformations=[limit_roles(BOUNDARY, "/site/")])
    made = make(lambda: BackupPlan("site", {"region": "eu-west-1"}, limits))
    roles = made.all(ROLE)
    assert len(roles) == 2
    assert {(role["permissionsBoundary"], role["path"]) for role in roles} == {(BOUNDARY, "/site/")}
    assert all(role["assumeRolePolicy"] for role in roles), "the rest is as it was"


@pytest.mark.parametrize(
    ("type_", "limits", "more"),
    [
        (ROLE, {}, None),
        (ROLE, {"boundary": BOUNDARY}, {"permissions_boundary": BOUNDARY}),
        (ROLE, {"path": "/site/"}, {"path": "/site/"}),
        (PROFILE, {"path": "/site/"}, {"path": "/site/"}),
        (PROFILE, {"boundary": BOUNDARY}, None),
        ("aws:iam/policy:Policy", {"boundary": BOUNDARY, "path": "/site/"}, None),
    ],
)
def test_what_has_no_boundary_or_path_is_left_alone(
    type_: str, limits: dict[str, str], more: dict[str, str] | None
) -> None:
    args: Any = pulumi.ResourceTransformationArgs(
        resource=None,  # type: ignore[arg-type]  # nobody looks at it
        type_=type_,
        name="role",
        props={"description": "as it was"},
        opts=pulumi.ResourceOptions(),
    )
    result = limit_roles(**limits)(args)
    assert (None if result is None else result.props) == (more and {"description": "as it was", **more})


@pytest.mark.parametrize(
    ("boundary", "path", "problems"),
    [
        (None, None, []),
        (BOUNDARY, "/", []),
        ("arn:aws:iam::aws:policy/PowerUserAccess", "/team/site/", []),
        ("site-boundary", None, ['permissionsBoundary is "site-boundary"; write the ARN of an IAM policy']),
        (
            "arn:aws:iam::123456789012:role/admin",
            None,
            ['permissionsBoundary is "arn:aws:iam::123456789012:role/admin"; write the ARN of an IAM policy'],
        ),
        (None, "site", ['rolePath is "site"; a path begins and ends with a slash, like /site/']),
        (None, "/a//b/", ['rolePath is "/a//b/"; a path begins and ends with a slash, like /site/']),
    ],
)
def test_what_iam_would_refuse_is_refused_at_preview(
    boundary: str | None, path: str | None, problems: list[str]
) -> None:
    assert role_limit_problems(boundary, path, KEYS) == problems
