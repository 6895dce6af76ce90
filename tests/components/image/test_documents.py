"""What Image Builder runs."""

import pytest
import yaml
from ha_web.image.documents import build_document, command_problems, content_of, trial_document

COMMAND = """\
release="${HA_WEB_ROOT:-}/opt"
if [ ! -d "$release" ]; then

  echo 'it: "is" # not there' >&2
fi
"""


def test_a_build_document_runs_the_command_as_it_is_and_ends_with_its_first_failure() -> None:
    [phase] = yaml.safe_load(build_document(COMMAND))["phases"]
    [step] = phase["steps"]
    assert (phase["name"], step["action"], step["onFailure"]) == ("build", "ExecuteBash", "Abort")
    assert step["inputs"]["commands"] == ["set -euo pipefail\n" + COMMAND]


def test_a_test_document_has_no_other_phase() -> None:
    document = yaml.safe_load(trial_document("curl http://localhost/"))
    assert [phase["name"] for phase in document["phases"]] == ["test"]
    assert document["schemaVersion"] == 1.0


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (" \n", "is empty"),
        ("echo {{ build.name }}", '"{{" in it'),
        ("if true; then\n\techo\nfi", "has a tab"),
        ("x" * 16_000, "makes a document of 16"),
    ],
)
def test_a_command_that_would_not_run_as_written_is_named(command: str, reason: str) -> None:
    [problem] = command_problems("install_command", command)
    assert problem.startswith("install_command ")
    assert reason in problem


def test_a_command_with_anything_else_is_fine() -> None:
    assert command_problems("install_command", COMMAND) == []


def test_the_content_is_of_the_parts_and_not_of_their_order() -> None:
    one = content_of({"base": "ami-1", "install": "a"})
    assert one == content_of({"install": "a", "base": "ami-1"})
    assert one != content_of({"base": "ami-2", "install": "a"})
    assert len(one) == 16
