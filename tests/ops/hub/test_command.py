"""The hub is told what is declared, once; what others made there stays."""

import json
from typing import Any

import pytest

from ops.core.errors import DONE, NOT_DONE
from ops.hub.command import assess, declare, main, show
from ops.hub.testing import BROKEN, RECOVERED
from tests.ops.hub.hub import ARN, Hub, operator, stack
from tests.ops.hub.test_testing import run, timeline

SERVICE = f"{ARN}service/www-example-com"
ALL = ["CreatePolicy", "CreateService", "CreateInputSource", *["CreateAssertion"] * 4]


def test_all_is_declared_once_and_nothing_is_left_to_do(capsys: Any) -> None:
    hub = Hub()
    assert declare(operator(hub, dry_run=True)) == DONE
    assert hub.changes == []
    assert declare(operator(hub)) == DONE
    assert hub.changes == ALL
    made = hub.services[SERVICE]
    assert made["policyArn"] in hub.policies
    assert (made["regions"], made["permissionModel"]) == (["eu-west-1", "eu-central-1"], {"invokerRoleName": "hub"})
    assert hub.sources == [{"resourceTags": [{"key": "ha-web:stack", "values": ["prod"]}]}]
    capsys.readouterr()
    assert declare(operator(hub)) == DONE
    assert hub.changes == ALL
    assert "Nothing is left to do." in capsys.readouterr().out


def test_only_what_has_changed_is_changed_and_anothers_assertion_stays() -> None:
    hub = Hub()
    declare(operator(hub))
    hub.assertions["other"] = {"assertionId": "other", "text": "The zone is well.", "source": "USER"}
    objectives = {**stack().objectives, "zone": {"recovery": "3m", "data_loss": "5s"}}
    assert declare(operator(hub, stack(objectives=objectives))) == DONE
    assert hub.changes[len(ALL) :] == ["UpdatePolicy", "UpdateAssertion"]
    [policy] = hub.policies.values()
    assert policy["multiAz"]["rtoInMinutes"] == 3
    assert hub.assertions["other"]["text"] == "The zone is well."
    assert len(hub.assertions) == 5


def test_a_declaration_that_was_interrupted_goes_on() -> None:
    hub = Hub()
    hub.CreatePolicy({"name": "www-example-com", "multiAz": {"rtoInMinutes": 9}})
    assert declare(operator(hub)) == DONE
    assert hub.changes == ["UpdatePolicy", *ALL[1:]]


@pytest.mark.parametrize(
    ("of", "options", "reason"),
    [
        ({"objectives": {}}, {}, "the stack declares no objective of a zone, a region or data"),
        ({}, {"role": ""}, "--role is missing: the name of the IAM role that Resilience Hub is to look with"),
    ],
)
def test_what_the_hub_could_not_use_is_refused(
    of: dict[str, Any], options: dict[str, Any], reason: str, capsys: Any
) -> None:
    hub = Hub()
    assert declare(operator(hub, stack(**of), **options)) == NOT_DONE
    assert f"refused: {reason}" in capsys.readouterr().out
    assert hub.changes == []


def test_both_judgements_are_shown_and_a_difference_fails(capsys: Any) -> None:
    hub = Hub()
    assert show(operator(hub)) == NOT_DONE
    assert "not declared at the hub: `ha-web hub declare`" in capsys.readouterr().out
    declare(operator(hub))
    values = {"multiAzRto": 2, "multiAzRpo": 1, "multiRegionRto": 5, "multiRegionRpo": 1}
    effective = {key: {"value": value} for key, value in {**values, "dataRecoveryTimeBetweenBackups": 120}.items()}
    hub.services[SERVICE] |= {"effectivePolicyValues": effective, "achievability": {"multiAzRtoRpo": "ACHIEVABLE"}}
    capsys.readouterr()
    assert show(operator(hub, json=True)) == DONE
    found = json.loads(capsys.readouterr().out)
    assert [(row["hub"], row["difference"]) for row in found["objectives"][:3]] == [
        ("achievable", ""),
        ("achievable", ""),
        ("not judged", ""),
    ]


@pytest.mark.parametrize(("took", "code"), [(83, DONE), (200, NOT_DONE)])
def test_a_test_of_the_hub_is_shown_with_its_time_and_one_that_took_longer_fails(
    took: int, code: int, capsys: Any
) -> None:
    hub = Hub()
    declare(operator(hub, stack(objectives={"zone": {"recovery": "2m"}})))
    hub.services[SERVICE]["effectivePolicyValues"] = {"multiAzRto": {"value": 2}}
    hub.runs = [(run(), timeline((BROKEN, 0), (RECOVERED, took)))]
    capsys.readouterr()
    assert show(operator(hub, stack(objectives={"zone": {"recovery": "2m"}}))) == code
    told = capsys.readouterr().out
    assert f"test aws-az-recovery: PASSED at 2026-11-30 05:00:00+00:00; recovered after {took} s, by its alarms" in told
    assert ("difference: it took longer than is declared, 120 s" in told) == (code == NOT_DONE)


def test_an_assessment_is_started_once_and_its_cost_is_told_before(capsys: Any) -> None:
    hub = Hub()
    assert assess(operator(hub)) == NOT_DONE
    assert "refused: the hub has no service www-example-com" in capsys.readouterr().out
    declare(operator(hub))
    hub.services[SERVICE]["estimatedAssessmentCost"] = {"amount": 12.5, "currency": "USD"}
    capsys.readouterr()
    assert assess(operator(hub)) == DONE
    assert "note: the hub estimates 12.5 USD" in capsys.readouterr().out
    assert hub.changes[-1] == "StartFailureModeAssessment"
    hub.services[SERVICE]["assessmentStatus"] = "IN_PROGRESS"
    before = [*hub.changes]
    assert assess(operator(hub)) == DONE
    assert hub.changes == before


def test_its_rights_are_of_what_it_calls(capsys: Any) -> None:
    hub = Hub()
    declare(operator(hub))
    hub.runs = [(run(), [])]
    declare(operator(hub, stack(objectives={**stack().objectives, "zone": {"recovery": "3m"}})))
    capsys.readouterr()
    assert main(["declare", "--policy"]) == DONE
    actions = set(json.loads(capsys.readouterr().out)["Statement"][0]["Action"])
    assert {f"resiliencehub:{each}" for each in hub.called} <= actions
    assert main(["show", "--policy"]) == DONE
    looks = json.loads(capsys.readouterr().out)["Statement"][0]["Action"]
    assert all(each.startswith(("resiliencehub:List", "resiliencehub:Get", "s3:Get", "s3:List")) for each in looks)
