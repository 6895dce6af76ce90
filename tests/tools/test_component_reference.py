import re

import pytest
from ha_web.__main__ import COMPONENTS
from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType

from tools import component_reference
from tools.component_reference import default_of, text_of, type_of, unit_of


@pytest.fixture(scope="module")
def page() -> str:
    return component_reference.page()


def text(description: str) -> PropertyDefinition:
    return PropertyDefinition(optional=True, type=PropertyType.STRING, plain=True, description=description)


def number(description: str) -> PropertyDefinition:
    return PropertyDefinition(type=PropertyType.INTEGER, plain=True, description=description)


def test_the_page_is_what_the_docstrings_say(page: str) -> None:
    stale = component_reference.PAGE.read_text() != page
    assert not stale, "components/REFERENCE.md is stale: run make tables"


def test_every_component_has_a_section_with_arguments_and_outputs(page: str) -> None:
    for component in COMPONENTS:
        section = page.split(f"\n### {component.__name__}\n")[1]
        assert re.search(r"^\*\*Arguments\*\*$.*?^\*\*Outputs\*\*$", section, re.M | re.S)


def test_every_link_of_the_page_leads_to_one_heading_of_it(page: str) -> None:
    headings = [heading.lower().replace(".", "") for heading in re.findall(r"^#+ (\S+)$", page, re.M)]
    assert len(headings) == len(set(headings))
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= set(headings)


@pytest.mark.parametrize(
    ("description", "default"),
    [
        ("Days kept. Default 7.", "`7`"),
        ("Aurora's class. Default db.r7g.large: the smallest.", "`db.r7g.large`"),
        ("Codes. Default `200`; for gRPC `0` (OK).", "`200`"),
        ("Minutes; at least 60. Default 60, AWS Backup's least: its own is 8 hours.", "`60`"),
        ("Parts of the world. Default ENAM, WEU, WNAM; the subscription must include as many.", "ENAM, WEU, WNAM"),
        ("Port. Default 443 with TLS, 80 for HTTP; TCP and UDP have none.", "443 with TLS, 80 for HTTP"),
        ("Whether it waits. Default false. https://example.com/page", "`false`"),
        ("How long. Default: not at all, because sessions are shared.", "not at all"),
        ("Names. Default: none.", "none"),
        ("`proxy` (default) or `delegate`.", "`proxy`"),
        ("Tags of everything here.", ""),
    ],
)
def test_a_default_is_read_from_the_description(description: str, default: str) -> None:
    assert default_of(text(description)) == default


def test_a_sentence_that_says_only_the_default_is_not_repeated() -> None:
    assert text_of(text("Days kept. Default 7. They are against mistakes.")) == "Days kept. They are against mistakes."
    assert text_of(text("Days kept. Default 7, AWS's least.")) == "Days kept. Default 7, AWS's least."


@pytest.mark.parametrize(
    ("name", "description", "unit"),
    [
        ("boot_seconds", "How long a server takes.", "seconds"),
        ("interval", "Seconds between checks, 5 to 300.", "seconds"),
        ("disk_size", "GiB of the root disk.", "GiB"),
        ("cpu_target", "Average CPU in percent. Default 50.", "percent"),
        ("nodes", "How many: a primary and its replicas.", ""),
    ],
)
def test_the_unit_is_read_from_name_and_description(name: str, description: str, unit: str) -> None:
    assert unit_of(name, number(description)) == unit


def test_what_is_not_a_number_has_no_unit() -> None:
    assert unit_of("tags", text("Days and nights.")) == ""


def test_types_are_spelled_as_in_python() -> None:
    known_later = PropertyDefinition(type=PropertyType.STRING)
    assert type_of(known_later) == "`Input[str]`"
    assert type_of(known_later, plain=True) == "`str`"
    assert type_of(PropertyDefinition(plain=True, items=known_later)) == "`list[Input[str]]`"
    assert type_of(PropertyDefinition(plain=True, additional_properties=text(""))) == "`dict[str, str]`"
    nested = PropertyDefinition(plain=True, ref="#/types/ha-web:index:WafArgs")
    assert type_of(nested) == "[WafArgs](#wafargs)"
    assert type_of(PropertyDefinition(plain=True, items=nested)) == "list[[WafArgs](#wafargs)]"
