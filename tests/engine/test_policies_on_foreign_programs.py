"""The policy pack on well-built programs that never heard of ha_web: nothing stops them, and no rule fails."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from rehearsal.emulator import process
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure
from tests.engine import yaml_host
from tests.engine.judging import Judgement, empty_stack, judge
from tests.engine.lenient_aws import lenient_aws

pytestmark = pytest.mark.xdist_group("policies-on-foreign-programs")
PROGRAMS = CHECKOUT / "tests" / "engine" / "foreign"
ADVISED = {
    "static_site": {"bucket-has-a-lifecycle", "bucket-logs-access", "bucket-own-key"},
    "container_service": {"target-group-checks-over-tls", "target-group-speaks-tls"},
    "serverless": set(),
    "vpc": set(),
    "database": set(),
    "website.yaml": {"bucket-logs-access", "bucket-own-key", "bucket-policy-demands-tls"},
    "queue_worker.yaml": set(),
}
"""By program, what it is advised: each is true of it, and a matter of taste."""

Judge = Callable[[str], Judgement]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Previews a program from nothing."""
    home = Home(tmp_path_factory.mktemp("foreign"), ensure())
    home.prepare()
    yaml_host.add_to(home)
    emulator = process.start(home.root)

    @cache
    def preview(name: str) -> Judgement:
        project = _project(home.root / name.replace("_", "-").removesuffix(".yaml"), name)
        recovery = {"recovery-worst-cases": "advisory"}
        return judge(empty_stack(home, emulator, project, "dev", {}), config=recovery, environment=environment)

    try:
        with lenient_aws(emulator) as environment:
            yield preview
    finally:
        process.stop(home.root)


def _project(folder: Path, name: str) -> Path:
    folder.mkdir()
    if name.endswith(".yaml"):
        (folder / "Pulumi.yaml").write_text((PROGRAMS / name).read_text())
        return folder
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": folder.name, "runtime": "python"}))
    (folder / "__main__.py").write_text((PROGRAMS / f"{name}.py").read_text())
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")
    return folder


@pytest.mark.parametrize("name", ADVISED)
def test_a_well_built_program_is_stopped_by_nothing_and_advised_what_is_true(name: str, judged: Judge) -> None:
    found = judged(name)

    assert [finding for finding in found.findings if finding.level == "mandatory"] == []
    assert not found.failed, found.output[-3000:]
    said = {finding.rule for finding in found.findings if not finding.is_unknown}
    assert said - {"recovery-worst-cases"} == ADVISED[name]
    assert [finding.message for finding in found.findings if "was skipped" in finding.message] == []


@pytest.mark.parametrize(
    ("name", "sums"),
    [
        (
            "container_service",
            ["loss of a server: down 25 s", "loss of a zone: down 25 s", "loss of a region: cannot tell"],
        ),
        ("database", ["loss of a zone: down 1 m", "loss of a region: cannot tell"]),
    ],
)
def test_its_worst_cases_are_summed_up(name: str, sums: list[str], judged: Judge) -> None:
    messages = [each.message for each in judged(name).findings if each.rule == "recovery-worst-cases"]

    assert [any(expected in message for message in messages) for expected in sums] == [True] * len(sums)
