"""Objectives in the hub's words."""

import pytest

from ops.hub.declared import declared, failure_of, minutes, name_of
from tests.ops.hub.hub import stack


@pytest.mark.parametrize(("seconds", "whole"), [(None, None), (0.0, 0), (5.0, 1), (60.0, 1), (61.0, 2), (7200.0, 120)])
def test_minutes_are_rounded_up(seconds: float | None, whole: int | None) -> None:
    assert minutes(seconds) == whole


def test_a_policy_has_each_objective_that_the_hub_knows() -> None:
    assert declared(stack()).policy == {
        "multiAz": {"rtoInMinutes": 2, "rpoInMinutes": 1, "disasterRecoveryApproach": "ACTIVE_ACTIVE"},
        "multiRegion": {"rtoInMinutes": 5, "rpoInMinutes": 1, "disasterRecoveryApproach": "WARM_STANDBY"},
        "dataRecovery": {"timeBetweenBackupsInMinutes": 120},
    }


def test_what_is_not_declared_is_not_told() -> None:
    assert declared(stack(objectives={"zone": {"recovery": "2m"}})).policy == {
        "multiAz": {"rtoInMinutes": 2, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}
    }
    alone = declared(stack(strategy="", objectives={"region": {"recovery": "5m"}}))
    assert alone.policy == {}


def test_each_failure_has_a_sentence_by_which_it_is_found_again() -> None:
    sentences = declared(stack()).assertions
    assert set(sentences) == {"server", "zone", "region", "corruption"}
    assert sentences["zone"] == (
        "ha-web zone: when an Availability Zone is lost, all users are served again within 120s, and no more than the "
        "changes of 5s are lost."
    ).replace("120s", "2m")
    assert {failure_of(text) for text in sentences.values()} == set(sentences)
    assert failure_of("Somebody else's zone: is well.") is None


def test_a_name_is_one_that_the_hub_takes() -> None:
    assert name_of("www.example.com") == "www-example-com"
    assert len(name_of("a" * 100 + ".example.com")) == 60
