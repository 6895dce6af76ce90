"""The commit that a review compares with: found, refused with a reason, written out without touching the checkout."""

import subprocess
from pathlib import Path

import pytest

from rehearsal.base_commit import Base, BaseError

FILES = {"Pulumi.yaml": "name: small\n", "Pulumi.local.yaml": "config: {}\n", "__main__.py": "first = 1\n"}


def git(folder: Path, *args: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose `main` has a program, and whose working tree has edited it."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "__main__.py").write_text("second = 2\n")
    (folder / "new.py").write_text("")
    return folder


def test_the_commits_files_are_written_and_the_working_tree_stays_as_it_is(repository: Path, tmp_path: Path) -> None:
    (repository / ".venv").mkdir()
    before = git(repository, "status", "--porcelain", "--ignored")
    written = Base.find(repository, "main").write_to(tmp_path / "base" / "project")
    assert {f.name: f.read_text() for f in written.iterdir() if f.is_file()} == FILES
    assert (written / ".venv").resolve() == repository / ".venv"
    assert git(repository, "status", "--porcelain", "--ignored") == before
    assert git(repository, "worktree", "list").count("\n") == 1


def test_a_project_in_a_folder_of_a_repository_is_written_alone(repository: Path, tmp_path: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()
    for name, text in FILES.items():
        (inner / name).write_text(text)
    git(repository, "add", "inner")
    git(repository, "commit", "-q", "-m", "inner")
    written = Base.find(inner, "HEAD").write_to(tmp_path / "written")
    assert {file.name for file in written.iterdir()} == set(FILES)


def test_a_base_can_be_a_tag_or_a_hash(repository: Path) -> None:
    git(repository, "tag", "v1")
    commit = Base.find(repository, "v1").commit
    assert Base.find(repository, commit[:8]).commit == commit


@pytest.mark.parametrize("name", ["nowhere", "main:__main__.py", "--all", "-x", ""])
def test_what_is_no_commit_is_refused_in_a_line(repository: Path, name: str) -> None:
    with pytest.raises(BaseError, match=r"^base .*: git knows no such commit") as refused:
        Base.find(repository, name)
    assert "\n" not in str(refused.value)


def test_a_folder_outside_of_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaseError, match=r" is not in a git checkout, so there is no base to compare with$"):
        Base.find(tmp_path, "main")


@pytest.mark.parametrize("name", ["Pulumi.yaml", "Pulumi.local.yaml"])
def test_a_base_whose_program_cannot_be_put_up_is_refused(repository: Path, name: str) -> None:
    git(repository, "rm", "-q", name)
    git(repository, "commit", "-q", "-m", "without")
    with pytest.raises(BaseError, match=rf"^base main has no {name}: its program can't be put up here$"):
        Base.find(repository, "main")


def test_other_packages_are_noticed(repository: Path) -> None:
    assert not Base.find(repository, "main").other_packages
    (repository / "requirements.lock").write_text("pulumi==3.259.0\n")
    assert Base.find(repository, "main").other_packages
    git(repository, "add", "requirements.lock")
    git(repository, "commit", "-q", "-m", "locked")
    assert not Base.find(repository, "main").other_packages
