"""Resources of a FailoverAutomation."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import ha_web
import pulumi
import pytest
from ha_web import ConfigurationError, FailoverAutomation, FailoverAutomationArgs
from ha_web.failover.automation import DEFAULT_AFTER_SECONDS
from ha_web.failover.function import code_archive
from ha_web.failover.runtime.config import load

from tests.components.made import Made, make
from tests.components.regional import GLOBAL_SERVICES

REGION = "eu-central-1"
CODE = Path(ha_web.__file__).parent / "failover" / "runtime"
FUNCTION = "aws:lambda/function:Function"
OUTPUTS = {FUNCTION: {"loggingConfig": {"logFormat": "JSON", "logGroup": "the-log"}}}
STORES: dict[str, Any] = {
    "capacity": {"group_name": "web-standby", "minimum": 3, "needed": 2, "patience_seconds": 200},
    "sessions": {"global_replication_group_id": "ldgnf-site", "replication_group_id": "site-standby"},
    "database": {
        "global_cluster_id": "site",
        "cluster_arn": f"arn:aws:rds:{REGION}:123456789012:cluster:site-standby",
    },
    "storage": {"source_file_system_id": "fs-1", "source_region": "eu-west-1", "file_system_id": "fs-2"},
}


def automation(**args: Any) -> Made[FailoverAutomation]:
    given = {
        "region": REGION,
        "primary": {"dns_name": "primary.elb.amazonaws.com"},
        "beacon": "ha-web-primary.www.example.com",
        "switch": {"bucket_name": "site-switch", "bucket_arn": "arn:aws:s3:::site-switch"},
        **args,
    }
    given = {key: value for key, value in given.items() if value is not None}
    return make(lambda: FailoverAutomation("site", cast(FailoverAutomationArgs, given)), outputs=OUTPUTS)


def rights(made: Made[FailoverAutomation]) -> dict[str, Any]:
    policy = json.loads(made.named("site-failover-rights")["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_the_function_gets_a_configuration_that_it_understands() -> None:
    config = load(automation(**STORES, optional=["storage"]).one(FUNCTION)["environment"]["variables"])
    assert (config.region, config.beacon, config.after_seconds) == (
        REGION,
        "ha-web-primary.www.example.com",
        DEFAULT_AFTER_SECONDS,
    )
    assert config.probe == {"protocol": "https", "host": "primary.elb.amazonaws.com", "port": 443, "path": "/healthz"}
    assert config.capacity == {"group": "web-standby", "minimum": 3, "needed": 2, "patience": 200}
    assert config.sessions == {"global_id": "ldgnf-site", "id": "site-standby"}
    assert config.database == {"global_id": "site", "arn": STORES["database"]["cluster_arn"]}
    assert config.storage == {"source_id": "fs-1", "id": "fs-2"}
    assert config.optional == ("storage",)


def test_without_stores_there_is_nothing_to_promote_and_no_right_to() -> None:
    made = automation()
    config = load(made.one(FUNCTION)["environment"]["variables"])
    assert (config.capacity, config.sessions, config.database, config.storage) == (None, None, None, None)
    switch = {"SeeSwitch", "SeeNotes", "MoveSwitch", "Note", "OweNotice", "ActAlone"}
    assert set(rights(made)) == {"Log", "Notify", "NotifyEncrypted", *switch}


def test_every_right_is_on_named_resources_but_where_aws_has_none() -> None:
    found = rights(automation(**STORES))
    assert [sid for sid, statement in found.items() if statement["Resource"] == "*"] == ["SeeCapacity"]
    assert found["MoveSwitch"]["Resource"] == "arn:aws:s3:::site-switch/standby-serves"
    deletes = [statement for statement in found.values() if "s3:DeleteObject" in json.dumps(statement)]
    # Failback is a person's: only notes between runs are deleted.
    own = ["arn:aws:s3:::site-switch/notice-owed", "arn:aws:s3:::site-switch/failover-runs"]
    assert [statement["Resource"] for statement in deletes] == own
    assert found["RaiseCapacity"]["Resource"].endswith(":autoScalingGroup:*:autoScalingGroupName/web-standby")
    assert found["PromoteSessions"]["Resource"] == [
        "arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-site",
        f"arn:aws:elasticache:{REGION}:123456789012:replicationgroup:site-standby",
    ]
    assert found["PromoteDatabase"]["Resource"] == [
        "arn:aws:rds::123456789012:global-cluster:site",
        STORES["database"]["cluster_arn"],
    ]
    assert found["LetStorageGo"]["Resource"] == [
        "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1",
        f"arn:aws:elasticfilesystem:{REGION}:123456789012:file-system/fs-2",
        f"arn:aws:elasticfilesystem:{REGION}:123456789012:file-system/fs-1",
    ]
    assert "elasticache:DisassociateGlobalReplicationGroup" in found["PromoteSessions"]["Action"]


def test_the_right_to_fail_the_database_over_holds_on_both_clusters_if_both_are_known() -> None:
    source = "arn:aws:rds:eu-west-1:123456789012:cluster:site-primary"
    found = rights(automation(database={**STORES["database"], "source_cluster_arn": source}))
    assert source in found["PromoteDatabase"]["Resource"]


def test_the_archive_has_exactly_the_folders_modules() -> None:
    assets = code_archive().assets
    assert isinstance(assets, dict)
    assert {name.removeprefix("failover/") for name in assets} == {file.name for file in CODE.glob("*.py")}
    for name, asset in assets.items():
        assert isinstance(asset, pulumi.StringAsset)
        assert asset.text == (CODE / name.removeprefix("failover/")).read_text()


def test_the_code_runs_alone_without_pulumi_and_without_ha_web(tmp_path: Path) -> None:
    import subprocess
    import sys

    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for module in CODE.glob("*.py"):
            file.writestr(f"failover/{module.name}", module.read_text())
    (tmp_path / "code.zip").write_bytes(packed.getvalue())
    script = (
        "import sys; sys.path.insert(0, 'code.zip'); import failover.handler as h;"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('pulumi', 'pulumi_aws', 'ha_web')];"
        "print(callable(h.handle), callable(h.promote_stores), callable(h.move_switch))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PATH": ""}
    )
    assert done.stdout == "True True True\n"


def test_no_concurrency_is_reserved_which_a_new_account_lacks_and_a_late_event_is_dropped() -> None:
    made = automation()
    function, once = made.one(FUNCTION), made.one("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    assert "reservedConcurrentExecutions" not in function.inputs
    assert function["timeout"] == 600
    assert (once["maximumRetryAttempts"], once["maximumEventAgeInSeconds"]) == (0, 60)
    assert (function["runtime"], function["architectures"]) == ("python3.13", ["arm64"])
    assert "vpcConfig" not in function


@pytest.mark.parametrize(("enabled", "action"), [(True, "watch"), (False, "note")])
def test_the_schedule_watches_or_only_notes_what_the_primary_runs_for_an_operator(enabled: bool, action: str) -> None:
    made = automation(enabled=enabled)
    rule = made.one("aws:cloudwatch/eventRule:EventRule")
    assert (rule["scheduleExpression"], rule["state"]) == ("rate(1 minute)", "ENABLED")
    permission = made.one("aws:lambda/permission:Permission")
    assert (permission["principal"], permission["sourceArn"]) == ("events.amazonaws.com", rule.state["arn"])
    target = made.one("aws:cloudwatch/eventTarget:EventTarget")
    assert (target["arn"], json.loads(target["input"])) == (made.outputs["function_arn"], {"action": action})
    absent = [alarm for alarm in made.all("aws:cloudwatch/metricAlarm:MetricAlarm") if alarm.name.endswith("-absent")]
    assert len(absent) == enabled


def test_its_own_failure_throttling_and_absence_raise_alarms() -> None:
    made = automation(notify=["ops@example.com"])
    alarms = {a["metricName"]: a for a in made.all("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert set(alarms) == {"Errors", "Throttles", "Invocations"}
    for alarm in alarms.values():
        assert alarm["alarmActions"] == [made.outputs["topic_arn"]]
    for metric in ("Errors", "Throttles"):
        assert alarms[metric]["dimensions"] == {"FunctionName": made.outputs["function_name"]}


def test_a_failover_of_minutes_is_not_taken_for_a_function_that_nobody_starts() -> None:
    made = automation()
    [absent] = [a for a in made.all("aws:cloudwatch/metricAlarm:MetricAlarm") if a["metricName"] == "Invocations"]
    # Lambda counts a run when it has ended; the schedule counts it when it starts.
    rule = made.one("aws:cloudwatch/eventRule:EventRule")
    assert (absent["namespace"], absent["dimensions"]) == ("AWS/Events", {"RuleName": rule.state["name"]})
    assert (absent["treatMissingData"], absent["comparisonOperator"]) == ("breaching", "LessThanThreshold")


def test_without_a_switch_the_function_is_there_for_an_operator_alone() -> None:
    made = automation(switch=None, beacon=None, enabled=False, **STORES)
    config = load(made.one(FUNCTION)["environment"]["variables"])
    assert (config.switch, config.beacon, config.capacity is None) == (None, "", False)
    assert not made.all("aws:cloudwatch/eventRule:EventRule")
    assert "MoveSwitch" not in rights(made)


def test_the_primarys_group_is_in_the_configuration() -> None:
    capacity = {**STORES["capacity"], "primary_group_name": "web-primary", "primary_region": "eu-west-1"}
    config = load(automation(capacity=capacity).one(FUNCTION)["environment"]["variables"])
    assert config.capacity is not None
    assert (config.capacity["primary_group"], config.capacity["primary_region"]) == ("web-primary", "eu-west-1")


def test_everything_of_it_is_in_the_standbys_region() -> None:
    made = automation(**STORES, notify=["ops@example.com"])
    regional = [child for child in made.children if not child.type.startswith(GLOBAL_SERVICES)]
    assert {child.name: child.get("region") for child in regional} == {child.name: REGION for child in regional}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"after_seconds": 301}, "after_seconds is 301; it must be 0 to 300"),
        ({"primary": {"dns_name": "x", "protocol": "grpc"}}, 'primary.protocol is "grpc"; it must be one of'),
        ({"primary": {"dns_name": "x", "protocol": "tcp"}}, "primary.port is missing; tcp has no usual port"),
        (
            {"capacity": {"group_name": "x", "minimum": 0}},
            "capacity.minimum is 0; at least 1 server must serve",
        ),
        (
            {"capacity": {"group_name": "x", "minimum": 2, "patience_seconds": 401}},
            "capacity.patience_seconds is 401; it must be 0 to 400",
        ),
        (
            {"capacity": {"group_name": "x", "minimum": 2, "needed": 3}},
            "capacity.needed is 3; it must be 1 to the minimum, which is 2",
        ),
        (
            {"capacity": {"group_name": "x", "minimum": 2, "primary_region": "eu-west-1"}},
            "capacity.primary_group_name and primary_region belong together; one of them is missing",
        ),
        ({"switch": None}, "beacon and switch belong together; one of them is missing"),
        ({"switch": None, "beacon": None}, "enabled is true; without a switch a person invokes the function"),
        ({"optional": ["files"]}, 'optional has "files"; it can have sessions, database, storage'),
        ({"optional": ["storage"]}, 'optional has "storage"; storage is not given'),
        ({"log_retention_days": 8}, "log_retention_days is 8; CloudWatch Logs takes only certain periods"),
        ({"notify": ["ops"]}, 'notify has "ops"; write an e-mail address'),
        ({"afterseconds": 1}, "afterseconds is unknown; the nearest known one is after_seconds"),
    ],
)
def test_bad_arguments_are_refused(args: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        automation(**args)
    assert f'FailoverAutomation "site": {message}' in str(refused.value)


def test_every_output_is_registered() -> None:
    [registered] = [found for urn, found in automation().registered.items() if urn.endswith("Automation::site")]
    assert set(registered) == set(FailoverAutomation.__annotations__)


def test_it_may_change_the_former_primarys_database_only_where_that_shall_forward_writes() -> None:
    source = "arn:aws:rds:eu-west-1:123456789012:cluster:site-primary"
    database = {**STORES["database"], "source_cluster_arn": source}
    made = automation(database={**database, "write_forwarding": True})
    assert rights(made)["LetForward"] == {
        **{"Sid": "LetForward", "Effect": "Allow"},
        **{"Action": "rds:ModifyDBCluster", "Resource": source},
    }
    config = load(made.one(FUNCTION)["environment"]["variables"])
    assert config.database is not None
    assert (config.database["source_arn"], config.database["forward"]) == (source, True)
    assert "LetForward" not in rights(automation(database=database))
    with pytest.raises(ConfigurationError, match=r"database\.source_cluster_arn is missing; it is the cluster that"):
        automation(database={**STORES["database"], "write_forwarding": True})


def test_with_a_topic_it_makes_none_and_may_publish_to_that_with_its_key() -> None:
    topic = {"arn": f"arn:aws:sns:{REGION}:123456789012:notices", "key_arn": f"arn:aws:kms:{REGION}:123456789012:key/k"}
    made = automation(topic=topic)
    assert made.all("aws:sns/topic:Topic") == []
    assert load(made.one(FUNCTION)["environment"]["variables"]).topic_arn == made.outputs["topic_arn"] == topic["arn"]
    allowed = rights(made)
    assert (allowed["Notify"]["Resource"], allowed["NotifyEncrypted"]["Resource"]) == (topic["arn"], topic["key_arn"])
    with pytest.raises(ConfigurationError, match="topic is given; subscribe addresses to that topic"):
        automation(topic=topic, notify=["ops@example.com"])
