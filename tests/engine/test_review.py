"""Edits as a pull request makes them, previewed by the real engine on a stack that stands, and the report of each."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal import review
from tests.engine.conftest import Site, copy_project
from tests.engine.review_examples import kept, numbered

pytestmark = pytest.mark.xdist_group("site")
STACK_FILE = "Pulumi.local.yaml"
WRAPPED_SECRET = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's state marks a secret."""

Edit = Callable[[Path], None]
"""What a pull request does to the project in a folder."""


@dataclass(frozen=True)
class Reviewed:
    """What a reviewer gets."""

    code: int
    report: str
    full: str
    events: str

    @property
    def verdict(self) -> str:
        """The first line of the report in bold."""
        found = re.search(r"\*\*(.+)\*\*", self.report)
        assert found
        return found[1]

    @property
    def counts(self) -> dict[str, int]:
        """The headline's numbers: create, update, replace, delete, unchanged."""
        line = next(line for line in self.report.splitlines() if "to create" in line)
        return {name: int(number) for number, name in re.findall(r"(\d+)\W+(?:to )?(\w+)", line.replace("*", ""))}

    @property
    def top(self) -> str:
        """What must not be missed."""
        return self.report.partition("### Review first")[2].partition("\n### ")[0]


def secrets_of(site: Site) -> Iterator[str]:
    """The passwords that the program generated, in clear."""

    def found(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            plain = value.get("plaintext") if WRAPPED_SECRET in value else None
            yield from re.findall(r"\w{32,}", plain or "")
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from found(inner)

    shown = site.engine.run("stack", "export", "--show-secrets", "--stack", site.engine.stack, capture=True)
    yield from found(json.loads(shown))


@pytest.fixture
def pull_request(site: Site, tmp_path: Path) -> Callable[..., Reviewed]:
    """Makes an edit in a copy of the project and reviews it against what stands."""
    secrets = set(secrets_of(site))
    assert len(secrets) >= 2  # the sessions' and the database's

    def reviewed(edit: Edit, accept_state_loss: bool = False) -> Reviewed:
        project, folder = copy_project(tmp_path / "project"), tmp_path / "report"
        edit(project)
        wanted = review.Report(folder, "main", accept_state_loss=accept_state_loss)
        code = review.review(replace(site.engine, project=project), wanted)
        texts = [(folder / name).read_text() for name in ("report.md", "full.md", "events.jsonl")]
        for secret in secrets:
            assert not any(secret in text for text in texts)
        return Reviewed(code, *texts)

    return reviewed


def setting(edit: Callable[[dict[str, Any]], None]) -> Edit:
    """An edit of the stack file."""

    def write(project: Path) -> None:
        file = project / STACK_FILE
        settings = yaml.safe_load(file.read_text())
        edit(settings["config"])
        file.write_text(yaml.safe_dump(settings))

    return write


def another_image(site: Site) -> str:
    """An image of the same architecture and owner as the base of the one that serves."""
    [recipe] = site.inputs("aws:imagebuilder/imageRecipe:ImageRecipe")
    ec2 = site.account.client("ec2", "eu-west-1")
    [now] = ec2.describe_images(ImageIds=[recipe["parentImage"]])["Images"]
    alike = [{"Name": "architecture", "Values": [now["Architecture"]]}]
    images = ec2.describe_images(Owners=[now["OwnerId"]], Filters=alike)["Images"]
    return next(str(image["ImageId"]) for image in images if image["ImageId"] != now["ImageId"])


def renamed(project: Path) -> None:
    """The primary's cluster gets another name, which is part of the URN of all that is in it."""
    file = project / "components" / "ha_web" / "site" / "regions.py"
    before = file.read_text()
    after = before.replace('parts.named("primary")', 'parts.named("main")')
    assert after != before
    file.write_text(after)


def test_nothing_changes_where_nothing_was_edited(pull_request: Callable[..., Reviewed]) -> None:
    found = pull_request(lambda _: None)
    assert found.code == 0
    assert found.verdict == "No resource changes."
    assert sum(found.counts[name] for name in ("create", "update", "replace", "delete")) == 0
    assert "```mermaid" not in found.report


def test_a_new_image_is_an_interruption_of_both_fleets(site: Site, pull_request: Callable[..., Reviewed]) -> None:
    image = another_image(site)
    found = pull_request(setting(lambda config: config["ha-web:servers"].update(image=image)))
    assert found.code == 0
    assert found.counts["delete"] == 2  # what pinned the former base, and what remembered those before it
    for release in ("release-primary", "release-standby"):
        assert release in found.top
    assert image in found.report
    assert "```mermaid" in found.report
    kept("image-change.md", found.report)


def test_a_renamed_component_stops_for_all_the_state_it_would_replace(pull_request: Callable[..., Reviewed]) -> None:
    found = pull_request(renamed)
    assert found.code == 3
    assert found.verdict.startswith("Stop: ")
    assert found.counts["create"] > 100
    assert found.counts["delete"] > 100
    for name in ("primary-database-cluster", "primary-group", "site-vault"):
        assert (name in found.top) == (name != "site-vault")
    kept("renamed-component.md", found.report)


def test_lost_state_that_is_accepted_is_shown_and_stops_nothing(pull_request: Callable[..., Reviewed]) -> None:
    found = pull_request(renamed, accept_state_loss=True)
    assert found.code in (0, 2)  # 2: a policy of its own
    assert "primary-database-cluster" in found.top
    assert "accepted" in found.verdict


def test_a_shrunk_objective_is_shown_with_what_it_was(pull_request: Callable[..., Reviewed]) -> None:
    found = pull_request(setting(lambda config: config["ha-web:objectives"]["region"].update(recovery="4m50s")))
    assert found.code == 0
    assert re.search(r"5m\b.*4m50s", found.top)
    assert found.counts["update"] == 3, "the copies of the outputs, one a region, and the dashboard's line"


def test_an_objective_that_cannot_be_met_fails_the_preview_and_says_why(pull_request: Callable[..., Reviewed]) -> None:
    found = pull_request(setting(lambda config: config["ha-web:objectives"]["region"].update(recovery="1m")))
    assert found.code == 1
    assert "objectives.region.recovery is 60s; worst case is 4m41s" in found.report.replace("\\", "")


def test_a_pilot_light_costs_less_and_recovers_later(pull_request: Callable[..., Reviewed]) -> None:
    def edit(config: dict[str, Any]) -> None:
        config["ha-web:strategy"] = "pilot-light"
        config["ha-web:objectives"]["region"]["recovery"] = "10m"

    found = pull_request(setting(edit))
    [(before, after)] = re.findall(r"\$(2,\d\d\d\.\d\d).*?\$(2,\d\d\d\.\d\d)", found.top)
    assert after < before
    assert re.search(r"4m41s.*5m51s", found.top)
    assert "standby: servers" in found.full


def test_random_ids_are_numbered_and_nothing_else_is() -> None:
    report = "`lb-35f9a68` `lb-44b35c1` `lb-35f9a68` key/mrk-9fb40c26-382c-4648-b070-475f4e7e6562 ami-0ef3038e9b73a0746"
    kms = "key/mrk-00000000-0000-0000-0000-000000000001"
    assert numbered(report) == f"`lb-0000001` `lb-0000002` `lb-0000001` {kms} ami-0ef3038e9b73a0746"
    assert numbered("key/mrk-fa506377-0dcb-4f44-bf02-7327…") == "key/mrk-00000000-0000-0000-0000-0001…"
    assert numbered("the-defaced page-of-2026 10.0.0.0/16 123456789012") == (
        "the-defaced page-of-2026 10.0.0.0/16 123456789012"
    )
