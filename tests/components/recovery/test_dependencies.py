"""What a recovery asks on its way, and the refusal of one that asks the region that is lost."""

from dataclasses import replace
from typing import Any

import pytest
from ha_web.recovery.dependencies import (
    UNBAKED,
    Where,
    dependencies,
    dependency_table,
    launches,
    lost_region_problem,
)
from ha_web.recovery.facts import Edge, Facts, Failover
from ha_web.recovery.objectives import RecoveryObjectives
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.worst_cases import Failure, worst_cases

SITE = Facts(database=True, backup_continuous=True, baked=True)


def site(strategy: Strategy, primary: str = "eu-west-1", **changed: object) -> Facts:
    facts = replace(SITE, sizes=replace(SITE.sizes, regions=(primary, "eu-central-1")), **changed)  # type: ignore[arg-type]  # fields by name
    return facts.with_strategy(strategy)


def places(facts: Facts) -> set[Where]:
    return {each.where for each in dependencies(facts)}


@pytest.mark.parametrize("strategy", [Strategy.PILOT_LIGHT, Strategy.WARM_STANDBY, Strategy.ACTIVE_ACTIVE])
def test_a_failover_of_baked_servers_asks_the_second_region_and_data_planes_only(strategy: Strategy) -> None:
    assert places(site(strategy)) <= {Where.STANDBY, Where.EVERYWHERE}


def test_servers_that_install_at_boot_ask_outside_and_the_worst_case_says_so() -> None:
    unbaked = site(Strategy.PILOT_LIGHT, baked=False)
    assert Where.OUTSIDE in places(unbaked)
    assert UNBAKED in worst_cases(unbaked)[Failure.REGION].notes
    assert UNBAKED not in worst_cases(site(Strategy.PILOT_LIGHT))[Failure.REGION].notes


def test_where_no_server_is_started_none_asks_at_its_boot() -> None:
    full = replace(site(Strategy.ACTIVE_ACTIVE, baked=False), standby_minimum=9, standby_maximum=9)
    assert not launches(full)
    assert UNBAKED not in worst_cases(full)[Failure.REGION].notes
    assert [each for each in dependencies(full) if each.step == "boot"] == []


@pytest.mark.parametrize(
    ("changed", "asks"),
    [
        ({"edge": Edge.CLOUDFLARE}, "Cloudflare's monitors and proxies"),
        ({"failover": Failover.MANUAL}, "a person, and Lambda"),
        ({"failover": Failover.REGION_SWITCH}, "a person, and ARC Region switch"),
        ({"storage": True}, "ElastiCache, RDS, EFS: their APIs"),
        ({"durable": True}, "RDS: their APIs"),
    ],
)
def test_each_setting_shows_what_it_asks(changed: dict[str, Any], asks: str) -> None:
    assert asks in {each.asks for each in dependencies(site(Strategy.PILOT_LIGHT, **changed))}


def test_one_region_depends_on_nothing_for_it_never_recovers() -> None:
    assert dependencies(Facts()) == []


@pytest.mark.parametrize(
    ("strategy", "primary", "refused"),
    [
        (Strategy.BACKUP_RESTORE, "us-east-1", True),
        (Strategy.BACKUP_RESTORE, "eu-west-1", False),
        (Strategy.PILOT_LIGHT, "us-east-1", False),
    ],
)
def test_a_recovery_that_needs_the_lost_region_is_refused_only_where_a_time_is_declared(
    strategy: Strategy, primary: str, refused: bool
) -> None:
    facts = site(strategy, primary)
    wanted, problems = RecoveryObjectives.parse({"region": {"recovery": "2d"}, "server": {"recovery": "1d"}})
    assert problems == []
    found = wanted.problems(facts)
    assert [
        line.startswith("objectives.region depends on the region that is lost: us-east-1 has ") for line in found
    ] == ([True] if refused else [])
    other, _ = RecoveryObjectives.parse({"server": {"recovery": "1d"}})
    assert other.problems(facts) == []
    assert bool(lost_region_problem(facts)) is refused


def test_a_row_of_the_table_is_for_all_that_have_it() -> None:
    table = dependency_table({"a": site(Strategy.PILOT_LIGHT), "b": site(Strategy.WARM_STANDBY)})
    assert "| promotion | ElastiCache, RDS: their APIs | the second region | all |" in table
    alone = dependency_table({"a": site(Strategy.PILOT_LIGHT), "c": site(Strategy.BACKUP_RESTORE)})
    assert "| roles | IAM's control plane | us-east-1 | `c` |" in alone
