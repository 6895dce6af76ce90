"""The commit that a review compares with: found in git, and written out beside the checkout, which is left alone."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from rehearsal.engine import STACK

LOCK = "requirements.lock"


class BaseError(RuntimeError):
    """There is no such commit, or it has no program that could be put up."""


@dataclass(frozen=True)
class Base:
    """A commit of the repository that `project` is in."""

    project: Path
    name: str
    """As the user named it: a branch, a tag, a commit."""
    commit: str
    """Its full hash."""

    @classmethod
    def find(cls, project: Path, name: str) -> "Base":
        """The commit `name` of the project's repository. Raises BaseError, which says what is missing."""
        if _git(project, "rev-parse", "--is-inside-work-tree") is None:
            raise BaseError(f"{project} is not in a git checkout, so there is no base to compare with")
        commit = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not commit:
            raise BaseError(f"base {name}: git knows no such commit (in a shallow clone, fetch it first)")
        base = cls(project, name, commit.strip())
        for needed in ("Pulumi.yaml", f"Pulumi.{STACK}.yaml"):
            if base.text_of(needed) is None:
                raise BaseError(f"base {name} has no {needed}: its program can't be put up here")
        return base

    def text_of(self, path: str) -> str | None:
        """A file of the project as the commit has it; None if it has none."""
        return _git(self.project, "show", f"{self.commit}:./{path}")

    @property
    def other_packages(self) -> bool:
        """Return whether the commit was locked to other packages than the working tree, in whose venv it runs."""
        lock = self.project / LOCK
        return self.text_of(LOCK) != (lock.read_text() if lock.exists() else None)

    def write_to(self, folder: Path) -> Path:
        """Write the project of the commit into `folder`, with the working tree's venv; return the folder."""
        folder.mkdir(parents=True)
        archive = subprocess.Popen(
            ["git", "archive", "--format=tar", self.commit, "."], cwd=self.project, stdout=subprocess.PIPE
        )
        unpacked = subprocess.run(["tar", "-xf", "-", "-C", folder], check=False, stdin=archive.stdout)
        if archive.wait() or unpacked.returncode:
            raise BaseError(f"base {self.name} could not be written to {folder}")
        venv = self.project / ".venv"
        if venv.exists():
            (folder / ".venv").symlink_to(venv.resolve())
        return folder


def _git(folder: Path, *args: str) -> str | None:
    """Return git's answer; None when it refuses, or is not there."""
    try:
        done = subprocess.run(["git", *args], check=False, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
