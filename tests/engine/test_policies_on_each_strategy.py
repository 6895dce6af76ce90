"""The policy pack on production with each strategy, edge, protocol and kind of failover: nothing without a reason."""

from collections.abc import Callable, Iterator

import pytest
import yaml

from rehearsal.emulator import process
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure
from tests.engine.conftest import Config, copy_project
from tests.engine.judging import Finding, Judgement, empty_stack, judge
from tools import compliance

pytestmark = [pytest.mark.xdist_group("policies-on-strategies"), pytest.mark.timeout(600)]

NAMES = {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com", "ha-web:notify": ["ops@example.com"]}
EXEMPTIONS = "exemptions-in-use"
"""What lists the findings that a written reason let pass."""
DURABLE = {"nodeType": "db.r7g.xlarge", "nodes": 3, "durable": True}
CLOUDFLARE: Config = {
    "cloudflare:apiToken": "rehearsal",
    "cloudflare:baseUrl": "http://127.0.0.1:9/client/v4",
    "ha-web:edge": "cloudflare",
    "ha-web:failover": "manual",
    "ha-web:cloudflare": {"accountId": "0" * 31 + "1", "zoneId": "0" * 31 + "2"},
}
ONE_REGION: Config = {"strategy": None, "standby": None, "failover": None}
OF_AN_IMAGE: Config = {
    "application": {"image": "ami-0123456789abcdef0", "port": 9000},
    "servers": {"instanceType": "m7g.large", "minimum": 3, "maximum": 12},
}
"""An application that is in an image may speak anything."""

VARIANTS: dict[str, tuple[Config, set[str]]] = {
    "one region": (ONE_REGION, {"one region"}),
    "one region, udp": (
        {**ONE_REGION, **OF_AN_IMAGE, "protocol": "udp", "port": 4433, "waf": None},
        {"one region", "protocol udp"},
    ),
    "backup and restore, regional NAT": (
        {"strategy": "backup-restore", "failover": "manual", "nat": "regional"},
        {"strategy backup-restore"},
    ),
    "pilot light, a plan of Region switch": ({"strategy": "pilot-light", "failover": "region-switch"}, set()),
    "pilot light, by hand, grpc": (
        {**OF_AN_IMAGE, "strategy": "pilot-light", "failover": "manual", "protocol": "grpc"},
        set(),
    ),
    "warm standby, by hand, tcp": (
        {"protocol": "tcp", "port": 8443, "waf": None, "failover": "manual"},
        {"protocol tcp"},
    ),
    "warm standby, by hand, tls": ({"protocol": "tls", "waf": None, "failover": "manual"}, set()),
    "warm standby, air-gapped copies, files": (
        {"storage": {}, "backup": {"airGapped": True}},
        {"backup airGapped", "storage"},
    ),
    "warm standby, Cloudflare": (CLOUDFLARE, {"edge cloudflare"}),
    "active-active, durable sessions": ({"strategy": "active-active", "sessions": DURABLE}, set()),
}
"""Settings that differ from production's, and the choices of docs/compliance.md that they make.

The objectives are left out, since not every variant keeps them.
"""

Judge = Callable[[Config, set[str]], Judgement]


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Judges production with changed settings, by what production is judged by."""
    root = tmp_path_factory.mktemp("policies-on-strategies")
    home = Home(root / "home", ensure())
    home.prepare()
    emulator, project = process.start(home.root), copy_project(root / "project")
    production = yaml.safe_load((CHECKOUT / "Pulumi.prod.yaml").read_text())["config"]

    def judged(changed: Config, choices: set[str]) -> Judgement:
        given = {key if ":" in key else f"ha-web:{key}": value for key, value in changed.items()}
        edited = {**production, **NAMES, "ha-web:objectives": None, **given}
        config = {key: value for key, value in edited.items() if value is not None}
        return judge(empty_stack(home, emulator, project, "prod", config), config=compliance.config({}, choices))

    try:
        yield judged
    finally:
        process.stop(home.root)


@pytest.mark.parametrize(("changed", "choices"), VARIANTS.values(), ids=VARIANTS)
def test_nothing_is_found_without_a_written_reason_and_each_reason_is_needed(
    of: Judge, changed: Config, choices: set[str]
) -> None:
    judged = of(changed, choices)

    assert {(each.rule, each.resource, each.message) for each in judged.findings if _is_a_finding(each)} == set()
    assert not judged.failed, [event["message"] for event in judged.of("diagnosticEvent")]
    passed = "\n".join(each.message for each in judged.findings if each.rule == EXEMPTIONS)
    reasons = {rule for choice in choices for rule in compliance.choices()[choice]}
    assert {rule for rule in reasons if f"exempt from {rule}:" not in passed} == set()


def test_every_choice_is_tried() -> None:
    assert set(compliance.choices()) == {choice for _, choices in VARIANTS.values() for choice in choices}


def _is_a_finding(finding: Finding) -> bool:
    return not finding.is_unknown and finding.rule != EXEMPTIONS
