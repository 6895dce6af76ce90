"""Pulumi.yaml and Pulumi.schema.json say what the settings are, and stack files fit them."""

from typing import Any

import jsonschema
import pytest
import yaml

from rehearsal.home import CHECKOUT
from tests.program.settings.test_load import GOOD
from tools import settings_pages

MODELINE = f"# yaml-language-server: $schema={settings_pages.SCHEMA.name}\n"


def complaints(config: dict[str, Any]) -> list[str]:
    """What an editor underlines in a stack file with this config."""
    checker = jsonschema.Draft7Validator(settings_pages.stack_schema())
    return [error.message for error in checker.iter_errors({"config": config})]


def stack(**values: Any) -> dict[str, Any]:
    return {f"ha-web:{key}": value for key, value in {**GOOD, **values}.items()}


def test_the_files_are_up_to_date() -> None:
    stale = [path.name for path, text in settings_pages.pages().items() if path.read_text() != text]
    assert stale == [], "run make tables"


@pytest.mark.parametrize("name", ["prod", "dev", "local"])
def test_a_stack_file_points_to_the_schema_and_fits_it_once_it_has_the_names(name: str) -> None:
    text = (CHECKOUT / f"Pulumi.{name}.yaml").read_text()
    assert text.startswith(MODELINE)
    names = {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com"}
    assert complaints({**names, **yaml.safe_load(text)["config"]}) == []


def test_what_pulumi_config_set_writes_as_text_fits() -> None:
    written = stack(zones="2", deletionProtection="true", servers='{"minimum": 3}', notify='["a@example.com"]')
    assert complaints({**written, "aws:region": "eu-west-1", "other:thing": {"of": ["any", "kind"]}}) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"protocl": "https"}, "'ha-web:protocl' is not valid"),
        ({"servers": {"minimun": 3}}, "'minimun' was unexpected"),
        ({"primary": {"region": "eu-west-1"}}, "'cidr' is a required property"),
        ({"nat": "xyz"}, "'xyz' is not one of ['per-zone'"),
        ({"zones": "three"}, "'three' does not match"),
        ({"zones": 2.5}, "2.5 is not of type 'integer', 'string'"),
        ({"servers": {"diskSize": 4}}, "4 is less than the minimum of 8"),
        ({"deletionProtection": "maybe"}, "'maybe' does not match"),
        ({"notify": "ops"}, "'ops' does not match"),
        ({"objectives": {"zone": {"recovery": []}}}, "[] is not of type 'string', 'number'"),
    ],
)
def test_an_editor_underlines_what_a_preview_would_refuse(values: dict[str, Any], expected: str) -> None:
    [line] = complaints(stack(**values))
    assert expected in line


def test_the_names_that_prod_leaves_to_its_owner_are_required() -> None:
    assert complaints({"ha-web:primary": GOOD["primary"]}) == [
        "'ha-web:domain' is a required property",
        "'ha-web:zone' is a required property",
    ]
