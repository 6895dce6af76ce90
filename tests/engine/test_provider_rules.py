"""Production and its variants, from nothing, held against what the real provider's schema refuses at preview."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.provider.refusals import of_entry, of_schema
from rehearsal.emulator import process
from rehearsal.engine import EngineError
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure
from tests.engine.conftest import Config, copy_project
from tests.engine.judging import empty_stack

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

Preview = Callable[[Config], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """The resources that a preview of changed settings would create."""
    root = tmp_path_factory.mktemp("provider-rules")
    home = Home(root / "home", ensure())
    home.prepare()
    emulator, project = process.start(home.root), copy_project(root / "project")
    config = yaml.safe_load((CHECKOUT / "Pulumi.prod.yaml").read_text())["config"]

    def of(changed: Config) -> list[dict[str, Any]]:
        edited = {**config, **NAMES, **{f"ha-web:{key}": value for key, value in changed.items()}}
        edited.pop("ha-web:objectives")
        given = {key: value for key, value in edited.items() if value is not None}
        engine = empty_stack(home, emulator, project, "prod", given)
        shown = engine.run("preview", "--json", "--stack", "prod", capture=True)
        return [step["newState"] for step in json.loads(shown)["steps"] if "newState" in step]

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


def test_udp_with_a_failover_is_refused_by_the_settings(preview: Preview) -> None:
    with pytest.raises(EngineError) as refused:
        preview({"protocol": "udp", "port": 5000, "waf": None})
    assert "ha-web:protocol" in json.loads(refused.value.output)["diagnostics"][0]["message"]
