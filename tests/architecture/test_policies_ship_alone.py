"""The pack is published by itself: it needs nothing but Python and Pulumi's policy SDK."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from resilience.rules import ALL

PACK = Path(__file__).parents[2] / "policies"
ALLOWED = {"google", "grpc", "pulumi", "pulumi_policy", "resilience"}
"""`google.protobuf`, `grpc` and `pulumi` come with Pulumi's policy SDK."""


def imported(source: Path) -> Iterator[str]:
    """The top-level packages that a module imports."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: imports are absolute"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("source", sorted(PACK.rglob("*.py")), ids=lambda path: str(path.relative_to(PACK)))
def test_a_module_imports_the_standard_library_and_pulumis_policy_sdk_only(source: Path) -> None:
    assert set(imported(source)) - set(sys.stdlib_module_names) - ALLOWED == set()


def test_a_copy_of_the_folder_has_all_rules(tmp_path: Path) -> None:
    pack = shutil.copytree(PACK, tmp_path / "pack", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        f"import json, sys; sys.path.insert(0, {str(pack)!r})\n"
        "import resilience, resilience.adapter\n"
        "from resilience.rules import ALL\n"
        "print(json.dumps([resilience.__file__, *(each.name for each in resilience.adapter.policies_of(ALL))]))"
    )

    # -I: neither the current folder nor PYTHONPATH; -P and the user's packages are out with it.
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path)

    file, *names = json.loads(done.stdout)
    assert file.startswith(str(pack))
    assert names == [*(rule.name for rule in ALL), "exemptions-in-use"]


def test_it_asks_for_the_policy_sdk_that_the_tests_run_with() -> None:
    from importlib import metadata

    [line] = [line for line in (PACK / "requirements.txt").read_text().splitlines() if not line.startswith("#")]

    assert line.split("#")[0].strip() == f"pulumi-policy=={metadata.version('pulumi-policy')}"


def test_pulumi_finds_its_project_file() -> None:
    project = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())

    assert project["runtime"] == "python"
    assert project["version"].count(".") == 2


def test_all_that_say_its_version_say_the_same() -> None:
    version = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["version"]

    assert yaml.safe_load((PACK / "resilience" / "pack" / "PulumiPolicy.yaml").read_text())["version"] == version
    assert tomllib.loads((PACK / "pyproject.toml").read_text())["project"]["version"] == version
    assert f"\n## {version} " in (PACK / "CHANGELOG.md").read_text()


def test_the_installed_package_tells_pulumi_where_its_pack_is(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    source = shutil.copytree(PACK, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([*pip, str(tmp_path / "installed"), str(source)], check=True, cwd=tmp_path)
    environment = {"PYTHONPATH": str(tmp_path / "installed")}

    told = subprocess.run(
        [sys.executable, "-m", "resilience"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, **environment},
    )

    folder = Path(told.stdout.strip())
    assert folder.is_relative_to(tmp_path / "installed")
    assert (folder / "PulumiPolicy.yaml").is_file()
    compile((folder / "__main__.py").read_text(), "pack", "exec")
    assert (folder.parent / "crosswalk.json").is_file()
