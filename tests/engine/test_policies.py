"""The policy pack on the real engine: what it finds in a poor site, that it finds nothing in ours, and its config."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from resilience.rules import ALL

from rehearsal.emulator import process
from rehearsal.engine import Engine
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure
from tests.engine.conftest import Config, copy_project
from tests.engine.judging import Judgement, empty_stack, judge
from tests.engine.lenient_aws import lenient_aws
from tests.engine.poor_cluster.planted import CONFIG, PLANTED, STACK, UNKNOWN
from tools import compliance

pytestmark = pytest.mark.xdist_group("policies")
NAMES = {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com", "ha-web:notify": ["ops@example.com"]}
"""What a user sets before the first `pulumi up`."""
EXEMPTED = {"exemptions-in-use"}
"""What lists the findings that a written reason let pass."""
MENDING = {rule.name for rule in ALL if rule.remedy}
REASON = "it is rebuilt every night"
DOCUMENTS = {
    "bucket-policy-closed",
    "bucket-policy-demands-tls",
    "bucket-policy-keeps-its-owner-in",
    "bucket-policy-not-handed-over",
    "key-policy-closed",
    "policy-not-everything",
    "role-not-for-everybody",
    "server-user-data-without-secrets",
    "service-acts-for-its-account",
    "topic-policy-closed",
    "topic-policy-of-one-account",
}
"""Rules that read texts in which our program puts ARNs and host names: such a text is unknown as a whole."""


@dataclass(frozen=True)
class Rig:
    """A home and an emulated AWS in which nothing stands."""

    home: Home
    emulator: process.Emulator


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    home = Home(tmp_path_factory.mktemp("policies"), ensure())
    home.prepare()
    try:
        yield Rig(home, process.start(home.root))
    finally:
        process.stop(home.root)


JudgePoor = Callable[[Config], Judgement]


@pytest.fixture(scope="module")
def poor(rig: Rig) -> Iterator[JudgePoor]:
    """Judges the poor site by a policy config."""
    project = shutil.copytree(CHECKOUT / "tests" / "engine" / "poor_cluster", rig.home.root / "poor")
    (project / ".venv").symlink_to(CHECKOUT / ".venv")
    engine = empty_stack(rig.home, rig.emulator, project, "dev", STACK)
    with lenient_aws(rig.emulator) as environment:
        yield lambda config: judge(engine, config=config, environment=environment)


@pytest.fixture(scope="module")
def poor_as_it_is(poor: JudgePoor) -> Judgement:
    return poor(CONFIG)


@pytest.fixture(scope="module")
def ours(rig: Rig) -> Path:
    return copy_project(rig.home.root / "ours")


def ours_on(rig: Rig, ours: Path, stack: str) -> Engine:
    """Our program with a stack's settings; nothing of it stands."""
    config = yaml.safe_load((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return empty_stack(rig.home, rig.emulator, ours, stack, {**config, **NAMES})


def test_every_planted_fault_is_found_and_nothing_else(poor_as_it_is: Judgement) -> None:
    assert poor_as_it_is.named() == PLANTED
    assert poor_as_it_is.failed


def test_every_rule_is_planted() -> None:
    assert sorted(PLANTED) == sorted(rule.name for rule in ALL)


def test_what_depends_on_a_value_that_is_not_known_yet_is_advice(poor_as_it_is: Judgement) -> None:
    unknown = [finding for finding in poor_as_it_is.findings if finding.is_unknown]

    assert {(finding.rule, finding.resource, finding.level) for finding in unknown} == UNKNOWN


@pytest.fixture(scope="module")
def production(rig: Rig, ours: Path) -> Judgement:
    """Production from nothing."""
    return judge(ours_on(rig, ours, "prod"), config=compliance.PRODUCTION)


def test_no_finding_shows_a_secret(poor_as_it_is: Judgement) -> None:
    assert [finding for finding in poor_as_it_is.findings if "correct-horse" in finding.message] == []


def test_production_from_nothing_has_no_finding(production: Judgement) -> None:
    assert production.named().keys() - EXEMPTED == set()
    assert not production.failed, production.output[-2000:]


def test_of_production_from_nothing_only_documents_with_arns_in_them_are_not_known_yet(production: Judgement) -> None:
    assert {finding.rule for finding in production.findings if finding.is_unknown} == DOCUMENTS


def test_every_reason_is_needed_and_shown(production: Judgement) -> None:
    [shown] = [found for rule, found in production.named().items() if rule in EXEMPTED] or [[]]
    messages = [finding.message for finding in production.findings if finding.rule in EXEMPTED]

    assert shown
    unused = [name for name in compliance.reasons() if not any(f"exempt from {name}:" in each for each in messages)]
    assert unused == []


def test_development_from_nothing_has_no_finding_by_its_profile(rig: Rig, ours: Path) -> None:
    judged = judge(ours_on(rig, ours, "dev"), config=compliance.DEVELOPMENT)

    assert judged.named().keys() - EXEMPTED == set()
    assert not judged.failed, judged.output[-2000:]


@pytest.fixture(scope="module")
def poor_as_configured(poor: JudgePoor) -> Judgement:
    mending: Config = {name: {"enforcementLevel": "remediate"} for name in MENDING}
    mending["resource-has-required-tags"]["required"] = {"owner": "shop"}
    mending["balancer-deletion-protection"]["exempt"] = [{"resource": "web", "reason": REASON}]
    return poor({**mending, "balancer-detects-failures-in-time": {"secnds": 60}})


def test_an_exemption_lets_a_resource_pass_and_is_shown_with_its_reason(poor_as_configured: Judgement) -> None:
    [shown] = [finding for finding in poor_as_configured.findings if finding.rule == "exemptions-in-use"]
    assert (shown.resource, shown.level) == ("web", "advisory")
    assert f"exempt from balancer-deletion-protection: {REASON}" in shown.message


def test_a_setting_that_does_not_exist_is_told(poor_as_configured: Judgement) -> None:
    [told] = [finding for finding in poor_as_configured.findings if "policy config" in finding.message]
    assert (told.rule, told.level) == ("balancer-detects-failures-in-time", "mandatory")
    assert "there is no setting `secnds`; did you mean `seconds`?" in told.message


def test_every_remedy_changes_the_plan_so_that_its_rule_is_met(poor_as_configured: Judgement) -> None:
    assert {event["policyName"] for event in poor_as_configured.of("policyRemediationEvent")} == MENDING
    assert MENDING & set(poor_as_configured.named()) == set()


def test_what_is_mended_is_what_is_planned(poor_as_configured: Judgement) -> None:
    planned = poor_as_configured.planned
    tokens = {"httpEndpoint": "enabled", "httpTokens": "required"}
    assert planned("aws:ec2/launchTemplate:LaunchTemplate", "web")["metadataOptions"] == tokens
    assert planned("aws:kms/key:Key", "shop")["enableKeyRotation"] is True
    [tag] = planned("aws:autoscaling/group:Group", "web")["tags"]
    assert (tag["key"], tag["value"]) == ("owner", "shop")


def test_what_is_exempt_is_not_mended(poor_as_configured: Judgement) -> None:
    planned = poor_as_configured.planned
    assert planned("aws:lb/loadBalancer:LoadBalancer", "api")["enableDeletionProtection"] is True
    assert "enableDeletionProtection" not in planned("aws:lb/loadBalancer:LoadBalancer", "web")


def test_nothing_is_mended_unless_the_config_says_so(poor_as_it_is: Judgement) -> None:
    assert poor_as_it_is.of("policyRemediationEvent") == []
    assert poor_as_it_is.planned("aws:ec2/launchTemplate:LaunchTemplate", "web")["metadataOptions"] == {
        "httpTokens": "optional"
    }


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            {"balancer-deletion-protection": {"exempt": [{"resource": "web"}]}},
            "balancer-deletion-protection: exempt.0: reason is required",
        ),
        (
            {"balancer-detects-failures-in-time": {"seconds": 1}},
            "balancer-detects-failures-in-time: seconds: Must be greater than or equal to 5",
        ),
        (
            {"balancer-detects-failures-in-time": {"seconds": "quick"}},
            "balancer-detects-failures-in-time: seconds: Invalid type. Expected: number, given: string",
        ),
    ],
)
def test_a_value_that_can_not_be_is_refused_with_rule_and_setting(poor: JudgePoor, config: Config, told: str) -> None:
    judged = poor(config)

    assert judged.failed
    assert told in judged.output
    assert judged.of("resourcePreEvent") == []
