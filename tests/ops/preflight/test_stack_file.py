"""A stack file as needs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.core.errors import NOT_ASKED, OpsError
from ops.preflight.stack_file import read_site
from tests.ops.preflight import fakes


def write(folder: Path, config: dict[str, object], stack: str = "prod") -> Path:
    (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config}))
    return folder


def ours(**changes: object) -> dict[str, object]:
    return {f"ha-web:{key}": value for key, value in {**fakes.PROD, **changes}.items()}


def test_a_stack_file_is_read_as_the_program_reads_it(tmp_path: Path) -> None:
    site = read_site("prod", write(tmp_path, {**ours(), "aws:allowedAccountIds": [123456789012]}))
    assert site == fakes.site(accounts=("123456789012",))


def test_a_missing_file_and_wrong_settings_are_one_error_with_all_that_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {"ha-web:zones": "many"}, "dev")
    with pytest.raises(OpsError, match=r"there is no Pulumi.prod.yaml; stack files here are those of dev"):
        read_site("prod", tmp_path)
    with pytest.raises(OpsError, match="ha-web:domain is missing") as error:
        read_site("dev", tmp_path)
    assert "; nothing was changed: (1) ha-web:" in str(error.value)
    assert '(4) ha-web:zones is "many"' in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: {a: [", "is no YAML (line 1: expected the node content"),
        ("config: [a]", "is no stack file"),
        ("[1]", "is no stack file"),
        ("a\0", "is no stack file"),
    ],
)
def test_a_file_that_is_no_stack_file_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text(text)
    with pytest.raises(OpsError) as error:
        read_site("prod", tmp_path)
    assert str(error.value).startswith(f"Pulumi.prod.yaml: {said}")
    assert error.value.code == NOT_ASKED


def test_the_checkouts_own_stack_file_of_the_rehearsal_can_be_read() -> None:
    primary, standby = read_site("local").places
    assert (primary.zonal_gateways, primary.refreshing, primary.maximum) == (3, 4, 12)
    assert (primary.runs, standby.runs) == (0, 2)
    assert primary.backed_up == standby.backed_up == ("Aurora",)


@pytest.mark.parametrize(("minimum", "refreshing"), [(3, 4), (10, 11), (20, 22), (25, 27)])
def test_a_refresh_has_a_tenth_of_the_servers_more_and_at_least_one(minimum: int, refreshing: int) -> None:
    site = fakes.site(servers={"minimum": minimum, "maximum": 40})
    assert site.places[0].refreshing == refreshing


@pytest.mark.parametrize(
    ("changes", "runs"),
    [
        ({}, (0, 2)),
        ({"failover": "manual"}, (0, 2)),
        ({"failover": "region-switch", "objectives": {}}, (1, 3)),
        ({"failover": "manual", "strategy": "backup-restore"}, (0, 0)),
        ({"standby": None, "failover": None}, (0,)),
    ],
)
def test_runs_of_the_failovers_functions_are_counted_where_they_are(
    changes: dict[str, Any], runs: tuple[int, ...]
) -> None:
    assert tuple(place.runs for place in fakes.site(**changes).places) == runs


def test_cloudflares_networks_are_rules_for_each_port() -> None:
    cloudflare = {"accountId": "a" * 32, "zoneId": "b" * 32}
    locked = fakes.site(edge="cloudflare", cloudflare=cloudflare, failover=None)
    assert [place.rules for place in locked.places] == [30, 30]
    assert [place.rules for place in fakes.site(protocol="tcp", port=5000).places] == [1, 1]
