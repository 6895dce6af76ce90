"""Costs of a region at rest, and of each strategy."""

from dataclasses import replace

import pytest
from ha_web.failover.function import MEMORY_MB
from ha_web.failover.runtime.handler import WATCH_SECONDS
from ha_web.recovery.costs import (
    FUNCTION_GIB,
    FUNCTION_RUNS,
    Cost,
    cost_summary,
    node_type,
    region_cost,
    second_region_cost,
    site_cost,
    strategy_cost,
)
from ha_web.recovery.facts import Edge, Facts, Failover, Sizes
from ha_web.recovery.prices import A_MONTH, AN_HOUR, LARGE_AN_HOUR, Price, of_type
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.summary import recovery_table

from tests.components.recovery_sites import site

PROD = site(database=True, sizes=Sizes("m7g.large", 20, "cache.m7g.large", "db.r7g.large", waf=True))


@pytest.mark.parametrize("price", [*LARGE_AN_HOUR.values(), *AN_HOUR.values(), *A_MONTH.values()])
def test_every_price_has_the_page_it_is_from_and_frankfurt_is_never_cheaper(price: Price) -> None:
    assert price.source.startswith("https://aws.amazon.com/")
    assert 0 < price.eu_west_1 <= price.eu_central_1


@pytest.mark.parametrize(
    ("kind", "type_name", "price"),
    [
        ("server", "m7g.large", 0.0911),
        ("server", "t4g.small", 0.0184),
        ("server", "m7g.2xlarge", 0.3644),
        ("cache", "cache.m7g.large", 0.1408),
        ("database", "db.r7g.xlarge", 0.614),
        ("server", "x9z.large", None),
        ("server", "m7g.metal", None),
        ("memory", "db.m7g.large", None),
    ],
)
def test_a_size_costs_a_share_of_its_familys_large(kind: str, type_name: str, price: float | None) -> None:
    assert of_type(kind, type_name, "eu-west-1") == (None if price is None else pytest.approx(price))


def test_an_unlisted_region_counts_as_the_dearer_one() -> None:
    assert of_type("server", "m7g.large", "eu-south-2") == of_type("server", "m7g.large", "eu-central-1")


def test_a_region_adds_up_what_stands_there() -> None:
    found = region_cost(PROD, "eu-west-1", servers=3)
    assert {name: round(amount, 2) for name, amount in found.items.items()} == {
        "servers": 199.51,
        "sessions": 308.35,
        "database": 448.22,
        "disks and metrics": 11.58,
        "NAT": 105.12,
        "balancer": 18.40,
        "addresses": 21.90,
        "keys, secrets, alarms": 7.8,
        "web ACL": 9.0,
        "rows": 11.0,
        "database backups": 75.9,
    }
    assert found.total == pytest.approx(sum(found.items.values()))
    assert found.text == "about $1,220"


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost({"a": 7.4}), "about $7"),
        (Cost({"a": 99.4}), "about $99"),
        (Cost({"a": 1_234.0, "b": 1}), "about $1,240"),
        (Cost({"a": 104.0}, ("x9z.large",)), "about $100, and x9z.large (no price known)"),
    ],
)
def test_a_cost_is_told_as_roughly_as_it_is_known(cost: Cost, text: str) -> None:
    assert cost.text == text


def test_each_strategy_costs_more_than_the_one_before() -> None:
    totals = [strategy_cost(PROD, strategy).total for strategy in Strategy]
    assert totals == sorted(totals)
    assert len(set(totals)) == 4


def test_a_pilot_light_pays_for_no_server_and_a_warm_standby_for_its_own() -> None:
    pilot, warm = strategy_cost(PROD, Strategy.PILOT_LIGHT), strategy_cost(PROD, Strategy.WARM_STANDBY)
    assert pilot.items.get("servers", 0) == 0
    assert warm.items["servers"] == pytest.approx(3 * 0.0978 * 730)
    assert warm.items["sessions"] == pilot.items["sessions"]


def test_backup_restore_pays_for_copies_keys_and_secrets_alone() -> None:
    assert set(strategy_cost(PROD, Strategy.BACKUP_RESTORE).items) == {"copied backups and image", "keys and secrets"}


def test_copies_of_a_database_cost_their_whole_size_each_time() -> None:
    """35 daily and 12 monthly copies stand at any time, and one is transferred a day."""
    copies = strategy_cost(PROD, Strategy.BACKUP_RESTORE).items["copied backups and image"]
    assert copies == pytest.approx(100 * (47 * 0.0245 + 30.4 * 0.02) + 8 * 0.054, rel=0.01)
    tib = replace(PROD, sizes=replace(PROD.sizes, database_gib=1_024))
    assert strategy_cost(tib, Strategy.BACKUP_RESTORE).items["copied backups and image"] == pytest.approx(
        copies * 10.24, rel=0.01
    )


def test_endpoints_cost_by_service_and_zone() -> None:
    sizes = replace(PROD.sizes, endpoints=5, nat_gateways=0)
    cost = region_cost(replace(PROD, sizes=sizes), "eu-west-1", 3)
    assert cost.items["endpoints"] == pytest.approx(5 * 3 * 0.011 * 730)
    assert "endpoints" not in region_cost(PROD, "eu-west-1", 3).items


def test_snapshots_within_point_in_time_recovery_are_free() -> None:
    own = {days: replace(PROD, sizes=replace(PROD.sizes, point_in_time_days=days)) for days in (14, 35)}
    items = {days: region_cost(facts, "eu-west-1", 3).items["database backups"] for days, facts in own.items()}
    assert items[14] - items[35] == pytest.approx(21 * 100 * 0.023)


def test_the_function_costs_where_it_watches_and_a_plan_where_aws_runs_it() -> None:
    def items(failover: Failover) -> dict[str, float]:
        return second_region_cost(replace(PROD, failover=failover)).items

    assert items(Failover.AUTOMATIC)["automation"] == pytest.approx(2 * 0.25 * 2_628_000 * 0.0000133334, rel=0.001)
    assert not {"automation", "plan of Region switch"} & items(Failover.MANUAL).keys()
    assert items(Failover.REGION_SWITCH)["plan of Region switch"] == 70


def test_cloudflare_is_named_and_not_priced_and_needs_no_health_checks_of_route_53() -> None:
    cost = second_region_cost(replace(PROD, edge=Edge.CLOUDFLARE))
    assert "health checks" not in cost.items
    assert cost.unknown == ("Cloudflare's load balancing",)


def test_active_active_pays_for_durable_sessions_in_the_first_region_too() -> None:
    cost = strategy_cost(PROD, Strategy.ACTIVE_ACTIVE)
    dearer = 3 * 730 * (0.5 - 0.1408)
    assert cost.items["sessions in the first region"] == pytest.approx(dearer)


@pytest.mark.parametrize("strategy", [None, *Strategy])
def test_a_site_costs_its_first_region_and_what_the_strategy_costs_more(strategy: Strategy | None) -> None:
    facts = PROD.with_strategy(strategy)
    alone = region_cost(facts.with_strategy(None), "eu-west-1", facts.minimum).total
    more = strategy_cost(facts, strategy).total if strategy else 0
    assert site_cost(facts).total == pytest.approx(alone + more)


def test_a_sites_items_say_in_which_region_they_are() -> None:
    items = site_cost(PROD).items
    assert items["primary: servers"] == pytest.approx(3 * 0.0911 * 730)
    assert items["standby: servers"] == pytest.approx(3 * 0.0978 * 730)
    assert {name.partition(": ")[0] for name in items} == {"primary", "standby"}


def test_servers_that_the_owner_asks_for_in_the_standby_are_counted() -> None:
    more = site_cost(replace(PROD, standby_minimum=PROD.standby_minimum + 1)).total - site_cost(PROD).total
    assert more == pytest.approx(0.0978 * 730 + 20 * 0.0952 + 2.10)


def test_the_output_is_to_the_cent_and_says_how_old_the_prices_are() -> None:
    cost = Cost({"primary: servers": 199.509, "standby: NAT": 1.0}, ("x9z.large",))
    assert cost_summary(cost) == {
        "total": 200.51,
        "items": {"primary: servers": 199.51, "standby: NAT": 1.0},
        "unknown": ["x9z.large"],
        "prices": "list prices of November 2026",
    }


@pytest.mark.parametrize(
    ("facts", "node"),
    [
        (site(None), "cache.m7g.large"),
        (site(None, durable=True), "db.r7g.large"),
        (site(durable=True), "db.r7g.xlarge"),
        (site(None, sizes=Sizes(node_type="cache.t4g.small")), "cache.t4g.small"),
        (site(None, durable=True, sizes=Sizes(node_type="cache.t4g.small")), "db.t4g.small"),
        (site(durable=True, sizes=Sizes(node_type="cache.t4g.small")), "db.r7g.xlarge"),
        (site(durable=True, sizes=Sizes(node_type="cache.r7g.2xlarge")), "db.r7g.2xlarge"),
        (site(durable=True, sizes=Sizes(node_type="db.r7g.large")), "db.r7g.xlarge"),
    ],
)
def test_durable_sessions_over_two_regions_need_a_large_node(facts: Facts, node: str) -> None:
    assert node_type(facts) == node


def test_a_type_without_a_price_is_named_and_not_guessed() -> None:
    sizes = replace(PROD.sizes, instance_type="x9z.large")
    cost = strategy_cost(replace(PROD, sizes=sizes), Strategy.WARM_STANDBY)
    assert cost.text.endswith(", and x9z.large (no price known)")
    assert strategy_cost(replace(PROD, sizes=sizes), Strategy.PILOT_LIGHT).unknown == ()


def test_the_table_has_a_row_for_each_strategy_computed_for_the_site() -> None:
    assert recovery_table(PROD).splitlines() == [
        "| Strategy | In the second region | A lost region is recovered within | and loses | Costs more a month |",
        "|---|---|---|---|---|",
        "| none | nothing: one region | never | all | nothing |",
        "| `backup-restore` | copies of backups and images, keys, secrets, a certificate | 2h17m | 1d4h | about $180 |",
        "| `pilot-light` | and network, balancer, data that follows; no servers "
        "| 5m51s | typically 1s | about $1,290 |",
        "| `warm-standby` | and a smaller fleet that takes traffic at once | 4m41s | typically 1s | about $1,510 |",
        "| `active-active` | the same as in the first; both serve | 3m31s | typically 1s | about $3,140 |",
        "",
        "Sums of settings, of AWS's own intervals and of assumed times, worst cases but for what is typical: that AWS "
        "bounds nowhere. Costs at rest, by list prices as known in November 2026, with 100 GiB in the database.",
    ]


def test_the_function_is_counted_as_it_runs() -> None:
    assert MEMORY_MB / 1024 == FUNCTION_GIB
    assert WATCH_SECONDS / 60 == FUNCTION_RUNS


def test_reserved_capacity_costs_what_runs_would_but_for_what_runs_and_a_balancers_units_as_well() -> None:
    reserved = second_region_cost(replace(PROD, reserved=9, balancer_units=100)).items
    hourly = of_type("server", "m7g.large", "eu-central-1")
    assert hourly is not None
    assert reserved["reserved servers"] == pytest.approx((9 - PROD.standby_minimum) * hourly * 730)
    assert reserved["reserved balancer capacity"] == pytest.approx(100 * 0.008 * 730)
    assert not {"reserved servers", "reserved balancer capacity"} & second_region_cost(PROD).items.keys()
    assert not {"reserved servers"} & second_region_cost(replace(PROD, reserved=2)).items.keys()
