"""The versions that the drill releases: good, bad at boot, bad later."""

import subprocess

import pytest

from rehearsal.live.releases import user_data

GOOD = "#!/bin/bash\nset -euo pipefail\necho served\n"


def run(text: str) -> tuple[int, str]:
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("kind", "code", "printed"), [("good", 0, "served\n"), ("bad", 1, ""), ("later", 0, "served\n")]
)
def test_a_version_does_what_its_kind_says(kind: str, code: int, printed: str) -> None:
    assert run(user_data(GOOD, kind, 7, 5)) == (code, printed)


def test_versions_differ_though_they_serve_the_same() -> None:
    assert user_data(GOOD, "good", 7, 5) != user_data(GOOD, "good", 8, 5)


def test_later_is_as_many_seconds_here_as_the_pace_says() -> None:
    assert "(sleep 12.0; systemctl stop ha-web-app; exec python3 -" in user_data(GOOD, "later", 7, 12)
