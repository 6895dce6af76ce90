"""The Site on the real engine: stacks from the time before it, and what its parts belong to."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from rehearsal.engine import Engine
from rehearsal.home import Home
from tests.engine.conftest import Site, copy_project

pytestmark = pytest.mark.timeout(900)
IN_A_SITE = "ha-web:index:Site$"
"""What the type of each part begins with, in its URN."""


def before_the_site(deployment: dict[str, Any]) -> dict[str, Any]:
    """A state as the program left it when it composed the parts itself: no Site, and parts without a parent."""
    text = json.dumps(deployment).replace(IN_A_SITE, "")
    found: dict[str, Any] = json.loads(text)
    resources = found["deployment"]["resources"]
    [stack] = [each["urn"] for each in resources if each["type"] == "pulumi:pulumi:Stack"]
    [site] = [each["urn"] for each in resources if each["type"] == "ha-web:index:Site"]
    kept = [each for each in resources if each["urn"] != site]
    for each in kept:
        if each.get("parent") == site:
            each["parent"] = stack
    found["deployment"]["resources"] = kept
    return found


def in_clear(engine: Engine) -> list[dict[str, Any]]:
    """The resources with their secrets in clear: encrypted again, the same secret is another text."""
    shown = engine.run("stack", "export", "--show-secrets", "--stack", engine.stack, capture=True)
    found: list[dict[str, Any]] = json.loads(shown)["deployment"]["resources"]
    return found


@pytest.fixture
def older(site: Site, tmp_path: Path) -> Engine:
    """The stack of the time before the Site, in a home of its own; the account is the one that stands."""
    root = shutil.copytree(site.engine.home.root, tmp_path / "home", symlinks=True)
    engine = Engine(Home(root, site.engine.home.cli), site.engine.emulator, copy_project(tmp_path / "project"))
    file = tmp_path / "state.json"
    file.write_text(json.dumps(before_the_site(engine.export())))
    engine.run("stack", "import", "--stack", engine.stack, "--file", str(file), capture=True)
    return engine


def test_a_stack_of_the_time_before_the_site_gets_it_and_nothing_else_changes(site: Site, older: Engine) -> None:
    before = {each["urn"]: each for each in in_clear(older)}
    assert not any(IN_A_SITE in urn for urn in before)

    shown = json.loads(older.run("preview", "--json", "--stack", older.stack, capture=True))
    changes = [(step["op"], step["urn"].split("::")[-2]) for step in shown["steps"] if step["op"] != "same"]
    assert changes == [("create", "ha-web:index:Site")]

    older.run("up", "--yes", "--skip-preview", "--stack", older.stack, capture=True)
    after = {each["urn"].replace(IN_A_SITE, ""): each for each in in_clear(older)}
    assert {urn.split("::")[-2] for urn in after.keys() - before.keys()} == {"ha-web:index:Site"}
    assert before.keys() - after.keys() == set()
    for urn, resource in before.items():
        for part in ("id", "inputs", "outputs"):
            assert after[urn].get(part) == resource.get(part), urn
    assert older.outputs() == site.engine.outputs()


def test_every_resource_belongs_to_the_site(site: Site) -> None:
    outside = {
        each["urn"].split("::")[-2]
        for each in site.engine.resources()
        if not each["type"].startswith("pulumi:providers:") and IN_A_SITE not in each["urn"]
    }
    assert outside == {"pulumi:pulumi:Stack", "ha-web:index:Site"}
