"""The rights of experiments."""

from typing import Any

import pytest
from ha_web.game_day.rights import LOOKS, rights_of

KNOWN = {
    "account": "123456789012",
    "partition": "aws",
    "region": "eu-west-1",
    "group": "web",
    "own": "ha-web-prod",
    "database": "arn:aws:rds:eu-west-1:123456789012:cluster:data",
}


def statements(*action_ids: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rights_of(action_ids, KNOWN)["Statement"]
    return found


def changes(*action_ids: str) -> dict[str, list[dict[str, Any]]]:
    """The statements by the calls that they allow, but for those that look."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in statements(*action_ids)[1:]:
        for call in [each["Action"]] if isinstance(each["Action"], str) else each["Action"]:
            found.setdefault(call, []).append(each)
    return found


@pytest.mark.parametrize("action_id", LOOKS)
def test_each_action_has_rights_and_nobody_elses(action_id: str) -> None:
    assert statements(action_id)[0]["Action"] == sorted(LOOKS[action_id])
    assert len(changes(action_id)) < len(changes(*LOOKS))


def test_nothing_is_changed_but_what_the_site_has() -> None:
    own = {"aws:ResourceTag/ha-web:game-day": "ha-web-prod"}
    group = {"aws:ResourceTag/aws:autoscaling:groupName": "web"}
    found = changes(*LOOKS)
    for call in ("ec2:TerminateInstances", "ec2:StopInstances", "ec2:StartInstances"):
        assert [each["Condition"]["StringEquals"] for each in found[call]] == [group]
    [store] = found["elasticache:InterruptClusterAzPower"]
    assert store["Condition"] == {"StringEquals": own}
    subnet, _acl = found["ec2:ReplaceNetworkAclAssociation"]
    assert subnet["Condition"] == {"StringEquals": own}
    assert [each["Resource"] for each in found["rds:FailoverDBCluster"]] == [KNOWN["database"]]


def test_only_network_acls_that_the_service_has_made_are_changed() -> None:
    for call in ("ec2:CreateNetworkAclEntry", "ec2:DeleteNetworkAcl"):
        [each] = changes(*LOOKS)[call]
        assert each["Condition"] == {"StringEquals": {"ec2:ResourceTag/managedByFIS": "true"}}


def test_errors_are_injected_by_experiments_only_and_all_else_names_its_resources() -> None:
    found = changes(*LOOKS)
    [error] = found.pop("ec2:InjectApiError")
    assert "ec2:FisActionId" in error["Condition"]["ForAnyValue:StringEquals"]
    assert all(each["Resource"] != "*" for each_call in found.values() for each in each_call)
