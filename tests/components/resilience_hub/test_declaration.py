"""Objectives in the hub's words."""

from typing import Any

import pytest
from ha_web.resilience_hub.declaration import declaration, failure_of, minutes, name_of, seconds

OBJECTIVES = {
    "server": {"recovery": "15s"},
    "zone": {"recovery": "2m", "data_loss": "5s"},
    "region": {"recovery": "5m", "dataLoss": "1m"},
    "corruption": {"recovery": "4h", "data_loss": "2h"},
}


def declared(**changed: Any) -> Any:
    given = {"site": "www.example.com", "regions": ["eu-west-1", "eu-central-1"], "strategy": "warm-standby"}
    return declaration(**{**given, "objectives": OBJECTIVES, **changed})


@pytest.mark.parametrize(("given", "whole"), [(None, None), (0.0, 0), (5.0, 1), (60.0, 1), (61.0, 2), (7200.0, 120)])
def test_minutes_are_rounded_up(given: float | None, whole: int | None) -> None:
    assert minutes(given) == whole


def test_a_policy_has_each_objective_that_the_hub_knows() -> None:
    found = declared()
    assert (found.name, found.regions) == ("www-example-com", ("eu-west-1", "eu-central-1"))
    assert found.policy == {
        "multiAz": {"rtoInMinutes": 2, "rpoInMinutes": 1, "disasterRecoveryApproach": "ACTIVE_ACTIVE"},
        "multiRegion": {"rtoInMinutes": 5, "rpoInMinutes": 1, "disasterRecoveryApproach": "WARM_STANDBY"},
        "dataRecovery": {"timeBetweenBackupsInMinutes": 120},
    }


def test_what_is_not_declared_is_not_told() -> None:
    assert declared(objectives={"zone": {"recovery": "2m"}}).policy == {
        "multiAz": {"rtoInMinutes": 2, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}
    }
    for none in ("", None):
        assert declared(strategy=none, objectives={"region": {"recovery": "5m"}}).policy == {}
    assert declared(objectives={"corruption": {"recovery": "4h"}}).policy == {}


def test_nothing_lost_is_an_objective_too() -> None:
    found = declared(objectives={"zone": {"data_loss": "0"}})
    assert found.policy["multiAz"]["rpoInMinutes"] == 0
    assert found.assertions["zone"] == "ha-web zone: when an Availability Zone is lost, nothing is lost."


def test_each_failure_has_a_sentence_by_which_it_is_found_again() -> None:
    sentences = declared().assertions
    assert set(sentences) == set(OBJECTIVES)
    assert sentences["zone"] == (
        "ha-web zone: when an Availability Zone is lost, all users are served again within 2m, and no more than the "
        "changes of 5s are lost."
    )
    assert {failure_of(text) for text in sentences.values()} == set(sentences)
    assert failure_of("Somebody else's zone: is well.") is None


def test_an_objective_may_be_spelled_as_in_a_stack_file() -> None:
    assert seconds(OBJECTIVES, "region", "data_loss") == 60
    assert seconds(OBJECTIVES, "server", "data_loss") is None


def test_a_name_is_one_that_the_hub_takes() -> None:
    assert name_of("www.example.com") == name_of("WWW.Example.com") == "www-example-com"
    assert len(name_of("a" * 100 + ".example.com")) == 60
