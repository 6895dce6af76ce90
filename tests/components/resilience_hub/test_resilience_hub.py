"""The hub's policy, service and assertions as a program declares them, and what is refused."""

import json
from typing import Any

import pytest
from ha_web import ConfigurationError, ResilienceHub

from tests.components.made import Made, make
from tests.components.resilience_hub.test_declaration import OBJECTIVES

POLICY, SERVICE, SOURCE, ASSERTION = (
    f"aws:resiliencehub/v2{each}:V2{each}" for each in ("Policy", "Service", "InputSource", "Assertion")
)
ARGS: Any = {
    "region": "eu-west-1",
    "regions": ["eu-west-1", "eu-central-1"],
    "site": "www.example.com",
    "stack": "prod",
    "objectives": OBJECTIVES,
    "strategy": "warm-standby",
}


def hub(**changed: Any) -> Made[ResilienceHub]:
    args: Any = {**ARGS, **changed}
    return make(lambda: ResilienceHub("site", args))


def test_the_policy_has_the_objectives_in_minutes() -> None:
    made = hub().one(POLICY)
    assert (made["name"], made["region"]) == ("www-example-com", "eu-west-1")
    approach = "disasterRecoveryApproach"
    assert made["multiAz"] == {"rtoInMinutes": 2, "rpoInMinutes": 1, approach: "ACTIVE_ACTIVE"}
    assert made["multiRegion"] == {"rtoInMinutes": 5, "rpoInMinutes": 1, approach: "WARM_STANDBY"}
    assert made["dataRecovery"] == {"timeBetweenBackupsInMinutes": 120}


def test_what_is_not_declared_is_left_out() -> None:
    made = hub(objectives={"zone": {"recovery": "2m"}}).one(POLICY)
    assert {"multiRegion", "dataRecovery"} & made.inputs.keys() == set()
    assert made["multiAz"] == {"rtoInMinutes": 2, "disasterRecoveryApproach": "ACTIVE_ACTIVE"}


def test_the_service_has_the_policy_both_regions_and_finds_what_has_the_stacks_tag() -> None:
    made = hub()
    service = made.one(SERVICE)
    assert service["policyArn"] == made.outputs["policy_arn"]
    assert service["regions"] == ["eu-west-1", "eu-central-1"]
    [source] = made.all(SOURCE)
    assert source["serviceArn"] == made.outputs["service_arn"]
    assert source["resourceConfiguration"] == {"resourceTags": [{"key": "ha-web:stack", "values": ["prod"]}]}


def test_the_service_is_made_once_its_role_may_read() -> None:
    made = hub()
    [attached] = made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached["policyArn"] == "arn:aws:iam::aws:policy/AWSResilienceHubV2AssessmentExecutionPolicy"
    assert any(attached.name in urn for urn in made.one(SERVICE).options["depends_on"])
    [statement] = json.loads(made.one("aws:iam/role:Role")["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "resiliencehub.amazonaws.com"}


def test_the_roles_path_is_part_of_the_name_that_the_hub_gets() -> None:
    assert hub().one(SERVICE)["permissionModel"] == {"invokerRoleName": "site-hub"}
    below = {"aws:iam/role:Role": {"arn": "arn:aws:iam::123456789012:role/a/site/site-hub"}}
    made = make(lambda: ResilienceHub("site", ARGS), outputs=below)
    assert made.one(SERVICE)["permissionModel"] == {"invokerRoleName": "a/site/site-hub"}


def test_each_failure_has_an_assertion() -> None:
    made = hub()
    assert set(made.outputs["assertion_ids"]) == set(OBJECTIVES)
    found = {each.name.removeprefix("site-hub-"): each["text"] for each in made.all(ASSERTION)}
    assert set(found) == set(OBJECTIVES)
    assert found["server"] == "ha-web server: when a server is lost, all users are served again within 15s."


def test_all_is_where_the_hub_is_asked() -> None:
    kinds = (POLICY, SERVICE, SOURCE, ASSERTION)
    assert {each["region"] for kind in kinds for each in hub(region="eu-central-1").all(kind)} == {"eu-central-1"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"objectives": {"server": {"recovery": "15s"}}}, "objectives has no objective of a zone, a region or data"),
        ({"objectives": {"zone": {"recovery": "90"}}}, "objectives can't be read: write a duration with units"),
        ({"regions": []}, "regions has 0; Resilience Hub takes 1 to 5"),
        ({"domain": "www.example.com"}, "domain is unknown"),
    ],
)
def test_what_the_hub_could_not_use_is_refused(args: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        hub(**args)
    assert said in str(error.value)
