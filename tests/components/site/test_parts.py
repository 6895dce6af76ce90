import pulumi
import pytest
from ha_web.site.parts import Parts

from tests.components.made import make


@pytest.mark.parametrize(
    ("site", "role", "name"),
    [
        ("site", "primary", "primary"),
        ("site", "site", "site"),
        ("shop", "primary", "shop-primary"),
        ("shop", "site", "shop"),
        ("shop", "primary-restores", "shop-primary-restores"),
    ],
)
def test_a_part_is_named_by_its_role_and_that_of_another_site_begins_with_its_name(
    site: str, role: str, name: str
) -> None:
    assert Parts(site).named(role) == name


@pytest.mark.parametrize(("name", "aliases"), [("site", 1), ("shop", 0)])
def test_parts_that_had_no_parent_before_there_was_a_site_are_found_again(name: str, aliases: int) -> None:
    def build() -> int:
        opts = Parts(name, pulumi.ComponentResource("test:index:Site", name)).opts
        return len(opts.aliases or [])

    found: list[int] = []
    make(lambda: found.append(build()))
    assert found == [aliases]


def test_without_a_site_parts_have_no_parent() -> None:
    opts = Parts().opts
    assert (opts.parent, opts.aliases) == (None, None)
