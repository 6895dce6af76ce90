"""The arguments of a Site are written from the settings, and all of them."""

import typing
from dataclasses import dataclass

import ha_web
import pytest
from ha_web.site import args
from ha_web.site.model import Settings
from ha_web.site.reader import setting

from tools import site_args


def test_the_arguments_and_their_exports_are_up_to_date() -> None:
    stale = [path.name for path, text in site_args.pages().items() if path.read_text() != text]
    assert stale == [], "run make tables"


def test_every_group_of_settings_is_exported() -> None:
    names = {site_args.name_of(each) for each in site_args.classes(Settings)}
    assert len(names) > 10
    assert names <= set(ha_web.__all__)


def test_what_has_no_default_is_required() -> None:
    assert {"domain", "zone", "primary"} == set(args.SiteArgs.__required_keys__)
    assert {"region", "cidr"} == set(args.SiteStandbyArgs.__required_keys__)


@dataclass(frozen=True)
class Later:
    """A group."""

    arns: dict[str, str] = setting("ARNs by region", dict, late=True)
    names: list[str] = setting("names, as in lockAfterDays", list)
    key: str | None = setting("lockAfterDays of a key", None, late=True)
    days: int = setting("days until it ends", 7)
    on: bool = setting("whether it is", True)


@pytest.mark.parametrize(
    "line",
    [
        "    arns: NotRequired[dict[str, pulumi.Input[str]]]\n",
        '    names: NotRequired[list[str]]\n    """Names, as in lock_after_days."""\n',
        '    key: NotRequired[pulumi.Input[str]]\n    """lock_after_days of a key."""\n',
        '    """Days until it ends. Default 7."""\n',
        '    """Whether it is. Default true."""\n',
    ],
)
def test_a_group_becomes_a_typed_dictionary(line: str) -> None:
    text = site_args.class_of(Later)
    assert text.startswith('class SiteLaterArgs(TypedDict):\n    """A group."""\n\n')
    assert line in text


def test_each_argument_has_the_type_of_its_setting() -> None:
    hints = typing.get_type_hints(args.SiteServersArgs, include_extras=True)
    assert hints["minimum"] == typing.NotRequired[int]
