"""A game day's templates and their role, and what it refuses."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, GameDay, GameDayArgs

from tests.components.made import Made, make

TEMPLATE = "aws:fis/experimentTemplate:ExperimentTemplate"
ARGS: dict[str, Any] = {
    "region": "eu-west-1",
    "own": "ha-web-prod",
    "group_name": "web",
    "zone_name": "eu-west-1a",
    "zone_subnet_ids": ["subnet-1", "subnet-2", "subnet-3"],
    "balancer_subnet_ids": ["subnet-1", "subnet-4"],
    "database_cluster_arn": "arn:aws:rds:eu-west-1:123456789012:cluster:data",
    "elasticache": True,
    "stop_alarm_arns": ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:nobody-served"],
}


def game_day(**args: Any) -> Made[GameDay]:
    return make(lambda: GameDay("web", cast(GameDayArgs, {**ARGS, **args})))


def templates(made: Made[GameDay]) -> dict[str, Any]:
    return {each["tags"]["ha-web:scenario"]: each for each in made.all(TEMPLATE)}


def test_each_experiment_has_a_template_and_its_id_is_told() -> None:
    made = game_day()
    found = templates(made)
    assert set(found) == set(made.outputs["template_ids"])
    assert made.outputs["template_ids"]["zone"] == found["zone"].id


def test_an_alarm_ends_every_experiment_but_that_of_a_region() -> None:
    found = templates(game_day())
    assert found.pop("region")["stopConditions"] == [{"source": "none"}]
    alarm = {"source": "aws:cloudwatch:alarm", "value": ARGS["stop_alarm_arns"][0]}
    assert [each["stopConditions"] for each in found.values()] == [[alarm]] * 4


def test_subnets_are_named_by_their_arns() -> None:
    [target] = templates(game_day())["region"]["targets"]
    prefix = "arn:aws:ec2:eu-west-1:123456789012:subnet/"
    assert target["resourceArns"] == [f"{prefix}subnet-1", f"{prefix}subnet-4"]


def test_a_zone_without_a_writer_is_lost_all_the_same_and_an_experiment_on_nothing_fails() -> None:
    modes = {
        name: each["experimentOptions"]["emptyTargetResolutionMode"] for name, each in templates(game_day()).items()
    }
    assert modes.pop("zone") == "skip"
    assert set(modes.values()) == {"fail"}


def test_only_the_service_may_take_the_role_and_only_for_this_account() -> None:
    [statement] = json.loads(game_day().one("aws:iam/role:Role")["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "fis.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_the_role_has_no_right_on_what_is_not_there() -> None:
    alone = {key: value for key, value in ARGS.items() if key not in ("database_cluster_arn", "elasticache")}
    made = make(lambda: GameDay("web", cast(GameDayArgs, alone)))
    policy = made.one("aws:iam/rolePolicy:RolePolicy")["policy"]
    assert "rds:" not in policy
    assert "elasticache:" not in policy


def test_the_region_reaches_every_template_and_the_rights() -> None:
    made = game_day(region="eu-central-1")
    assert {each["region"] for each in made.all(TEMPLATE)} == {"eu-central-1"}
    assert "eu-west-1" not in made.one("aws:iam/rolePolicy:RolePolicy")["policy"].replace(
        ARGS["database_cluster_arn"], ""
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"minutes": 0}, "minutes is 0; it must be 1 to 720"),
        ({"own": ""}, "own has 0 characters; the value of a tag has 1 to 256"),
        ({"zone_subnet_ids": []}, "zone_subnet_ids is empty; give those that are silenced"),
        ({"stop_alarm_arns": []}, "stop_alarm_arns is empty; an experiment that nobody ends may become an outage"),
        ({"zone": "eu-west-1a"}, "zone is unknown"),
    ],
)
def test_what_can_not_be_is_refused(args: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        game_day(**args)
    assert said in str(error.value)
