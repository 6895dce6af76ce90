"""The policy pack on our own stack as it stands: everything is known."""

import json
from pathlib import Path

import pytest

from tests.engine.conftest import Site
from tests.engine.judging import PACK, judge
from tools import compliance

pytestmark = pytest.mark.xdist_group("site")


def test_our_own_stack_has_no_finding_without_a_written_reason(site: Site) -> None:
    judged = judge(site.engine, config=compliance.PRODUCTION)

    assert {finding.rule for finding in judged.findings} == {"exemptions-in-use"}
    assert not judged.failed, judged.output[-2000:]


def test_what_stands_can_be_judged_without_its_program(site: Site, tmp_path: Path) -> None:
    strict = tmp_path / "config.json"
    strict.write_text(json.dumps({"log-group-keeps-entries": {"days": 3653}}))
    flags = ["--policy-pack", str(PACK), "--policy-pack-config", str(strict), "--stack", site.engine.stack]

    shown = site.engine.run("policy", "analyze", *flags, capture=True)

    assert "log-group-keeps-entries" in shown
    assert "mandatory" not in shown
