"""What the real provider asks RDS for, for groups of subnets and of parameters."""

from __future__ import annotations

from typing import Any

from tests.rehearsal.aws_plugin.asked import of_creation, of_reading, of_update

TOKEN = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
GROUP = {"name": "web", "family": "aurora-postgresql17", "description": "Managed by Pulumi"}


def named(*names: str, **more: str) -> list[dict[str, str]]:
    return [{"name": name, "value": "1", **more} for name in names]


def calls(asked: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(each["call"], [one["ParameterName"] for one in each["Parameters"]]) for each in asked]


def test_parameters_that_depend_on_each_other_are_set_in_one_call_and_those_that_wait_in_the_last() -> None:
    wanted = [
        *named("work_mem"),
        *named("shared_buffers", applyMethod="pending-reboot"),
        *named("ssl_max_protocol_version", "ssl_min_protocol_version"),
        *named(*(f"p{number}" for number in range(20))),
    ]
    created, *asked = of_creation(TOKEN, {**GROUP, "parameters": wanted})
    assert created["call"] == "CreateDBClusterParameterGroup"
    names = [each for _, each in calls(asked)]
    assert names == [
        ["ssl_max_protocol_version", "ssl_min_protocol_version"],
        ["work_mem", *(f"p{number}" for number in range(19))],
        ["p19"],
        ["shared_buffers"],
    ]


def test_changed_parameters_are_set_before_the_others_are_reset() -> None:
    old = {**GROUP, "parameters": named("a", "b", "c")}
    new = [*named("a"), {"name": "B", "value": "2"}]
    asked = of_update(TOKEN, old, parameters=new)
    assert calls(asked) == [("ModifyDBClusterParameterGroup", ["b"]), ("ResetDBClusterParameterGroup", ["c"])]
    assert asked[1]["ResetAllParameters"] is False


def test_of_rdss_own_parameters_only_those_are_read_that_the_program_names() -> None:
    own = [{"ParameterName": name, "ParameterValue": "1", "ApplyMethod": "immediate"} for name in ("a", "b")]
    set_ = [{"ParameterName": "c", "ParameterValue": "2", "ApplyMethod": "pending-reboot"}]
    answers = {
        "DescribeDBClusterParameterGroups": {"DBClusterParameterGroups": [{"DBClusterParameterGroupName": "web"}]},
        "DescribeDBClusterParameters": [{"Parameters": own}, {"Parameters": set_}],
    }
    found = of_reading(TOKEN, {**GROUP, "parameters": named("a")}, answers) or {}
    assert found["parameters"] == [*named("a"), {"name": "c", "value": "2", "applyMethod": "pending-reboot"}]
