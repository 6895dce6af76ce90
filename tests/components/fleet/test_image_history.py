"""The way back to an earlier release's image."""

import json
from typing import Any

import pytest
from ha_web import Fleet
from ha_web.fleet.image_history import LONGEST, remembered, with_release

from tests.components.fleet.test_fleet import arguments, pins
from tests.components.made import Made, make

BY_PATH = "aws:ssm/getParametersByPath:getParametersByPath"
OLD, NEW = "ami-0aaaaaaaaaaaaaaaa", "ami-0123456789abcdef0"
PATH = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"


def fleet(release: str, known: dict[str, str] | None) -> Made[Fleet]:
    values = [] if known is None else [json.dumps(known)]
    args: Any = {**arguments(), "image_release": release}
    return make(lambda: Fleet("web", args), answers={BY_PATH: {"values": values}})


def images_of(made: Made[Fleet]) -> dict[str, str]:
    found: dict[str, str] = json.loads(made.named("web-images")["insecureValue"])
    return found


def test_a_first_release_takes_the_newest_image_and_is_remembered() -> None:
    made = fleet("1", None)
    assert [pin["value"] for pin in pins(made)] == [NEW]
    assert images_of(made) == {f"1 of {PATH}": NEW} == made.outputs["image_releases"]


def test_a_new_release_takes_the_newest_and_the_former_stays_known() -> None:
    made = fleet("2", {f"1 of {PATH}": OLD})
    assert [pin["value"] for pin in pins(made)] == [NEW]
    assert images_of(made) == {f"1 of {PATH}": OLD, f"2 of {PATH}": NEW}


def test_the_way_back_leads_to_the_image_that_it_came_from() -> None:
    made = fleet("1", {f"1 of {PATH}": OLD, f"2 of {PATH}": NEW})
    assert [pin["value"] for pin in pins(made)] == [OLD]
    assert images_of(made) == {f"1 of {PATH}": OLD, f"2 of {PATH}": NEW}


def test_the_memory_is_a_parameter_of_its_own_path() -> None:
    made = fleet("1", None)
    [call] = [call for call in made.calls if call.token == BY_PATH]
    assert made.named("web-images")["name"] == f"{call.args['path']}/images" == "/ha-web/test/test/web/images"
    assert made.named("web-images").secrets == frozenset()


@pytest.mark.parametrize("text", ["", "none", "[]", '"ami-1"'])
def test_a_memory_that_somebody_has_spoiled_is_none(text: str) -> None:
    assert remembered([text]) == {}


def test_the_oldest_are_forgotten_first() -> None:
    known: dict[str, str] = {}
    for number in range(LONGEST + 5):
        known = with_release(known, str(number), f"ami-{number}")
    assert list(known) == [str(number) for number in range(5, LONGEST + 5)]
    assert with_release(known, "7", "ami-7") == known
