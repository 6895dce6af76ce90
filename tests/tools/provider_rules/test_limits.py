"""The provider's checks mean in the rehearsal's words what they mean there."""

from __future__ import annotations

from typing import Any

import pytest

from tools.provider_rules.limits import Argument, limits_of

NAME = Argument("aws_iam_role", "iam", "name")


def of(package: str) -> Argument:
    return Argument(f"aws_{package}_thing", package, "thing")


@pytest.mark.parametrize(
    ("argument", "limit", "meaning"),
    [
        (NAME, {"StringLenBetween": ["1", "64"]}, [{"length": [1, 64]}]),
        (NAME, {"StringLenBetween": ["0", "255 - sdkid.UniqueIDSuffixLength"]}, [{"length": [0, 229]}]),
        (NAME, {"IntBetween": ["1", "50_000"]}, [{"between": [1, 50000]}]),
        (NAME, {"FloatBetween": ["0.5", "100.0"]}, [{"between": [0.5, 100]}]),
        (NAME, {"IntAtMost": ["35"]}, [{"between": [None, 35]}]),
        (NAME, {"SizeAtLeast": ["1"]}, [{"items": [1, None]}]),
        (NAME, {"IntDivisibleBy": ["60"]}, [{"multiple_of": 60}]),
        (NAME, {"pattern": r"^[[:alnum:]\p{L}]+\z"}, [{"pattern": r"^[A-Za-z0-9a-zA-Z]+\Z"}]),
        (NAME, {"one_of": ["a", "b"]}, [{"one_of": ["a", "b"]}]),
        (NAME, {"check": "ValidARN"}, [{"form": "arn"}]),
        (NAME, {"check": "validResourceName"}, [{"length": [1, 64]}, {"pattern": r"^[\w+=,.@-]*$"}]),
        (NAME, {"check": "CaseInsensitiveMatchDeprecation"}, []),
        (NAME, {"ConflictsWith": ["other"]}, []),
        (of("acm"), {"enum": "types.KeyAlgorithm"}, [{"enum": "acm:KeyAlgorithm"}]),
        (of("memorydb"), {"enum": "clusterEngine"}, [{"one_of": ["redis", "valkey"]}]),
        (of("elbv2"), {"one_of": ["targetFailover_Values()"]}, [{"one_of": ["rebalance", "no_rebalance"]}]),
        (
            of("ec2"),
            {"one_of": ["enum.Slice(awstypes.TenancyDefault, awstypes.TenancyDedicated)"]},
            [{"one_of": ["default", "dedicated"]}],
        ),
        (
            NAME,
            {"any_of": [{"one_of": ["*"]}, {"check": "validRolePolicyName"}]},
            [{"any_of": [{"one_of": ["*"]}, {"all_of": [{"length": [1, 128]}, {"pattern": r"^[\w+=,.@-]*$"}]}]}],
        ),
    ],
)
def test_a_check_is_written_as_a_limit(
    argument: Argument, limit: dict[str, Any], meaning: list[dict[str, Any]]
) -> None:
    assert limits_of(argument, limit) == (meaning, [])


@pytest.mark.parametrize(
    ("limit", "lost"),
    [
        ({"check": "validateSomethingNew"}, "validateSomethingNew"),
        ({"enum": "awstypes.NotInTheModel"}, "enum awstypes.NotInTheModel"),
        ({"one_of": ["someList_Values()"]}, "one_of ['someList_Values()']"),
        ({"IntBetween": ["minimum", "10"]}, "IntBetween ['minimum', '10']"),
        ({"any_of": [{"one_of": ["*"]}, {"check": "validateSomethingNew"}]}, None),
    ],
)
def test_a_check_that_nobody_has_translated_is_said_and_not_guessed(limit: dict[str, Any], lost: str | None) -> None:
    held, said = limits_of(NAME, limit)
    assert held == []
    assert said if lost is None else said == [lost]
