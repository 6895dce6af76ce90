import pulumi
import pytest
from ha_web.site.parts import LONGEST_SITE_NAME, Parts, name_in_account, name_problem

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


def test_the_name_tells_projects_stacks_and_sites_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi, "get_project", lambda: "ha-web")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod.eu")
    assert (name_in_account("site"), name_in_account("shop")) == ("ha-web-prod-eu", "ha-web-prod-eu-shop")


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


@pytest.mark.parametrize("name", ["site", "s", "my-shop-2", "s" * LONGEST_SITE_NAME])
def test_a_name_may_have_letters_digits_and_hyphens(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["", "2shop", "-shop", "shop-", "my_shop", "my.shop", "s" * (LONGEST_SITE_NAME + 1)])
def test_a_name_that_a_load_balancer_could_not_begin_with_is_refused(name: str) -> None:
    assert f"the name has {len(name)} characters; write a letter, then at most 12 letters" in (name_problem(name) or "")
