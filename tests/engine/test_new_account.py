"""The stack in an account that is new: what AWS's quotas stop in an `up` is what preflight said before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.engine import EngineError
from tests.engine.conftest import Site, stand_up

pytestmark = [pytest.mark.xdist_group("new-account"), pytest.mark.timeout(600)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The stack `local` in a new account; nothing is deployed yet."""
    engine = stand_up(tmp_path / "site")
    engine.emulator.be_new()
    try:
        yield Site(engine, Account(engine.emulator))
    finally:
        process.stop(engine.home.root)


def preflight(site: Site) -> list[str]:
    """What preflight says will fail."""
    engine = site.engine
    command = [sys.executable, "-m", "ops", "preflight", "--stack", engine.stack]
    done = subprocess.run(
        command, cwd=engine.project, env=engine.environment(), capture_output=True, text=True, check=False
    )
    assert "against the emulated AWS" in done.stdout, done.stdout + done.stderr
    found = [line for line in done.stdout.splitlines() if line.startswith("will fail")]
    assert (done.returncode != 0) == bool(found)
    return found


def test_an_up_fails_by_the_quota_that_preflight_names(site: Site) -> None:
    said = preflight(site)
    assert [line.split()[3] for line in said] == ["vCPUs:", "vCPUs:"]  # and neither addresses nor concurrency
    assert [line for line in said if "too few from the minimum of 3 on" not in line] == []
    with pytest.raises(EngineError, match="more vCPU capacity than your current vCPU limit of 5 allows"):
        site.engine.up(capture=True)


def test_an_up_passes_where_preflight_sees_room(site: Site) -> None:
    file = site.config
    file["config"]["ha-web:zones"] = 2
    file["config"]["ha-web:servers"] |= {"minimum": 2, "load": 1}
    file["config"].pop("ha-web:objectives")
    site.stack_file.write_text(yaml.safe_dump(file))
    assert [line for line in preflight(site) if "too few from a refresh on" not in line] == []
    site.engine.up(capture=True)
