"""Production and its variants, from nothing, held against what the real provider's schema refuses at preview."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.aws_plugin.behaviour import LEFT_TO_THE_PROVIDER
from rehearsal.aws_plugin.provider.refusals import blocks_at, of_entry, of_schema
from rehearsal.emulator import process
from rehearsal.engine import EngineError
from rehearsal.home import CHECKOUT, Home
from rehearsal.plugin.conventions import UNKNOWN
from rehearsal.pulumi_cli import ensure
from tests.engine.conftest import Config, copy_project
from tests.engine.judging import empty_stack
from tools.rehearsal_fidelity import stricter

pytestmark = [pytest.mark.xdist_group("provider-rules"), pytest.mark.timeout(600)]
NAMES = {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com", "ha-web:notify": ["ops@example.com"]}
VARIANTS: dict[str, Config] = {
    "production": {},
    "tcp": {"protocol": "tcp", "port": 7000, "waf": None, "failover": "manual"},
    "tls": {"protocol": "tls", "waf": None, "failover": "manual"},
    "durable sessions": {"sessions": {"nodeType": "db.r7g.xlarge", "nodes": 3, "durable": True}},
    "region switch": {"failover": "region-switch"},
    "storage": {"storage": {}},
    "regional NAT": {"nat": "regional"},
    "backup and restore": {"strategy": "backup-restore", "failover": "manual"},
    "air-gapped copies": {"backup": {"airGapped": True}},
}
"""Settings that differ from production's; the objectives are left out, since not every variant keeps them."""

REPLACED_HERE_ONLY = {
    ("Certificate", "domainName"),  # the provider asks for a new certificate as well, in its own code
    ("Subnet", "ipv6CidrBlock"),  # replaced unless it was none before, in the provider's own code
    ("Vpc", "assignGeneratedIpv6CidrBlock"),
}
"""Type and argument for which the rehearsal is stricter than the provider."""

Preview = Callable[[Config], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """The resources that a preview of changed settings would create."""
    root = tmp_path_factory.mktemp("provider-rules")
    home = Home(root / "home", ensure())
    home.prepare()
    emulator, project = process.start(home.root), copy_project(root / "project")
    config = yaml.safe_load((CHECKOUT / "Pulumi.prod.yaml").read_text())["config"]

    @cache
    def steps_of(settings: str) -> list[dict[str, Any]]:
        engine = empty_stack(home, emulator, project, "prod", json.loads(settings))
        shown = engine.run("preview", "--json", "--stack", "prod", capture=True).replace("[secret]", UNKNOWN)
        return [step["newState"] for step in json.loads(shown)["steps"] if "newState" in step]

    def of(changed: Config) -> list[dict[str, Any]]:
        edited = {**config, **NAMES, **{f"ha-web:{key}": value for key, value in changed.items()}}
        edited.pop("ha-web:objectives")
        return steps_of(json.dumps({key: value for key, value in edited.items() if value is not None}))

    try:
        yield of
    finally:
        process.stop(home.root)


@pytest.mark.parametrize("changed", VARIANTS.values(), ids=VARIANTS)
def test_the_real_provider_would_refuse_no_input(preview: Preview, changed: Config) -> None:
    resources = [each for each in preview(changed) if each["type"].startswith("aws:")]
    assert len(resources) > 100
    refused = {
        (each["type"], each["urn"].rpartition("::")[2], found.path, found.reason)
        for each in resources
        for found in (
            *of_schema(each["type"], each["inputs"]),
            *of_entry(registry.type_of(each["type"]).refuse, each["inputs"]),
        )
    }
    assert refused == set()


def inputs_of_production(preview: Preview) -> dict[str, set[str]]:
    """Type -> the arguments that any resource of production gives or has filled in."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in preview(VARIANTS["production"]):
        if each["type"].startswith("aws:"):
            found[each["type"]] |= set(each["inputs"])
    return found


def test_each_default_that_production_leaves_to_the_provider_was_decided(preview: Preview) -> None:
    """A new one is set in the component, or goes into LEFT_TO_THE_PROVIDER with the reason why it is right."""
    left = {
        (token, name)
        for token, given in inputs_of_production(preview).items()
        for name, fact in provider_rules.of(token).arguments.items()
        if "." not in name and fact.default is not None and name not in given
    }
    left |= {
        (each["type"], path)
        for each in preview(VARIANTS["production"])
        for path, fact in provider_rules.of(each["type"]).arguments.items()
        if "." in path and fact.default is not None
        for _, block in blocks_at(each["inputs"], path.rpartition(".")[0])
        if block.get(path.rpartition(".")[2]) is None
    }
    decided = {(token, name) for token, arguments in LEFT_TO_THE_PROVIDER.items() for name in arguments}
    assert left - decided == set()


def test_of_what_production_gives_little_replaces_here_and_not_with_the_provider(preview: Preview) -> None:
    found = {
        (token.rpartition(":")[2], name)
        for token, given in inputs_of_production(preview).items()
        for name in given & set(stricter(token))
    }
    assert found <= REPLACED_HERE_ONLY


def test_udp_with_a_failover_is_refused_by_the_settings(preview: Preview) -> None:
    with pytest.raises(EngineError) as refused:
        preview({"protocol": "udp", "port": 5000, "waf": None})
    assert "ha-web:protocol" in json.loads(refused.value.output)["diagnostics"][0]["message"]
