"""The scripts of .github/scripts, run against a `gh` and a `pulumi` that only record what they are asked."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.home import CHECKOUT

SCRIPTS = CHECKOUT / ".github" / "scripts"
MARKER = "<!-- ha-web review: prod -->"
RUN = "https://github.com/acme/site/actions/runs/7"

RECORDER = """#!{python}
import json, os, pathlib, sys
home = pathlib.Path(os.environ["RECORDED"])
call = {{"arguments": sys.argv[1:], "input": sys.stdin.read() if "-" in sys.argv else ""}}
with (home / "calls").open("a") as calls:
    calls.write(json.dumps(call) + "\\n")
for name, answer in json.loads((home / "answers").read_text()).items():
    if name in " ".join(sys.argv[1:]):
        print(answer)
"""


@dataclass
class Recorded:
    """A folder of programs that record, and what they were asked."""

    folder: Path

    def answers(self, **answers: str) -> None:
        (self.folder / "answers").write_text(json.dumps({key.replace("_", " "): text for key, text in answers.items()}))

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        everything = {**os.environ, "PATH": path, "RECORDED": str(self.folder), **environment}
        return subprocess.run(command, cwd=self.folder, env=everything, capture_output=True, text=True, check=False)

    def calls(self) -> list[dict[str, Any]]:
        calls = self.folder / "calls"
        return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []

    def asked(self) -> list[str]:
        return [" ".join(call["arguments"]) for call in self.calls()]


@pytest.fixture
def gh(tmp_path: Path) -> Recorded:
    program = tmp_path / "gh"
    program.write_text(RECORDER.format(python=sys.executable))
    program.chmod(0o755)
    recorded = Recorded(tmp_path)
    recorded.answers()
    (tmp_path / "report.md").write_text(f"{MARKER}\n# Nothing changes\n")
    return recorded


def comment(gh: Recorded, report: str = "report.md") -> dict[str, Any]:
    script = [sys.executable, str(SCRIPTS / "comment.py"), "prod", report, "1a2b3c", RUN]
    done = gh.run(*script, GITHUB_REPOSITORY="acme/site", PULL_REQUEST="12")
    assert done.returncode == 0, done.stderr
    return gh.calls()[-1]


def a_comment(number: int, author: str, first_line: str) -> str:
    return json.dumps({"id": number, "author": author, "first_line": first_line})


def test_the_first_review_becomes_a_comment(gh: Recorded) -> None:
    gh.answers(paginate=a_comment(1, "ann", "Looks good"))
    written = comment(gh)
    assert written["arguments"][:4] == ["api", "--method", "POST", "repos/acme/site/issues/12/comments"]
    assert json.loads(written["input"])["body"].startswith(f"{MARKER}\n# Nothing changes")
    assert f"Of commit 1a2b3c, by [this run]({RUN})." in json.loads(written["input"])["body"]


def test_a_later_review_edits_that_comment(gh: Recorded) -> None:
    gh.answers(paginate=a_comment(1, "ann", "x") + "\n" + a_comment(31, "github-actions[bot]", MARKER + "\r"))
    assert comment(gh)["arguments"][:4] == ["api", "--method", "PATCH", "repos/acme/site/issues/comments/31"]


def test_a_comment_of_another_stack_or_by_anybody_else_is_left_alone(gh: Recorded) -> None:
    others = [a_comment(1, "ann", MARKER), a_comment(2, "github-actions[bot]", MARKER.replace("prod", "dev"))]
    gh.answers(paginate="\n".join(others))
    assert "POST" in comment(gh)["arguments"]


def test_an_old_review_does_not_stand_for_a_push_that_has_none(gh: Recorded) -> None:
    gh.answers(paginate=a_comment(31, "github-actions[bot]", MARKER))
    body = json.loads(comment(gh, report="missing.md")["input"])["body"]
    assert body.startswith(f"{MARKER}\n**No preview of `prod`**")
    assert "Nothing changes" not in body


def drift(gh: Recorded, status: str) -> int:
    script = [sys.executable, str(SCRIPTS / "drift_issue.py"), "prod", status, "report.md", RUN]
    return gh.run(*script).returncode


def issues(*titles: str) -> str:
    return json.dumps([{"number": number, "title": title} for number, title in enumerate(titles, start=4)])


def test_drift_opens_an_issue(gh: Recorded) -> None:
    gh.answers(issue_list=issues("Drift in the stack dev"))
    assert drift(gh, "4") == 0
    assert gh.asked()[-1] == "issue create --title Drift in the stack prod --label drift --body-file -"
    assert "# Nothing changes" in gh.calls()[-1]["input"]


def test_drift_that_is_known_is_written_anew_into_its_issue(gh: Recorded) -> None:
    gh.answers(issue_list=issues("Drift in the stack dev", "Drift in the stack prod"))
    assert drift(gh, "4") == 0
    assert gh.asked()[-1] == "issue edit 5 --body-file -"


def test_drift_that_is_gone_closes_its_issue(gh: Recorded) -> None:
    gh.answers(issue_list=issues("Drift in the stack prod"))
    assert drift(gh, "0") == 0
    assert gh.asked()[-1].startswith("issue close 4 --comment No drift any more")


def test_no_drift_and_no_issue_does_nothing(gh: Recorded) -> None:
    gh.answers(issue_list="[]")
    assert drift(gh, "0") == 0
    assert len(gh.asked()) == 1


@pytest.mark.parametrize("status", ["1", ""])
def test_a_look_that_failed_neither_opens_nor_closes(gh: Recorded, status: str) -> None:
    assert drift(gh, status) == 1
    assert gh.asked() == []


def test_the_deployed_commit_is_asked_for_by_environment(gh: Recorded) -> None:
    gh.answers(graphql="abc123")
    done = gh.run(str(SCRIPTS / "deployed_commit.sh"), "production", GITHUB_REPOSITORY="acme/site")
    assert done.stdout == "abc123\n"
    assert {"owner=acme", "name=site", "environment=production"} <= set(gh.calls()[0]["arguments"])


DEBUG = '{"sequence":1,"diagnosticEvent":{"severity":"debug","message":"password=hunter2"}}'
EVENT = '{"sequence":2,"resourcePreEvent":{"metadata":{"op":"delete","old":{"inputs":{"log":{"severity":"debug"}}}}}}'


def preview(folder: Path, *options: str, pulumi: int = 0, review: int = 0, config: str = "") -> tuple[int, str, str]:
    """The exit code, and what pulumi and the review were started with."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    for room in (".github", "review"):
        (folder / room).symlink_to(CHECKOUT / room)
    started = f'#!/bin/sh\n[ "$1 $2" = "-m review" ] || exec {sys.executable} "$@"\ncp "$3" "{folder}/events"\n'
    for program, code in ((folder / "pulumi", pulumi), (python, review)):
        first = started if program == python else f"#!/bin/sh\necho '{DEBUG}'\necho '{EVENT}'\n"
        program.write_text(f'{first}echo "$@" > "{folder}/{program.name}.asked"\nexit {code}\n')
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "POLICY_CONFIG": config}
    command = [str(SCRIPTS / "preview.sh"), "prod", "reports", *options]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    asked = [(folder / f"{name}.asked").read_text().strip() for name in ("pulumi", "python")]
    return done.returncode, asked[0], asked[1]


def test_a_preview_is_judged_and_reviewed(tmp_path: Path) -> None:
    code, asked, reviewed = preview(tmp_path, "--full-url", RUN, config="policies/dev.json")
    assert code == 0
    assert asked.endswith("--stack prod --json --policy-pack policies --policy-pack-config policies/dev.json")
    assert reviewed.startswith("-m review /")
    assert " --stack prod --output reports/report.md" in reviewed
    assert reviewed.endswith(f"--full-url {RUN}")
    assert (tmp_path / "events").read_text() == f"{EVENT}\n"


def test_the_engines_events_are_not_among_what_is_kept(tmp_path: Path) -> None:
    _, _, reviewed = preview(tmp_path)
    assert not Path(reviewed.split()[2]).exists()
    assert [file.name for file in (tmp_path / "reports").iterdir()] == ["status"]


def test_a_look_for_drift_asks_the_account_and_no_policy(tmp_path: Path) -> None:
    code, asked, reviewed = preview(tmp_path, "--drift", review=4)
    assert code == 4
    assert asked.endswith("--json --refresh")
    assert reviewed.endswith("--drift")


@pytest.mark.parametrize(
    ("pulumi", "review", "expected"), [(0, 3, 3), (255, 2, 2), (255, 1, 1), (255, 0, 1), (1, 4, 1)]
)
def test_the_review_has_the_last_word_unless_it_missed_a_failure(
    tmp_path: Path, pulumi: int, review: int, expected: int
) -> None:
    code, *_ = preview(tmp_path, pulumi=pulumi, review=review)
    assert code == expected
    assert (tmp_path / "reports" / "status").read_text() == f"{expected}\n"


def action(name: str) -> str:
    """The script of an action of ours that has one."""
    [step] = yaml.safe_load((SCRIPTS.parent / "actions" / name / "action.yml").read_text())["runs"]["steps"]
    return str(step["run"])


def inline(workflow: str, job: str, step: int | str) -> str:
    steps = yaml.safe_load((SCRIPTS.parent / "workflows" / f"{workflow}.yml").read_text())["jobs"][job]["steps"]
    [script] = [body["run"] for at, body in enumerate(steps) if step in (at, body.get("name"))]
    return str(script)


@pytest.mark.parametrize(
    ("preview", "rehearsed", "passes"),
    [
        ("success", "skipped", True),
        ("skipped", "success", True),
        ("failure", "skipped", False),
        ("skipped", "failure", False),
        ("cancelled", "skipped", False),
        ("skipped", "skipped", False),
    ],
)
def test_the_required_check_passes_only_when_one_way_was_gone_to_its_end(
    gh: Recorded, preview: str, rehearsed: str, passes: bool
) -> None:
    done = gh.run(
        "bash", "-eo", "pipefail", "-c", inline("preview", "reviewed", 0), PREVIEW=preview, REHEARSED=rehearsed
    )
    assert (done.returncode == 0) is passes


ACCEPT = "accept-state-loss"


@pytest.mark.parametrize(
    ("labels", "mark", "event", "accepted"),
    [
        ("docs\n" + ACCEPT, "success", {"ACTION": "synchronize"}, True),
        ("docs\n" + ACCEPT, "", {"ACTION": "synchronize"}, False),
        (ACCEPT, "", {"ACTION": "reopened"}, False),
        (ACCEPT, "", {"ACTION": "labeled", "LABEL": "docs"}, False),
        (ACCEPT, "", {"ACTION": "labeled", "LABEL": ACCEPT}, True),
        (ACCEPT, "failure", {"ACTION": "synchronize"}, False),
        ("docs", "", {"ACTION": "labeled", "LABEL": ACCEPT}, False),
        ("docs", "success", {"ACTION": "unlabeled", "LABEL": ACCEPT}, False),
        ("don't " + ACCEPT, "success", {"ACTION": "synchronize"}, False),
    ],
)
def test_an_acceptance_holds_for_the_labelled_commit_only(
    gh: Recorded, labels: str, mark: str, event: dict[str, str], accepted: bool
) -> None:
    gh.answers(**{"issues/12/labels": labels, "commits/abc/statuses": mark})
    about = {"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "merge", "PULL_REQUEST": "12", "COMMIT": "abc", "LABEL": ""}
    done = gh.run(sys.executable, str(SCRIPTS / "accepted.py"), **{**about, **event, "ASKED": ""})
    assert (done.returncode, done.stdout) == (0, "option=--accept-state-loss\n" if accepted else "")


@pytest.mark.parametrize(
    ("labels", "mark", "asked", "accepted"),
    [
        (ACCEPT, "success", "", True),
        (ACCEPT, "", "", False),
        ("docs", "success", "false", False),
        ("", "", "true", True),
    ],
)
def test_a_deployment_hears_what_was_accepted_of_the_pull_requests_last_commit(
    gh: Recorded, labels: str, mark: str, asked: str, accepted: bool
) -> None:
    gh.answers(**{"commits/c/pulls": '[[12, "abc"]]', "issues/12/labels": labels, "commits/abc/statuses": mark})
    about = {"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c", "PULL_REQUEST": "", "ASKED": asked}
    done = gh.run(sys.executable, str(SCRIPTS / "accepted.py"), **about)
    assert (done.returncode, done.stdout) == (0, "option=--accept-state-loss\n" if accepted else "")


def test_a_commit_without_a_pull_request_was_accepted_by_nobody(gh: Recorded) -> None:
    about = {"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c", "PULL_REQUEST": "", "ASKED": ""}
    done = gh.run(sys.executable, str(SCRIPTS / "accepted.py"), **about)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("job", ["dev", "prod-review", "prod"])
def test_every_review_of_a_deployment_is_told_what_was_accepted(job: str) -> None:
    steps = yaml.safe_load((SCRIPTS.parent / "workflows" / "deploy.yml").read_text())["jobs"][job]["steps"]
    by_action = {step["uses"].rsplit("/", 1)[-1]: step for step in steps if step.get("uses", "").startswith("./")}
    assert by_action["accepted"]["id"] == "accepted"
    assert by_action["accepted"]["with"] == {"asked": "${{ inputs.accept-state-loss }}"}
    assert by_action["review"]["with"]["option"] == "${{ steps.accepted.outputs.option }}"


@pytest.mark.parametrize(("newest", "code"), [("abc", 0), ("def", 1)])
def test_an_older_commit_is_not_deployed_over_a_newer_one(gh: Recorded, newest: str, code: int) -> None:
    gh.answers(commits=newest)
    script = action("newest")
    done = gh.run("bash", "-eo", "pipefail", "-c", script, GITHUB_REPOSITORY="a/b", GITHUB_SHA="abc")
    assert done.returncode == code


STACK_FILE = """config:
  ha-web:servers:
    instanceType: m7g.large
  ha-web:sessions:
    nodes: 3
"""


def renew(gh: Recorded, cadence: str, day: str) -> dict[str, Any]:
    """What the stack file says after a proposal; nothing if there was none."""
    (gh.folder / "answers").write_text(
        json.dumps({"git/ref/": '{"object": {"sha": "abc"}}', "contents/": '{"sha": "def"}'})
    )
    script = [sys.executable, str(SCRIPTS / "renew_base.py"), cadence, day, "prod"]
    done = gh.run(*script, GITHUB_REPOSITORY="acme/site")
    assert done.returncode == 0, done.stderr
    puts = [call for call in gh.calls() if "PUT" in call["arguments"]]
    if not puts:
        return {}
    [put] = puts
    change = json.loads(put["input"])
    assert change["branch"] == f"renew-base-{day}"
    servers: dict[str, Any] = yaml.safe_load(base64.b64decode(change["content"]))["config"]["ha-web:servers"]
    return servers


@pytest.mark.parametrize("known", ["", '    imageRelease: "7"\n'])
def test_a_renewal_is_a_pull_request_that_names_the_day_as_the_release_of_the_base(gh: Recorded, known: str) -> None:
    text = STACK_FILE.replace("m7g.large\n", f"m7g.large\n{known}")
    (gh.folder / "Pulumi.prod.yaml").write_text(text)
    assert renew(gh, "weekly", "2026-11-30") == {"instanceType": "m7g.large", "imageRelease": "2026-11-30"}
    assert gh.asked()[-1].startswith("pr create --base main --head renew-base-2026-11-30 ")


@pytest.mark.parametrize(
    ("cadence", "day", "is_due"),
    [
        ("monthly", "2026-12-07", True),
        ("monthly", "2026-12-14", False),
        ("weekly", "2026-12-14", True),
        ("never", "2026-12-07", False),
    ],
)
def test_a_renewal_is_proposed_as_often_as_the_variable_says(
    gh: Recorded, cadence: str, day: str, is_due: bool
) -> None:
    (gh.folder / "Pulumi.prod.yaml").write_text(STACK_FILE)
    assert bool(renew(gh, cadence, day)) is is_due
    assert bool(gh.asked()) is is_due


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stack_files_can_be_renewed(gh: Recorded, stack: str) -> None:
    (gh.folder / "Pulumi.prod.yaml").write_text((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())
    assert renew(gh, "weekly", "2026-11-30")["imageRelease"] == "2026-11-30"
