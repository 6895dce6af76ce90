"""Values as a program or another language gives them: typed, not texts."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pytest
from ha_web.site.reader import Problems, given, read, setting


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    """An event loop of the test's own: an Output wants one, and other tests may have closed theirs."""
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    asyncio.set_event_loop(None)
    made.close()


@dataclass(frozen=True)
class Inner:
    """A group in a group."""

    key_arn: str | None = setting("an ARN", None, late=True)
    some_days: int = setting("days", 7)


@dataclass(frozen=True)
class Outer:
    """A group."""

    some_days: int = setting("days", 7)
    share: float = setting("a share", 0.5)
    arns: list[str] = setting("ARNs", list, late=True)
    names: list[str] = setting("names", list)
    inner_part: Inner | None = setting("a group", None)


def outer(**values: Any) -> tuple[Outer, list[str]]:
    problems = Problems()
    return read(Outer, values, problems, spelled=str), problems.lines


@pytest.mark.parametrize(("sent", "meant"), [(3, 3), (3.0, 3), ("3", 3)])
def test_whole_numbers_may_arrive_as_floats(sent: Any, meant: int) -> None:
    found, lines = outer(some_days=sent)
    assert (found.some_days, lines) == (meant, [])
    assert isinstance(found.some_days, int)


@pytest.mark.parametrize("sent", [2.5, float("inf"), True, "x"])
def test_what_is_no_whole_number_is_refused(sent: Any) -> None:
    assert len(outer(some_days=sent)[1]) == 1


@pytest.mark.parametrize(("sent", "meant"), [(1, 1.0), ("0.25", 0.25), (21.5, 21.5)])
def test_numbers_may_have_fractions(sent: Any, meant: float) -> None:
    assert outer(share=sent)[0].share == meant


def test_an_output_is_kept_as_it_is_where_it_decides_nothing() -> None:
    later = pulumi.Output.from_input("arn:key")
    found, lines = outer(arns=[later, "arn:a"], inner_part={"key_arn": later})
    assert lines == []
    assert found.arns == [later, "arn:a"]
    assert found.inner_part
    assert found.inner_part.key_arn is cast(Any, later)
    assert given(found)["inner_part"] == {"key_arn": later, "some_days": 7}


@pytest.mark.parametrize("values", [{"some_days": 1}, {"names": [1]}, {"arns": 1}, {"inner_part": 1}])
def test_an_output_is_refused_where_resources_depend_on_it(values: dict[str, Any]) -> None:
    later = pulumi.Output.from_input("x")
    sent = {key: [later] if isinstance(value, list) else later for key, value in values.items()}
    [line] = outer(**sent)[1]
    assert "is an output, known only after deployment; resources depend on it, so give a plain value" in line
