"""A release: the same bytes from the same package, and what is in it."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from ha_web.application.package import read_package
from ha_web.application.release import SOURCE, make_release

from tests.components.application.test_package import site


def test_times_owners_and_other_rights_of_a_machine_do_not_change_it(tmp_path: Path) -> None:
    one = site(tmp_path / "one")
    other = Path(shutil.copytree(one, tmp_path / "other"))
    for file in other.rglob("*"):
        os.utime(file, (1, 1))
    (other / "public/index.html").chmod(0o600)
    made = [make_release(tmp_path / folder.name, read_package(folder)) for folder in (one, other)]
    assert made[0].digest == made[1].digest
    assert made[0].path.read_bytes() == made[1].path.read_bytes()


def test_the_digest_is_that_of_the_archive_which_is_named_for_it(tmp_path: Path) -> None:
    release = make_release(tmp_path, read_package(site(tmp_path / "site")))
    assert release.digest == hashlib.sha256(release.path.read_bytes()).hexdigest()
    assert release.path == tmp_path / f"{release.digest}.tar"


@pytest.mark.parametrize("change", ["content", "name", "executable", "start"])
def test_what_a_server_would_see_changes_the_digest(tmp_path: Path, change: str) -> None:
    folder = site(tmp_path / "site")
    before = make_release(tmp_path / "before", read_package(folder)).digest
    page = folder / "public/index.html"
    if change == "content":
        page.write_text("hullo")
    elif change == "name":
        page.rename(folder / "public/home.html")
    elif change == "executable":
        page.chmod(0o755)
    else:
        (folder / "ha-web.yaml").write_text("start: ./serve --fast\n")
    assert make_release(tmp_path / "after", read_package(folder)).digest != before


def test_what_stays_behind_does_not_change_it(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    before = make_release(tmp_path / "before", read_package(folder)).digest
    (folder / ".env").write_text("another password")
    assert make_release(tmp_path / "after", read_package(folder)).digest == before


def test_it_has_the_package_the_servers_program_and_what_that_is_told(tmp_path: Path) -> None:
    release = make_release(tmp_path, read_package(site(tmp_path / "site", "name: shop\nstart: ./serve\n")))
    with tarfile.open(release.path) as archive:
        names = archive.getnames()
        told = json.load(archive.extractfile("release.json") or sys.stdin)
        assert {(m.uid, m.gid, m.mtime, m.uname) for m in archive} == {(0, 0, 0, "")}
    assert {"package/serve", "package/public/index.html", "run", "ha_web_server/start.py"} <= {*names}
    assert told == {
        "kind": "package",
        "name": "shop",
        "install": None,
        "packages": [],
        "credentials": False,
    }


def test_links_are_unpacked_as_links(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    (folder / "current").symlink_to("public")
    release = make_release(tmp_path, read_package(folder))
    subprocess.run(["tar", "-xf", release.path, "-C", tmp_path], check=True)
    assert (tmp_path / "package/current/index.html").read_text() == "hello"


def test_the_command_runs_in_the_packages_folder_with_its_variables(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", "start: ./serve --port $PORT 'a b'\n")
    (folder / "serve").write_text('#!/bin/sh\necho "$PWD" "$2" "$3"\n')
    release = make_release(tmp_path, read_package(folder))
    subprocess.run(["tar", "-xf", release.path, "-C", tmp_path], check=True)
    env = {"PORT": "9000", "PATH": os.environ["PATH"]}
    done = subprocess.run(["bash", tmp_path / "run"], env=env, capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == f"{tmp_path}/package 9000 a b\n"


def test_a_container_has_a_release_without_a_package(tmp_path: Path) -> None:
    release = make_release(tmp_path, kind="container")
    with tarfile.open(release.path) as archive:
        assert [name for name in archive.getnames() if not name.startswith("ha_web_server/")] == ["release.json"]
    assert release.manifest is None


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda path: path.name)
def test_the_servers_program_is_in_the_syntax_of_amazon_linuxs_own_python(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level}
    imported |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert "from __future__ import annotations" in path.read_text() or path.name == "__init__.py"
