"""Values are held against what the model of AWS's API says of them, and botocore lets pass."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from rehearsal.api_limits import EXCEPTIONS, compiled, excesses
from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model

SERVICES = sorted({entry.service for entry in registry.types().values()} | {"sts"})


def shape_names(service: str) -> list[str]:
    names: list[str] = botocore.session.get_session().get_service_model(service).shape_names
    return names


def wrong(service: str, operation: str, **request: Any) -> list[tuple[str, str]]:
    return [(each.path, each.must) for each in excesses(request, model.input_shape(service, operation))]


@pytest.mark.parametrize(
    ("service", "operation", "request_", "found"),
    [
        ("iam", "CreateRole", {"RoleName": "web"}, []),
        ("iam", "CreateRole", {"RoleName": "a" * 65}, [("RoleName", "have length less than or equal to 64")]),
        (
            "iam",
            "CreateRole",
            {"RoleName": "web", "Description": "a" * 1001},
            [("Description", "have length less than or equal to 1000")],
        ),
        (
            "lambda",
            "CreateFunction",
            {"FileSystemConfigs": [{}, {}]},
            [("FileSystemConfigs", "have length less than or equal to 1")],
        ),
        (
            "iam",
            "CreateRole",
            {"RoleName": "a b"},
            [("RoleName", r"satisfy regular expression pattern: [\w+=,.@-]+")],
        ),
        (
            "iam",
            "CreateRole",
            {"RoleName": "web", "MaxSessionDuration": 60},
            [("MaxSessionDuration", "have value greater than or equal to 3600")],
        ),
        (
            "iam",
            "CreateRole",
            {"RoleName": "web", "MaxSessionDuration": 43201},
            [("MaxSessionDuration", "have value less than or equal to 43200")],
        ),
        (
            "iam",
            "CreateRole",
            {"RoleName": "web", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "<"}]},
            [("Tags.2.member.Value", r"satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*")],
        ),
        (
            "memorydb",
            "CreateUser",
            {"UserName": "web", "AuthenticationMode": {"Type": "none"}},
            [("AuthenticationMode.Type", "satisfy enum value set: [password, iam]")],
        ),
        (
            "secretsmanager",
            "TagResource",
            {"SecretId": "s", "Tags": [{"Key": "a", "Value": "b" * 257}]},
            [("Tags.1.member.Value", "have length less than or equal to 256")],
        ),
        (
            "elbv2",
            "DescribeLoadBalancers",
            {"PageSize": 401},
            [("PageSize", "have value less than or equal to 400")],
        ),
        (
            "sns",
            "TagResource",
            {"ResourceArn": "a" * 1012},
            [("ResourceArn", "have length less than or equal to 1011")],
        ),
        (
            "lambda",
            "TagResource",
            {"Resource": "arn:aws:lambda:eu-west-1:123456789012:function:web", "Tags": {"<": "b"}},
            [("Tags.key", r"satisfy regular expression pattern: ([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")],
        ),
    ],
)
def test_a_value_outside_of_a_limit_is_found(
    service: str, operation: str, request_: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert wrong(service, operation, **request_) == found


def test_what_is_known_only_later_is_not_judged() -> None:
    shape = model.input_shape("iam", "CreateRole")
    assert not list(excesses({"RoleName": "?? "}, shape, unknown=lambda value: value == "?? "))


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("[a-z]+", "abc", "abc!"),  # the whole value, as AWS has it
        ("^[a-z]+$", "abc", "abc\n"),
        (r"[\p{L}\p{Z}\p{N}_.-]+", "Łódź 7", "a<b"),
        (r"\p{ASCII}+", "abc", "ü"),
        (r"[\w-_]+", "a-b_c", "a.b"),
        (r"[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF]*", "a 😀", "\t"),
        (r"\w+", "abc", "ü"),
        ("[a|b&&c]+", "a|&", "d"),
    ],
)
def test_patterns_mean_what_they_mean_in_java(pattern: str, fits: str, does_not: str) -> None:
    found = compiled(pattern)
    assert found is not None
    assert found.fullmatch(fits)
    assert not found.fullmatch(does_not)


@pytest.mark.parametrize("service", SERVICES)
def test_every_pattern_of_a_service_in_use_is_held(service: str) -> None:
    shapes = [model.shape(service, name) for name in shape_names(service)]
    patterns = {shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata}
    assert [pattern for pattern in patterns if compiled(pattern) is None] == []


@pytest.mark.parametrize(("shape", "limit"), EXCEPTIONS)
def test_an_exception_is_of_a_limit_that_there_is(shape: str, limit: str) -> None:
    found = [model.shape(service, shape) for service in SERVICES if shape in shape_names(service)]
    assert any(limit in each.metadata for each in found)
