"""A stack's outputs in the hub's words."""

from ops.hub.declared import declared, seconds
from tests.ops.hub.hub import stack


def test_the_outputs_say_name_regions_strategy_and_objectives() -> None:
    found = declared(stack())
    assert (found.name, found.regions) == ("www-example-com", ("eu-west-1", "eu-central-1"))
    assert found.policy["multiAz"]["rtoInMinutes"] == 2
    assert found.policy["multiRegion"]["disasterRecoveryApproach"] == "WARM_STANDBY"
    assert set(found.assertions) == {"server", "zone", "region", "corruption"}


def test_a_stack_of_one_region_says_nothing_of_another() -> None:
    alone = declared(stack(strategy="", objectives={"region": {"recovery": "5m"}}))
    assert alone.policy == {}


def test_an_objective_is_in_seconds() -> None:
    assert seconds(stack(), "region", "data_loss") == 60
    assert seconds(stack(), "server", "data_loss") is None
