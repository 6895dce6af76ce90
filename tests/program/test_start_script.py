"""The application as a start script for user data."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ha_web.fleet.user_data import build_user_data

from program import start_script
from tests.app.stubs import ENVIRONMENT


def test_the_script_is_the_same_each_time_and_on_each_machine(tmp_path: Path) -> None:
    """Another folder, other times, modes and line ends, another process with another hash seed and locale."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(start_script.APP, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in copy.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
            path.chmod(0o600)
            os.utime(path, (1, 1))
    code = (
        "import pathlib, sys; from program.start_script import start_script; "
        "sys.stdout.write(start_script(pathlib.Path(sys.argv[1])))"
    )
    script = subprocess.run(
        [sys.executable, "-c", code, copy],
        cwd=start_script.APP.parent,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    ).stdout
    assert script.decode() == start_script.start_script()


def test_the_script_leaves_room_in_the_user_data() -> None:
    script = start_script.start_script()
    assert script.isascii()
    longest = dict.fromkeys(ENVIRONMENT, "x" * 100)
    user_data = build_user_data(longest, script)
    assert len(user_data) + 256 < start_script.SIZE_LIMIT


def test_files_that_are_no_part_of_the_application_do_not_change_the_script(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(start_script.APP, copy)
    (copy / "notes.txt").write_text("x")
    (copy / "ha_web_app" / "__pycache__").mkdir(exist_ok=True)
    (copy / "ha_web_app" / "__pycache__" / "gate.pyc").write_bytes(b"x")
    assert start_script.start_script(copy) == start_script.start_script()


def test_a_change_of_the_code_changes_the_script(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(start_script.APP, copy)
    gate = copy / "ha_web_app" / "gate.py"
    gate.write_text(gate.read_text().replace("pause: float = 0.25", "pause: float = 0.5"))
    assert start_script.start_script(copy) != start_script.start_script()


def test_a_change_of_a_comment_does_not(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(start_script.APP, copy)
    gate = copy / "ha_web_app" / "gate.py"
    changed = gate.read_text().replace("# A call from before", "# Any call from before")
    assert changed != gate.read_text()
    gate.write_text(changed)
    assert start_script.start_script(copy) == start_script.start_script()


@pytest.mark.parametrize("path", sorted((start_script.APP / "ha_web_app").glob("*.py")), ids=lambda path: path.name)
def test_what_is_left_of_a_module_is_the_same_program_on_the_same_lines(path: Path) -> None:
    def program(text: str) -> list[tuple[str, int]]:
        """Each statement but docstrings (and the dots that stand for one), with its line."""
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
        constants = [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
        leaves = [node for node in nodes if node not in constants and not hasattr(node, "body")]
        return [(ast.unparse(node), node.lineno) for node in leaves]

    text = path.read_text()
    left = start_script.lean(path.name, text)
    assert program(left) == program(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(ast.parse(left)) if isinstance(node, documented) and ast.get_docstring(node)]
    assert not re.search(r"^\s*#", left, re.MULTILINE)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(start_script.APP, copy)
    (copy / "requirements.lock").unlink()
    with pytest.raises(ValueError, match=r'^application ".*/app": requirements.lock is missing; the start script'):
        start_script.start_script(copy)


def test_an_application_that_grew_too_large_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "app"
    shutil.copytree(start_script.APP, copy)
    (copy / "ha_web_app" / "large.py").write_text(f"X = {os.urandom(4000).hex()!r}\n")
    with pytest.raises(ValueError, match=r"start script is \d+ bytes; user data holds 16384$"):
        start_script.start_script(copy)


def test_the_lock_has_hashes_for_all_and_names_no_registry() -> None:
    lock = (start_script.APP / "requirements.lock").read_text()
    assert not re.search(r"https?://|index-url|@ ", lock)
    packages = re.findall(r"^([a-z0-9-]+)==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z]", lock, re.MULTILINE))
    wanted = re.findall(r"^([a-z0-9-]+)==", (start_script.APP / "requirements.in").read_text(), re.MULTILINE)
    assert sorted(wanted) == ["starlette", "uvicorn", "valkey"]
    assert set(wanted) <= {name for name, _ in packages}


def test_the_shell_reads_both_scripts(tmp_path: Path) -> None:
    start = tmp_path / "start.sh"
    start.write_text(start_script.start_script())
    linter = shutil.which("shellcheck")
    for script in (start, start_script.APP / "install.sh"):
        subprocess.run(["bash", "-n", script], check=True)
        if linter:
            subprocess.run([linter, script], check=True)
