"""The rooms of docs/architecture.md, held against the imports of the code."""

import ast
import re

import pytest

from rehearsal.home import CHECKOUT
from tests.architecture import imports

PAGE = CHECKOUT / "docs" / "architecture.md"
ROW = re.compile(r"^\| `([^`]+)` \| .* \| (.*) \|$", re.M)
EVERYTHING = "everything"
MAY_IMPORT = {
    room: EVERYTHING if allowed == EVERYTHING else re.findall(r"`([^`]+)`", allowed)
    for room, allowed in ROW.findall(PAGE.read_text())
}
"""The table of docs/architecture.md: what each room may import of ours, beside itself."""

SDK = {"pulumi", "pulumi_aws", "pulumi_cloudflare", "boto3", "botocore"}
WITHOUT_SDK = "No SDK here."
"""How a module outside of `ha_web.recovery` says that it needs neither Pulumi nor the AWS SDK."""
LONG = 400
"""Lines; a file that is longer says why in its docstring."""

ROOMS = imports.in_rooms(MAY_IMPORT)


def test_the_page_has_every_folder_with_code() -> None:
    homeless = set(imports.files()) - {module for room in ROOMS.values() for module in room}
    assert homeless == set()
    assert {room for room, modules in ROOMS.items() if not modules} == set()


@pytest.mark.parametrize("room", [room for room, allowed in MAY_IMPORT.items() if allowed != EVERYTHING])
def test_a_room_imports_only_what_is_below_it(room: str) -> None:
    allowed = {module for name in [room, *MAY_IMPORT[room]] for module in ROOMS[name]}
    wrong = {
        f"{module}:{found.line} imports {found.module}"
        for module in ROOMS[room]
        for found in imports.imports_of(module)
        if imports.is_ours(found.module) and found.module not in allowed
    }
    assert wrong == set()


@pytest.mark.parametrize("package", imports.packages())
def test_the_parts_of_a_package_import_each_other_in_no_circle(package: str) -> None:
    assert imports.circles(imports.graph_of(package)) == []


def test_no_import_of_ours_is_hidden() -> None:
    hidden = {
        f"{module}:{found.line} imports {found.module} {found.hidden}"
        for module in imports.files()
        for found in imports.imports_of(module)
        if found.hidden and imports.is_ours(found.module) and not module.startswith("tests")
    }
    assert hidden == set()


def test_nothing_is_imported_for_a_side_effect_alone() -> None:
    told = {
        path.relative_to(CHECKOUT).as_posix()
        for module, path in imports.files().items()
        if re.search(r"^\s*(from|import) .*# noqa: F401", path.read_text(), re.M)
    }
    assert told == set()


def test_the_recovery_arithmetic_needs_no_sdk() -> None:
    arithmetic = [module for module in imports.files() if module.startswith("ha_web.recovery")]
    assert len(arithmetic) > 10
    assert {module: found for module in arithmetic if (found := SDK & imports.loaded_by(module))} == {}


def test_what_says_that_it_needs_no_sdk_needs_none() -> None:
    claim = [
        module
        for module, path in imports.files().items()
        if WITHOUT_SDK in " ".join((ast.get_docstring(ast.parse(path.read_text())) or "").split())
    ]
    assert claim
    assert {module: found for module in claim if (found := SDK & imports.loaded_by(module))} == {}


def test_a_long_file_says_why_in_its_docstring() -> None:
    silent = [
        path.relative_to(CHECKOUT).as_posix()
        for module, path in imports.files().items()
        if not module.startswith("tests")
        and len(path.read_text().splitlines()) > LONG
        and "One file because" not in (ast.get_docstring(ast.parse(path.read_text())) or "")
    ]
    assert silent == []
