"""Limits and names of a database, without Pulumi."""

import pytest
from ha_web.database.rules import (
    ENGINE_VERSION,
    GLOBAL_FAMILIES,
    database_problems,
    family,
    final_snapshot_name,
    global_id,
    global_problems,
    promotion_tier,
)


def problems(
    instances: int = 2,
    days: int = 7,
    instance_class: str = "db.r7g.large",
    version: str = ENGINE_VERSION,
    name: str = "web",
) -> list[str]:
    return database_problems(instances, days, instance_class, version, name)


@pytest.mark.parametrize("instances", [2, 3, 16])
def test_two_to_sixteen_instances_are_fine(instances: int) -> None:
    assert problems(instances=instances) == []


@pytest.mark.parametrize("instance_class", ["db.t4g.medium", "db.r7g.16xlarge", "db.r6gd.xlarge", "db.x2g.large"])
def test_classes_of_aurora_are_fine(instance_class: str) -> None:
    assert problems(instance_class=instance_class) == []


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (problems(instances=1), "instances is 1; surviving a zone needs at least 2"),
        (problems(instances=17), "instances is 17; a cluster has at most 16"),
        (problems(days=0), "backup_retention_days is 0; backups are kept 1 to 35 days"),
        (problems(days=36), "backup_retention_days is 36; backups are kept 1 to 35 days"),
        (
            problems(instance_class="m7g.large"),
            'instance_class is "m7g.large"; write one of Aurora\'s, such as db.r7g.large',
        ),
        (
            problems(instance_class="db.serverless"),
            'instance_class is "db.serverless"; write one of Aurora\'s, such as db.r7g.large',
        ),
        (problems(version="17"), 'engine_version is "17"; write major and minor version, like 17.7'),
        (
            problems(name="1st"),
            'database_name is "1st"; it must be up to 63 letters, digits or _, and start with a letter',
        ),
    ],
)
def test_each_impossible_database_is_named_with_its_value_and_the_reason(found: list[str], message: str) -> None:
    assert found == [message]


def test_all_problems_are_told_at_once() -> None:
    assert len(database_problems(1, 0, "x", "x", "1")) == 5


@pytest.mark.parametrize("family_of_class", GLOBAL_FAMILIES)
def test_memory_optimized_classes_can_be_in_a_global_database(family_of_class: str) -> None:
    assert global_problems(f"db.{family_of_class}.large", ENGINE_VERSION) == []


@pytest.mark.parametrize("instance_class", ["db.t4g.medium", "db.t3.large", "db.r4.large"])
def test_others_are_refused_with_those_that_can(instance_class: str) -> None:
    [problem] = global_problems(instance_class, ENGINE_VERSION)
    assert problem == (
        f'instance_class is "{instance_class}"; a global database takes db.r5, db.r6g, db.r6gd, db.r6i,'
        " db.r6id, db.r7g, db.r7i, db.r8g, db.r8gd, db.x2g"
    )


@pytest.mark.parametrize("version", ["13.4", "14.22", "15.2", "16.1", "17.4", "18.3", "19.0"])
def test_versions_that_can_be_in_a_global_database(version: str) -> None:
    assert global_problems("db.r7g.large", version) == []


@pytest.mark.parametrize("version", ["12.22", "13.3", "15.1", "16.0", "17", "16.8-limitless"])
def test_versions_that_cannot_are_refused_with_those_that_can(version: str) -> None:
    assert global_problems("db.r7g.large", version) == [
        f'engine_version is "{version}"; a global database takes 13.4, 14.3, 15.2, 16.1, 17.4 or a later minor'
    ]


@pytest.mark.parametrize("version", ["14.9", "15.4", "16.1", "17.7"])
def test_versions_that_forward_writes(version: str) -> None:
    assert global_problems("db.r7g.large", version, write_forwarding=True) == []


@pytest.mark.parametrize("version", ["13.20", "14.8", "15.3"])
def test_versions_that_do_not_forward_writes_are_refused_with_those_that_do(version: str) -> None:
    assert global_problems("db.r7g.large", version, write_forwarding=True) == [
        f'write_forwarding is true; engine_version "{version}" lacks it, 14.9, 15.4, 16.1 or a later minor has it'
    ]


def test_a_version_has_the_family_of_its_major_one() -> None:
    assert (family("17.7"), family("16.13")) == ("aurora-postgresql17", "aurora-postgresql16")


def test_the_first_instance_is_at_home_as_the_writer_and_the_last_tier_takes_the_rest() -> None:
    assert [promotion_tier(number) for number in (1, 2, 16, 17)] == [0, 1, 15, 15]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Shop", "prod", "data_base"), "shop-prod-data-base"),
        (("1", "--", "x"), "d-1-x"),
        (("x" * 63,), "x" * 63),
    ],
)
def test_an_identifier_is_as_rds_takes_it(parts: tuple[str, ...], expected: str) -> None:
    assert global_id(*parts) == expected


def test_two_long_identifiers_stay_two() -> None:
    one, other = global_id("x" * 80, "a"), global_id("x" * 80, "b")
    assert one != other
    assert {len(one), len(other)} == {63}


def test_a_final_snapshot_is_named_after_its_database_and_never_like_that_of_another_cluster() -> None:
    one = final_snapshot_name("Web_data", "subnets-1", "key-1", "web")
    assert one.startswith("web-data-final-")
    others = [("subnets-2", "key-1", "web"), ("subnets-1", "key-2", "web"), ("subnets-1", "key-1", "shop")]
    assert len({one, *(final_snapshot_name("Web_data", *other) for other in others)}) == 4
    assert final_snapshot_name("Web_data", "subnets-1", "key-1", "web") == one
