"""`make review BASE=main`: the base's own program is put up beside the user's, compared with, and leaves nothing."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from rehearsal.home import CHECKOUT

pytestmark = [pytest.mark.xdist_group("review"), pytest.mark.timeout(300)]
PROGRAM = """\
import pulumi_aws as aws
from parts import DAYS

if DAYS:
    aws.cloudwatch.LogGroup("log", retention_in_days=DAYS, region="eu-west-1")
"""
PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def keeps(args, report):
    if args.resource_type == "aws:cloudwatch/logGroup:LogGroup":
        report(f"keeps {args.props['retentionInDays']:.0f} days; 30 at least")


rule = ResourceValidationPolicy("log-retention", "Logs are kept.", keeps, EnforcementLevel.MANDATORY)
PolicyPack("small", [rule])
"""
PARTS = Path("components", "parts.py")


def git(folder: Path, *args: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with a component of its own, committed on `main`: a log group that keeps 7 days."""
    folder = tmp_path / "project"
    (folder / PARTS).parent.mkdir(parents=True)
    (folder / PARTS).write_text("DAYS = 7\n")
    (folder / "Pulumi.yaml").write_text("name: small\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    (folder / ".gitignore").write_text("__pycache__/\n")
    ours = yaml.safe_load((CHECKOUT / "Pulumi.local.yaml").read_text())
    ours["config"] = {key: value for key, value in ours["config"].items() if key.startswith("aws:")}
    (folder / "Pulumi.local.yaml").write_text(yaml.safe_dump(ours))
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "seven days")
    return folder


def command(project: Path, *args: str) -> list[str]:
    home, out = project.parent / "home", project.parent / "out"
    call = [sys.executable, "-m", "rehearsal", "--home", str(home), "--project", str(project), "review"]
    return [*call, "--out", str(out), *args]


def review(project: Path, *args: str) -> tuple[int, str, str]:
    """The exit code, what was printed, and the report."""
    done = subprocess.run(command(project, *args), check=False, capture_output=True, text=True, cwd=CHECKOUT)
    report = project.parent / "out" / "report.md"
    return done.returncode, done.stdout + done.stderr, report.read_text() if report.exists() else ""


def left_of(project: Path, session: int = -1) -> list[str]:
    """A base's folder, and processes that it left: the emulated AWS by its path, others by their session."""
    base = project.parent / "home" / "base"
    shown = subprocess.run(["ps", "-ww", "-eo", "sess=,args="], check=True, capture_output=True, text=True).stdout
    processes = [line for line in shown.splitlines() if str(base) in line or line.split()[0] == str(session)]
    return processes + [str(base)] * base.exists()


def test_an_edit_of_a_component_is_shown_against_the_commit(project: Path) -> None:
    (project / PARTS).write_text("DAYS = 14\n")
    before = git(project, "status", "--porcelain")

    code, printed, report = review(project, "--base", "main")

    assert code == 0, printed
    assert "1 to update" in report
    assert "`retentionInDays` `7` → `14`" in report
    assert "against `main`" in report
    assert "Report: " in printed
    assert git(project, "status", "--porcelain") == before
    assert left_of(project) == []


def test_state_that_an_edit_deletes_is_the_exit_code(project: Path) -> None:
    (project / PARTS).write_text("DAYS = 0\n")
    assert review(project, "--base", "HEAD")[0] == 3
    assert review(project, "--base", "HEAD", "--accept-state-loss")[0] == 0


def test_a_base_that_cannot_be_put_up_is_said_to_be_so(project: Path) -> None:
    (project / PARTS).write_text("DAYS = 'many'\n")
    git(project, "commit", "-aqm", "broken")
    code, printed, report = review(project, "--base", "main")
    assert code == 1
    assert "`pulumi up of main` failed" in printed
    assert "retention" in printed
    assert report == ""
    assert left_of(project) == []


def with_pack(project: Path, program: str) -> None:
    """Give the project a policy pack."""
    (project / "policies").mkdir()
    (project / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n")
    (project / "policies" / "__main__.py").write_text(program)


def test_the_projects_own_pack_judges_the_edit(project: Path) -> None:
    with_pack(project, PACK)
    code, printed, report = review(project, "--base", "main")
    assert code == 2, printed
    assert "keeps 7 days; 30 at least" in report


def test_a_pack_that_does_not_start_fails_the_review_and_says_why(project: Path) -> None:
    with_pack(project, "raise ValueError('no such rule')\n")
    code, printed, report = review(project, "--base", "main")
    assert code == 1
    assert "failed to start" in printed
    assert "ValueError: no such rule" in report


def test_an_unknown_base_is_refused_before_anything_starts(project: Path) -> None:
    code, printed, _ = review(project, "--base", "mian")
    assert code == 1
    assert printed == "error: base mian: git knows no such commit (in a shallow clone, fetch it first)\n"
    assert not (project.parent / "home").exists()


def test_two_reviews_of_a_checkout_do_not_meet(project: Path) -> None:
    home = project.parent / "home"
    home.mkdir()
    with (home / "base.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, printed, _ = review(project, "--base", "main")
    assert code == 1
    assert printed == f"error: another review is at work in {home / 'base'}\n"


def test_without_a_base_and_with_nothing_up_there_is_nothing_to_compare_with(project: Path) -> None:
    code, printed, _ = review(project)
    assert code == 1
    assert printed.startswith("error: nothing is deployed to compare with: `make up` first")


HEED_CTRL_C = """\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Where the tests run in the background of a shell, Ctrl-C is ignored, and so it is by all that they start."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_review_leaves_nothing(project: Path, number: int) -> None:
    running_now = project.parent / "running"
    program = f"import pathlib, time\npathlib.Path({str(running_now)!r}).touch()\ntime.sleep(600)\n"
    (project / "__main__.py").write_text(program)
    git(project, "commit", "-aqm", "slow")
    heeding = [sys.executable, "-c", HEED_CTRL_C, *command(project, "--base", "main")]
    with subprocess.Popen(heeding, cwd=CHECKOUT, start_new_session=True) as review:
        while not running_now.exists():
            assert review.poll() is None
            time.sleep(0.05)
        # Ctrl-C reaches all that the terminal runs, a CI's signal only the command.
        (os.killpg if number == signal.SIGINT else os.kill)(review.pid, number)
        assert review.wait(60) == 130
    assert left_of(project, review.pid) == []
