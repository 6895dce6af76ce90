"""User data, run for real in a folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ha_web.fleet.user_data import LIMIT_BYTES, build_user_data

NASTY = {
    "SPACES": "  a b  ",
    "SINGLE": "it's",
    "DOUBLE": 'say "hi"',
    "DOLLAR": "$HOME ${PATH} $(id) `id`",
    "BACKSLASH": "a\\b\\\\c\\",
    "NEWLINE": "one\ntwo\n",
    "HERE": "x\nHA_WEB_ENVIRONMENT\ntouch /tmp/escaped",
    "SYMBOLS": "#;&|<>*?[]{}()!~%^=+",
    "UNICODE": "Größe 日本",
    "EMPTY": "",
    "SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf",
}
DUMP = f"#!{sys.executable}\nimport json, os, sys\njson.dump(dict(os.environ), open(os.environ['DUMP_TO'], 'w'))\n"


def run(script: str, root: Path) -> dict[str, str]:
    dumped = root / "dumped.json"
    surroundings = {"PATH": os.environ["PATH"], "HA_WEB_ROOT": str(root), "DUMP_TO": str(dumped)}
    subprocess.run(["bash"], input=script.encode(), env=surroundings, check=True, capture_output=True)
    found: dict[str, str] = json.loads(dumped.read_text())
    return found


@pytest.mark.parametrize("name", sorted(NASTY))
def test_every_value_reaches_the_application_as_it_is(name: str, tmp_path: Path) -> None:
    assert run(build_user_data({name: NASTY[name]}, DUMP), tmp_path)[name] == NASTY[name]


def test_all_settings_arrive_together(tmp_path: Path) -> None:
    found = run(build_user_data(NASTY, DUMP), tmp_path)
    assert {name: found.get(name) for name in NASTY} == NASTY


def test_only_root_reads_the_settings_and_the_start_script(tmp_path: Path) -> None:
    run(build_user_data({"A": "b"}, DUMP), tmp_path)
    assert (tmp_path / "etc/ha-web/environment").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "etc/ha-web/start").stat().st_mode & 0o777 == 0o700


def test_the_file_is_one_that_systemd_reads(tmp_path: Path) -> None:
    run(build_user_data({"A": 'x "y" $z `w` \\', "B": "plain"}, DUMP), tmp_path)
    lines = (tmp_path / "etc/ha-web/environment").read_text().splitlines()
    assert lines == [r'A="x \"y\" \$z \`w\` \\"', 'B="plain"']


def test_a_start_script_with_here_documents_of_its_own_arrives_whole(tmp_path: Path) -> None:
    inner = "#!/bin/bash\ncat >/dev/null <<'HA_WEB_START'\nHA_WEB_START_1\nHA_WEB_START\n"
    text = inner + f"exec {sys.executable} -c \"import json, os; json.dump(dict(os.environ), open('$DUMP_TO', 'w'))\""
    assert run(build_user_data({"A": "b"}, text), tmp_path)["A"] == "b"
    assert (tmp_path / "etc/ha-web/start").read_text() == text + "\n"


def test_a_start_script_that_fails_fails_the_boot(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash"],
        input=build_user_data({}, "#!/bin/bash\nexit 7").encode(),
        env={"PATH": os.environ["PATH"], "HA_WEB_ROOT": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 7


def test_the_order_of_settings_does_not_change_the_script_and_so_rolls_no_fleet() -> None:
    assert build_user_data({"A": "1", "B": "2"}, DUMP) == build_user_data({"B": "2", "A": "1"}, DUMP)


@pytest.mark.parametrize(
    ("environment", "script", "reason"),
    [
        ({"MY-NAME": "x"}, DUMP, 'environment has "MY-NAME"; names are letters, digits and _'),
        ({"1ST": "x"}, DUMP, 'environment has "1ST"'),
        ({"A": "x\0y"}, DUMP, "environment.A has a null character"),
        ({"A": None}, DUMP, "environment.A is None; it must be a string"),
        ({}, " \n", "start_script is empty"),
        ({}, "#" * LIMIT_BYTES, f"EC2 takes {LIMIT_BYTES}"),
        ({"A": "ß" * (LIMIT_BYTES // 2)}, DUMP, f"EC2 takes {LIMIT_BYTES}"),
    ],
)
def test_what_no_server_could_run_is_refused(environment: Any, script: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as error:
        build_user_data(environment, script)
    assert reason in str(error.value)
