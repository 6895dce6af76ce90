"""A package, from a folder and from each kind of archive, and what is refused of it."""

import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from ha_web.application.manifest import ManifestError
from ha_web.application.package import read_package

X86, ARM = 0x3E, 0xB7


def site(folder: Path, manifest: str = "start: ./serve\n") -> Path:
    """A small package with a program, a file in a folder, and what stays behind."""
    (folder / "public").mkdir(parents=True)
    (folder / "ha-web.yaml").write_text(manifest)
    (folder / "serve").write_text("#!/bin/sh\n")
    (folder / "serve").chmod(0o755)
    (folder / "public/index.html").write_text("hello")
    for stray in (".git/HEAD", "public/__pycache__/a.pyc", ".env", ".venv/bin/python"):
        (folder / stray).parent.mkdir(parents=True, exist_ok=True)
        (folder / stray).write_text("x")
    return folder


def names(path: Path) -> list[str]:
    return [file.name for file in read_package(path).files]


def problems(path: Path, architecture: str | None = None) -> list[str]:
    with pytest.raises(ManifestError) as error:
        read_package(path, architecture)
    return error.value.problems


def test_a_folders_files_come_sorted_without_what_belongs_to_a_developers_machine(tmp_path: Path) -> None:
    assert names(site(tmp_path / "site")) == ["ha-web.yaml", "public/index.html", "serve"]


def test_only_the_right_to_execute_is_kept(tmp_path: Path) -> None:
    found = {file.name: file.executable for file in read_package(site(tmp_path / "site")).files}
    assert found == {"ha-web.yaml": False, "public/index.html": False, "serve": True}


@pytest.mark.parametrize("pattern", ["public", "public/", "*.html", "public/index.html", "public/*"])
def test_files_that_the_package_leaves_out_stay_behind(tmp_path: Path, pattern: str) -> None:
    folder = site(tmp_path / "site", f"start: ./serve\nleaveOut: ['{pattern}']\n")
    assert names(folder) == ["ha-web.yaml", "serve"]


@pytest.mark.parametrize("kind", ["zip", "tar", "gztar", "bztar", "xztar"])
@pytest.mark.parametrize("inside", [False, True])
def test_an_archive_is_the_same_package_as_its_folder(tmp_path: Path, kind: str, inside: bool) -> None:
    folder = site(tmp_path / "one" / "site")
    root = folder.parent if inside else folder
    archive = Path(shutil.make_archive(str(tmp_path / "packed"), kind, root))
    found = read_package(archive)
    expected = read_package(folder)
    assert found.manifest == expected.manifest
    assert [(f.name, f.head(9), f.executable) for f in found.files] == [
        (f.name, f.head(9), f.executable) for f in expected.files
    ]


def test_a_link_inside_the_package_stays_a_link(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    (folder / "current").symlink_to("public")
    [link] = [file for file in read_package(folder).files if file.target]
    assert (link.name, link.target) == ("current", "public")


@pytest.mark.parametrize("target", ["/etc/passwd", "../../other"])
def test_a_link_out_of_the_package_is_refused(tmp_path: Path, target: str) -> None:
    folder = site(tmp_path / "site")
    (folder / "away").symlink_to(target)
    assert problems(folder) == [f"away is a link to {target}, which is not in the package"]


def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    assert problems(tmp_path / "a.zip") == ["the archive has ../../etc/passwd, which leads out of it"]
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("/etc/passwd"), io.BytesIO())
    assert problems(tmp_path / "a.tar") == ["the archive has /etc/passwd, which leads out of it"]


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path / "none") == ["there is no such folder or archive"]
    (tmp_path / "text").write_text("hello")
    assert problems(tmp_path / "text") == [
        "it is neither a folder nor an archive (.zip, .tar, .tar.gz, .tar.bz2, .tar.xz)"
    ]
    (tmp_path / "empty").mkdir()
    assert problems(tmp_path / "empty") == ["it has no ha-web.yaml, which says how the application is started"]


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("start: ./missing\n", "start is ./missing; there is no missing in the package"),
        (
            "start: public/index.html --all\n",
            "start is public/index.html --all; public/index.html is not executable: chmod +x public/index.html",
        ),
        ("start: ./serve\ninstall: ./setup\n", "install is ./setup; there is no setup in the package"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused(tmp_path: Path, manifest: str, reason: str) -> None:
    assert problems(site(tmp_path / "site", manifest)) == [reason]


@pytest.mark.parametrize("start", ["node server.js", "/usr/bin/php -S", "$HOME/x"])
def test_a_command_of_the_system_is_left_to_the_server(tmp_path: Path, start: str) -> None:
    assert read_package(site(tmp_path / "site", f"start: {start}\n")).manifest.start == start


def test_what_install_makes_need_not_be_in_the_package(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", "start: venv/bin/python -m shop\ninstall: ./serve\n")
    assert read_package(folder).manifest.start == "venv/bin/python -m shop"


def executable(path: Path, machine: int) -> None:
    path.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little") + bytes(40))
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("machine", "wanted", "fits"), [(ARM, "arm64", True), (X86, "arm64", False), (X86, None, True)]
)
def test_a_program_for_other_processors_is_refused(
    tmp_path: Path, machine: int, wanted: str | None, fits: bool
) -> None:
    folder = site(tmp_path / "site")
    executable(folder / "serve", machine)
    if fits:
        read_package(folder, wanted)
    else:
        assert problems(folder, wanted) == ["serve was compiled for x86_64; the servers' instance type is arm64"]


def test_a_package_that_says_another_architecture_is_refused(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", "start: ./serve\narchitecture: x86_64\n")
    assert problems(folder, "arm64") == ["ha-web.yaml: architecture is x86_64; the servers' instance type is arm64"]


def test_what_cannot_be_uploaded_at_once_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = site(tmp_path / "site")
    with (folder / "film").open("wb") as film:
        os.truncate(film.fileno(), 5 * 1024**3)  # a sparse file
    assert problems(folder) == ["it has 5.0 GiB; at most 4 can be uploaded"]
