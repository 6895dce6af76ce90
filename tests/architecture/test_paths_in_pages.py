"""Pages and docstrings, held against the checkout: a file or folder that they name or link to is there."""

import re
import subprocess
from pathlib import Path

import pytest

from rehearsal.home import CHECKOUT

CODE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^\s*```.*?^\s*```", re.M | re.S)
PATH = re.compile(
    r"(?:\.?[\w<>*-][\w.<>*-]*/)*[\w<>*.-]+(?:/|\.(?:py|pyi|sh|md|ya?ml|json|txt|toml|in|lock|svg|service))"
)
LINK = re.compile(r"\]\(([^)#\s]+)")

ALSO_IN = {
    "components/REFERENCE.md": ["components/ha_web"],
    "docs/pull-requests.md": [".github/workflows", ".github/scripts"],
}
"""Folders that a page names files of, besides the checkout's and its own."""

MADE_LATER = {
    "ha-web.yaml": "of an application's package",
    "ha-web-app.service": "of a server",
    "wheels/": "of a package that vendors what it needs",
    "release.json": "of a release",
    "ha_web_server/": "of a release",
    "package/": "of a release",
    "measured.json": "of the owner's own drills",
    "outputs.json": "of a bucket of operations",
    "good.json": "a state of Pulumi",
    ".pulumi/backups/": "of a bucket with states of Pulumi",
    ".pulumi/history/ha-web/prod/": "of a bucket with states of Pulumi",
    ".pulumi/stacks/ha-web/prod.json": "of a bucket with states of Pulumi",
    ".rehearsal/": "of a running rehearsal",
    ".rehearsal/cloudflare.json": "of a running rehearsal",
    ".rehearsal/emulator.json": "of a running rehearsal",
    "report.md": "of a review",
    "full.md": "of a review",
    "reports/report.md": "of a review in a pipeline",
}
"""What no checkout has, and whose it is."""

FILES = [
    name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    ).stdout.split()
    if (CHECKOUT / name).exists()
]

PAGES = [
    CHECKOUT / name
    for name in FILES
    if name.endswith(".md") and not re.fullmatch(r"docs/reviews/[a-z].*", name)  # a review's report: URNs, properties
]
MODULES = [CHECKOUT / name for name in FILES if name.endswith(".py") and not name.startswith("tests/")]


def named_in(text: str) -> set[str]:
    """The paths in backticks, where they are all that the backticks hold."""
    return {code for code in CODE.findall(FENCED.sub("", text)) if PATH.fullmatch(code)} - MADE_LATER.keys()


def exists(path: str, page: Path) -> bool:
    """True if there is such a file in the checkout, in a folder that the page is in, or in one of the page's own.

    A name in angle brackets stands for any name.
    """
    folders = [*page.parents, *(CHECKOUT / folder for folder in ALSO_IN.get(_name(page), []))]
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    return any(list(folder.glob(pattern)) for folder in folders if folder.is_relative_to(CHECKOUT))


def _name(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_file_that_a_page_names_is_there(page: Path) -> None:
    assert {path for path in named_in(page.read_text()) if not exists(path, page)} == set()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = {link for link in LINK.findall(FENCED.sub("", page.read_text())) if "://" not in link}
    assert {link for link in links if not (page.parent / link).exists()} == set()


def test_a_file_of_ours_that_a_docstring_or_comment_names_is_there() -> None:
    gone = {
        f"{_name(module)}: {path}"
        for module in MODULES
        for path in named_in(module.read_text())
        if path.endswith((".py", ".md")) and not exists(path, module)
    }
    assert gone == set()


def test_paths_are_told_from_other_code() -> None:
    text = "`app/ha-web.yaml`, `Makefile`, `corrections/`, `pulumi up`, `a/b`, `services/*.py`\n```\n`gone.py`\n```\n"
    assert named_in(text) == {"app/ha-web.yaml", "corrections/", "services/*.py"}
