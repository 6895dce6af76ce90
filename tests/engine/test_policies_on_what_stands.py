"""The policy pack on our own stack as it stands: everything is known."""

from pathlib import Path

import pytest

from tests.engine.conftest import Config, Site
from tests.engine.judging import PACK, judge

pytestmark = pytest.mark.xdist_group("site")


def test_our_own_stack_has_no_finding(site: Site, tmp_path: Path) -> None:
    def somebody_hears(config: Config) -> None:
        config["ha-web:notify"] = ["ops@example.com"]

    judged = judge(site.engine, "--config-file", str(site.edited(somebody_hears, tmp_path)))

    assert judged.findings == []
    assert not judged.failed, judged.output[-2000:]


def test_what_stands_can_be_judged_without_its_program(site: Site) -> None:
    shown = site.engine.run("policy", "analyze", "--policy-pack", str(PACK), "--stack", site.engine.stack, capture=True)

    assert "alarm-topic-has-subscribers" in shown
    assert "mandatory" not in shown
