"""Resources of a MultiRegionKey."""

from typing import Any, cast

import pytest
from ha_web import ConfigurationError, MultiRegionKey, MultiRegionKeyArgs

from tests.components.made import Made, make

KEY, REPLICA = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"


def key(regions: list[str], **args: Any) -> Made[MultiRegionKey]:
    given = cast(MultiRegionKeyArgs, {"regions": regions, **args})
    return make(lambda: MultiRegionKey("sessions", given))


def test_the_first_region_has_the_key_and_each_other_a_replica_of_it() -> None:
    made = key(["eu-west-1", "eu-central-1", "us-east-1"], tags={"team": "web"})
    first = made.one(KEY)
    assert (first["region"], first["multiRegion"], first["enableKeyRotation"]) == ("eu-west-1", True, True)
    replicas = made.all(REPLICA)
    assert [replica["region"] for replica in replicas] == ["eu-central-1", "us-east-1"]
    assert {replica["primaryKeyArn"] for replica in replicas} == {made.outputs["arns"]["eu-west-1"]}
    assert {each["tags"]["team"] for each in (first, *replicas)} == {"web"}
    assert sorted(made.outputs["arns"]) == ["eu-central-1", "eu-west-1", "us-east-1"]


def test_a_key_of_one_region_can_get_replicas_later() -> None:
    made = key(["eu-west-1"])
    assert made.one(KEY)["multiRegion"] is True
    assert not made.all(REPLICA)


def test_a_destroy_leaves_the_keys_because_snapshots_and_recovery_points_stay() -> None:
    made = key(["eu-west-1", "eu-central-1"])
    assert [each.options["retain_on_delete"] for each in (made.one(KEY), made.one(REPLICA))] == [True, True]


@pytest.mark.parametrize(
    ("regions", "line"),
    [
        ([], 'MultiRegionKey "sessions": regions is empty; a key is in at least one region'),
        (["a", "b", "a"], 'MultiRegionKey "sessions": regions has "a" twice; a region has one key'),
    ],
)
def test_regions_that_cannot_be_are_refused(regions: list[str], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        key(regions)
    assert str(error.value) == line
