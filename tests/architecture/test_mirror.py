"""The tests stand where their modules stand: `fleet/image.py` is tested in `tests/components/fleet/test_image.py`."""

from pathlib import Path

import pytest

from rehearsal.home import CHECKOUT

TESTS = CHECKOUT / "tests"
SOURCES = {"components": "components/ha_web", "policies": "policies/resilience", "app": "app/ha_web_app"}
"""Where the code of a folder of tests is, where it isn't the folder of that name."""

SCENARIOS = {
    "architecture": "the whole tree",
    "docs": "pages that people act by",
    "ci": "workflows, their scripts, and the page that tells of them",
    "engine": "what only the real engine shows",
    "emulated": "components and functions against the emulated account, without the engine",
    "app/installed": "applications as a server installs and starts them",
}
"""Folders of tests that are of no one module, and what they are of."""


def files() -> list[Path]:
    found = [path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")]
    return [path for path in found if not any(path.is_relative_to(folder) for folder in SCENARIOS)]


def candidates(path: Path) -> list[Path]:
    """What a test file may be of: a module, a package, `__main__`, or a script of the folder."""
    room, *inner = path.parent.parts or (".",)
    folder = CHECKOUT / SOURCES.get(room, room) / Path(*inner)
    name = path.stem.removeprefix("test_")
    beside = TESTS / path.parent / f"{name}.py"  # a helper of the tests that is worth a test
    return [
        *(folder / f"{name}.py", folder / name / "__init__.py", folder / f"__{name}__.py"),
        *(folder / f"{name}.sh", folder.parent / f"{name}.sh", beside),
    ]


@pytest.mark.parametrize("path", files(), ids=str)
def test_a_test_file_is_named_for_its_module(path: Path) -> None:
    assert any(candidate.exists() for candidate in candidates(path)), f"{path}: no module of that name"


@pytest.mark.parametrize("folder", SCENARIOS)
def test_a_folder_of_scenarios_has_tests(folder: str) -> None:
    assert list((TESTS / folder).glob("test_*.py"))
