"""RestoreTesting: its resources and refusals."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pulumi
import pytest
from ha_web import ConfigurationError, RestoreTesting, RestoreTestingArgs
from ha_web.backup.restore_rules import audit_name, name_problem
from ha_web.backup.restore_testing import code_archive

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
FUNCTION = "aws:lambda/function:Function"
GIVEN: dict[str, Any] = {
    "region": "eu-west-1",
    "vault_arns": ["arn:vault"],
    "role_arn": "arn:role",
    "tests": [{"kind": "Aurora", "metadata": {"dbSubnetGroupName": "data"}}, {"kind": "EFS"}, {"kind": "S3"}],
}


def restoring(name: str = "site-tests", **args: Any) -> Made[RestoreTesting]:
    return make(lambda: RestoreTesting(name, cast(RestoreTestingArgs, {**GIVEN, **args})))


def rights(made: Made[RestoreTesting]) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], json.loads(made.one("aws:iam/rolePolicy:RolePolicy")["policy"])["Statement"])


def test_the_latest_recovery_point_of_the_last_week_is_restored_every_week() -> None:
    plan = restoring().one(PLAN)
    assert plan["scheduleExpression"] == "cron(0 6 ? * SUN *)"
    assert plan["recoveryPointSelection"] == {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": ["arn:vault"],
        "recoveryPointTypes": ["CONTINUOUS", "SNAPSHOT"],
        "selectionWindowDays": 7,
    }


def test_every_kind_has_a_selection_of_what_carries_the_backup_tag() -> None:
    made = restoring()
    found = {each["protectedResourceType"]: each for each in made.all(SELECTION)}
    assert set(found) == {"Aurora", "EFS", "S3"}
    for each in found.values():
        assert "protectedResourceArns" not in each.inputs  # the provider refuses it beside conditions
        condition = {"key": "aws:ResourceTag/ha-web:backup", "value": "true"}
        assert each["protectedResourceConditions"] == {"stringEquals": [condition]}
        assert (each["iamRoleArn"], each["validationWindowHours"]) == ("arn:role", 2)
        assert each["restoreTestingPlanName"] == made.one(PLAN)["name"]
    assert found["Aurora"]["restoreMetadataOverrides"] == {"dbSubnetGroupName": "data"}
    assert "restoreMetadataOverrides" not in found["EFS"]


def test_names_are_such_as_aws_takes() -> None:
    assert restoring().one(PLAN)["name"] == "test_site_tests"
    assert audit_name("a-b", "c.d--e") == "a_b_c_d_e"
    assert name_problem("1a") == "name gives 1a; AWS Backup needs a letter first"


def test_a_small_function_judges_what_this_plan_restored() -> None:
    made = restoring()
    function = made.one(FUNCTION)
    assert (function["runtime"], function["handler"]) == ("python3.13", "validation.handler.handle")
    rule = made.named("site-tests-restored")
    pattern = json.loads(rule["eventPattern"])
    assert pattern["source"] == ["aws.backup"]
    assert pattern["detail-type"] == ["Restore Job State Change"]
    plan = made.outputs["plan_arn"]
    assert pattern["detail"] == {"status": ["COMPLETED"], "restoreTestingPlanArn": [plan]}
    target = made.named("site-tests-restored-target")
    assert target["arn"] == function.state["arn"]
    permission = made.named("site-tests-events-invoke")
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["sourceArn"] == rule.state["arn"]
    assert function["loggingConfig"]["logGroup"] == made.outputs["log_group_name"]


def test_the_function_may_look_and_tell_and_nothing_else() -> None:
    statements = rights(restoring())
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    told = {"backup:DescribeRestoreJob", "backup:ListRestoreJobs", "backup:PutRestoreValidationResult"}
    assert [set(s["Action"]) for s in statements if s["Resource"] == "*"] == [told]
    looks = {s["Action"]: s["Resource"] for s in statements if isinstance(s["Action"], str)}
    assert looks.pop("backup:ListRestoreTestingSelections") == restoring().outputs["plan_arn"]
    assert looks == {
        "rds:DescribeDBClusters": "arn:aws:rds:eu-west-1:123456789012:cluster:awsbackup-restore-test*",
        "rds:DescribeDBInstances": "arn:aws:rds:eu-west-1:123456789012:db:awsbackup-restore-test*",
        "elasticfilesystem:DescribeFileSystems": "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/*",
        "s3:ListBucket": "arn:aws:s3:::awsbackup-restore-test*",
    }
    [logs] = [s for s in statements if s.get("Sid") == "Logs"]
    assert logs["Resource"].endswith(":*")


def test_it_may_look_only_at_what_is_tested() -> None:
    looks = {s["Action"] for s in rights(restoring(tests=[{"kind": "S3"}])) if isinstance(s["Action"], str)}
    assert looks == {"backup:ListRestoreTestingSelections", "s3:ListBucket"}


def test_every_day_the_function_looks_back_at_the_tests_of_its_plan() -> None:
    made = restoring(passed_within_days=10)
    rule, target = made.named("site-tests-daily"), made.named("site-tests-daily-target")
    assert rule["scheduleExpression"] == "cron(0 12 * * ? *)"
    assert (target["rule"], target["arn"]) == (rule.state["name"], made.one(FUNCTION).state["arn"])
    plan = {"planName": made.outputs["plan_name"], "planArn": made.outputs["plan_arn"], "days": 10}
    assert json.loads(target["input"]) == plan
    assert made.named("site-tests-daily-invoke")["sourceArn"] == rule.state["arn"]
    with pytest.raises(ConfigurationError, match="passed_within_days is 31; AWS Backup lists the restores of 1 to 30"):
        restoring(passed_within_days=31)


def test_the_functions_archive_runs_as_lambda_loads_it(tmp_path: Path) -> None:
    assets = code_archive().assets
    assert isinstance(assets, dict)
    for path, asset in assets.items():
        assert isinstance(asset, pulumi.StringAsset)
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(asset.text)
    code = "import importlib; importlib.import_module('validation.handler').handle"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


def test_programs_without_restore_tests_import_no_lambda() -> None:
    code = "import sys, ha_web; print('pulumi_aws.lambda_._inputs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_region_reaches_every_child() -> None:
    def build(region: str | None) -> RestoreTesting:
        return RestoreTesting("site", cast(RestoreTestingArgs, {**GIVEN, "region": region}))

    assert_region_reaches_everything(build)


def test_the_outputs_are_registered() -> None:
    made = restoring()
    [registered] = [outputs for urn, outputs in made.registered.items() if urn.endswith("RestoreTesting::site-tests")]
    assert set(registered) == set(RestoreTesting.__annotations__)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"tests": []}, "tests is empty; nothing would be restored"),
        ({"vault_arns": []}, "vault_arns is empty; there is nothing to restore from"),
        (
            {"tests": [{"kind": "EBS"}]},
            'tests has "EBS"; the types that can be validated are Aurora, DocumentDB, EFS, Neptune, RDS, S3',
        ),
        ({"tests": [{"kind": "S3"}, {"kind": "S3"}]}, 'tests has "S3" twice; once is enough'),
        ({"window_days": 366}, "window_days is 366; AWS Backup takes 1 to 365"),
        ({"vaults": []}, "vaults is unknown; the nearest known one is vault_arns"),
    ],
)
def test_bad_arguments_are_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        restoring(**args)
    assert str(refused.value) == f'RestoreTesting "site-tests": {message}'


def test_a_name_that_aws_would_not_take_is_refused() -> None:
    name = "x" * 46
    with pytest.raises(ConfigurationError, match="51 characters; AWS Backup takes 50"):
        restoring(name)
