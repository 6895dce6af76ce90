"""Problems: checks of arguments, and the errors that they raise."""

import asyncio
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pytest
from ha_web.core.problems import ConfigurationError, Problems


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(TypedDict):
    path: str
    depth: NotRequired[int]


class Shape(TypedDict):
    cidr: str
    zones: NotRequired[int]
    colour: NotRequired[Colour]
    on: NotRequired[bool]
    inner: NotRequired[Inner]
    vpc_id: NotRequired[pulumi.Input[str]]
    names: NotRequired[list[str]]
    tags: NotRequired[dict[str, str]]
    inners: NotRequired[list[Inner]]


@pytest.fixture
def event_loop() -> Iterator[None]:
    """An event loop to make Outputs in; `asyncio.run` of another test may have closed the thread's."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    asyncio.set_event_loop(asyncio.new_event_loop())  # the next test may make an Output, too


def check(**args: Any) -> Any:
    return Problems('Thing "web"').checked(cast(Shape, {"cidr": "c", **args}), Shape)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"zone": 3}, 'Thing "web": zone is unknown; the nearest known one is zones'),
        ({"zzz": 3}, 'Thing "web": zzz is unknown; known are cidr, colour, '),
        ({"inner": {"path": "/", "dept": 1}}, "inner.dept is unknown; the nearest known one is depth"),
        ({"inner": {}}, "inner.path is missing"),
        ({"inners": [{"path": "/"}, {"path": 7}]}, "inners[1].path is 7; it must be a string"),
        ({"zones": "three"}, 'zones is "three"; it must be a whole number'),
        ({"zones": 2.5}, "zones is 2.5; it must be a whole number"),
        ({"zones": True}, "zones is True; it must be a whole number"),
        ({"zones": float("nan")}, "zones is nan; it must be a whole number"),
        ({"zones": float("inf")}, "zones is inf; it must be a whole number"),
        ({"on": "yes"}, 'on is "yes"; it must be true or false'),
        ({"colour": "green"}, 'colour is "green"; it must be one of blue, red'),
        ({"names": "a"}, 'names is "a"; it must be a list'),
        ({"tags": ["a"]}, "tags is ['a']; it must be a mapping"),
        ({"tags": {"a": 1}}, "tags.a is 1; it must be a string"),
        ({"inner": 1}, "inner is 1; it must be a mapping with depth, path"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        check(**args)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_argument_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r'^Thing "web": cidr is missing$'):
        Problems('Thing "web"').checked(cast(Shape, {}), Shape)


@pytest.mark.usefixtures("event_loop")
def test_an_output_where_the_number_of_resources_is_decided_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="zones is an output, known only after deployment"):
        check(zones=pulumi.Output.from_input(3))


@pytest.mark.usefixtures("event_loop")
def test_an_output_may_stand_where_an_input_is_wanted() -> None:
    vpc = pulumi.Output.from_input("vpc-1")
    assert check(vpc_id=vpc)["vpc_id"] is vpc


def test_all_problems_come_at_once_one_line_each() -> None:
    with pytest.raises(ConfigurationError) as error:
        check(zones="three", on=1, colour="green")
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith('Thing "web": ') for line in lines)


def test_whole_floats_of_other_languages_become_integers() -> None:
    clean = check(zones=3.0, inner={"path": "/", "depth": 2.0})
    assert clean["zones"] == 3
    assert isinstance(clean["zones"], int)
    assert isinstance(clean["inner"]["depth"], int)


def test_enum_values_may_be_plain_strings() -> None:
    assert check(colour="red")["colour"] is Colour.RED


def test_none_counts_as_not_given() -> None:
    assert "zones" not in check(zones=None)


def test_no_problem_raises_nothing() -> None:
    problems = Problems('Thing "web"')
    problems.add(None, None)
    problems.raise_if_any()


def test_added_problems_are_raised_together_under_the_components_name() -> None:
    problems = Problems('Fleet "web"')
    problems.add("one", None, "two")
    with pytest.raises(ConfigurationError, match=r'^Fleet "web": one\nFleet "web": two$'):
        problems.raise_if_any()
