"""What runs under the stack's roles makes its calls with the rights that the stack gave it, and needs each of them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError
from ha_web.backup.validation import handler as validation
from ha_web.failover.runtime import handler
from ha_web.failover.runtime.config import Config, load

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.emulator.iam.policies import Ask, Verdict, of_identity
from tests.components.standby import FAILED, HEALTHY, Time, answering, closed_port
from tests.conftest import DIRECT
from tests.engine.conftest import Site, stand_up

pytestmark = [pytest.mark.xdist_group("rights"), pytest.mark.timeout(600)]
PRIMARY, STANDBY = "eu-west-1", "eu-central-1"
LAMBDA, EC2 = "lambda.amazonaws.com", "ec2.amazonaws.com"

Policy = dict[str, Any]

ELSEWHERE = {
    "handle": {
        "elasticache:DisassociateGlobalReplicationGroup",  # where ElastiCache doesn't fail the datastore over
        "s3:DeleteObject",  # of a note in a bucket without versions, which isn't this stack's
    },
    "promote_stores": {"elasticache:DisassociateGlobalReplicationGroup"},
    "move_switch": {  # of a store that is still a secondary then
        *("elasticache:DisassociateGlobalReplicationGroup", "elasticache:FailoverGlobalReplicationGroup"),
    },
    "plan": {
        *("arc-region-switch:GetPlan", "arc-region-switch:GetPlanExecution", "arc-region-switch:ListPlanExecutions"),
        *("iam:SimulatePrincipalPolicy", "lambda:GetFunction", "rds:DescribeDBClusters"),  # of AWS's evaluation
        "cloudwatch:GetMetricStatistics",  # where capacity is told by metrics
        "rds:SwitchoverGlobalCluster",  # in a graceful execution
    },
    "start": {"s3:GetObject"},  # of a release without a version
}
"""Rights that are for circumstances which these tests don't have."""


by_function = pytest.mark.parametrize("site", ["automatic"], indirect=True)
by_plan = pytest.mark.parametrize("site", ["region-switch"], indirect=True)
"""Whose failover it is."""


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A stack with every store, whose failover a function or a plan carries out."""
    engine = stand_up(tmp_path_factory.mktemp("rights"))
    site = Site(engine, Account(engine.emulator))
    file = site.config
    file["config"] |= {"ha-web:failover": request.param, "ha-web:zones": 2, "ha-web:storage": {}, "ha-web:database": {}}
    file["config"].pop("ha-web:objectives", None)
    site.stack_file.write_text(yaml.safe_dump(file))
    try:
        engine.up(capture=True)
        yield site
    finally:
        process.stop(engine.home.root)


def role_of(site: Site, region: str, entry: str) -> tuple[str, dict[str, Any]]:
    """The role of the function with this handler, and the function."""
    functions = site.account.client("lambda", region).list_functions()["Functions"]
    [found] = [each for each in functions if each["Handler"].endswith(entry)]
    return found["Role"], found


def under(site: Site, role: str, service: str, region: str) -> Any:
    """Clients of what a service runs under a role."""
    keys = site.engine.emulator.credentials(role, service)
    session = boto3.Session(*(keys[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")))
    made: dict[str, Any] = {}

    def client(name: str) -> Any:
        if name not in made:
            made[name] = session.client(
                name, region_name=region, endpoint_url=site.engine.emulator.endpoint, config=DIRECT
            )
        return made[name]

    return client


def policies(site: Site, role: str) -> dict[str, Policy]:
    """A role's own policies by name."""
    iam, name = site.account.client("iam", PRIMARY), role.rpartition("/")[2]
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in names}


def needless(site: Site, role: str) -> list[str]:
    """The actions of a role's statements without which nothing that it did would have been denied."""
    asked = [Ask(each["action"], each["resource"], each["keys"]) for each in site.engine.emulator.asked(role)]
    statements = [each for policy in policies(site, role).values() for each in policy["Statement"]]
    rights = [
        (number, action)
        for number, each in enumerate(statements)
        for action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
    ]

    def denied_without(right: tuple[int, str]) -> bool:
        left = [{**statements[number], "Action": [action]} for number, action in rights if (number, action) != right]
        return any(of_identity([{"Statement": left}], ask) is not Verdict.ALLOWED for ask in asked)

    return sorted({action for number, action in rights if not denied_without((number, action))})


def write_log(site: Site, clients: Any, function: dict[str, Any]) -> None:
    """What Lambda does under a function's role at each run."""
    [made] = [each for each in site.inputs("aws:lambda/function:Function") if each["role"] == function["Role"]]
    where = {"logGroupName": made["loggingConfig"]["logGroup"], "logStreamName": "2026/11/29/[$LATEST]0"}
    clients("logs").create_log_stream(**where)
    clients("logs").put_log_events(**where, logEvents=[{"timestamp": 1, "message": "START"}])


def configuration(function: dict[str, Any], port: int) -> Config:
    config = load(function["Environment"]["Variables"])
    return replace(config, probe={"protocol": "http", "host": "127.0.0.1", "port": port, "path": "/"})


@by_function
def test_the_function_fails_over_under_its_own_role_and_needs_all_of_it(site: Site) -> None:
    role, function = role_of(site, STANDBY, "failover.handler.handle")
    clients, primary = under(site, role, LAMBDA, STANDBY), under(site, role, LAMBDA, PRIMARY)
    write_log(site, clients, function)

    def run(says: list[str], port: int, action: str = "watch") -> dict[str, Any]:
        given = configuration(function, port)
        return handler.run({"action": action}, given, clients, 580, Time().clock, lambda _: says, primary)

    with answering() as port:
        assert run(HEALTHY, port)["result"] == "primary serves"
    dead = closed_port()
    assert len(run(FAILED, dead, "plan")["steps"]) > 4
    iam, name = site.account.client("iam", PRIMARY), role.rpartition("/")[2]
    (policy, document), *_ = policies(site, role).items()
    without = [each for each in document["Statement"] if each["Sid"] != "ActAlone"]
    iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps({**document, "Statement": without}))
    with pytest.raises(ClientError, match="AccessDenied"):
        run(FAILED, dead)
    iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))

    found = run(FAILED, dead)
    assert (found["result"], found["failed"]) == ("failed over", {}), found
    assert set(needless(site, role)) == ELSEWHERE["handle"]


@by_plan
def test_the_plan_is_executed_under_its_own_role_and_its_functions_need_all_of_theirs(site: Site) -> None:
    arc = site.account.client("arc-region-switch", STANDBY)
    [plan] = arc.list_plans_in_region()["plans"]
    named = {"planArn": plan["arn"]}
    evaluated = arc.get_plan_evaluation_status(**named)
    assert evaluated["evaluationState"] == "passed", evaluated["warnings"]
    started = arc.start_plan_execution(**named, targetRegion=STANDBY, action="activate", mode="ungraceful")
    named |= {"executionId": started["executionId"]}
    events = arc.list_plan_execution_events(**named)["items"]
    assert arc.get_plan_execution(**named)["executionState"] == "completed", events
    assert set(needless(site, plan["executionRole"])) == ELSEWHERE["plan"]

    for entry in ("promote_stores", "move_switch"):  # the account only says that it was asked to run them
        role, function = role_of(site, STANDBY, entry)
        clients = under(site, role, LAMBDA, STANDBY)
        write_log(site, clients, function)
        found = handler.run_steps(handler.STEPS[entry], configuration(function, 9), clients, 500, Time().clock)
        assert not found["failed"], found
        assert set(needless(site, role)) == ELSEWHERE[entry]


class Backup:
    """AWS Backup with a restore job: it is asked under the role first; nobody emulates restore tests."""

    def __init__(self, real: Any, told: dict[str, Any]) -> None:
        self.real, self.told = real, told

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            try:
                return getattr(self.real, name)(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] not in ("NotEmulated", "ResourceNotFoundException"):
                    raise
                return self.told.get(name, {})

        return call


@by_function
def test_restores_are_validated_under_the_validations_own_role_which_needs_all_of_it(site: Site) -> None:
    role, function = role_of(site, PRIMARY, "validation.handler.handle")
    clients = under(site, role, LAMBDA, PRIMARY)
    write_log(site, clients, function)
    rds, efs = site.account.client("rds", PRIMARY), site.account.client("efs", PRIMARY)
    name = "awsbackup-restore-test-1"
    made = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
    cluster = rds.create_db_cluster(DBClusterIdentifier=name, StorageEncrypted=True, **made)["DBCluster"]
    instance = {"DBInstanceClass": "db.r6g.large", "Engine": "aurora-postgresql"}
    rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, **instance)
    files = efs.create_file_system(CreationToken=name, Encrypted=True)
    told = {"describe_restore_job": {"BackupSizeInBytes": 10**6}}
    plan = "arn:aws:backup:eu-west-1:123456789012:restore-testing-plan:p"

    def asked(service: str) -> Any:
        return Backup(clients(service), told) if service == "backup" else clients(service)

    for kind, arn in (("Aurora", cluster["DBClusterArn"]), ("EFS", files["FileSystemArn"])):
        detail = {"restoreJobId": "j", "status": "COMPLETED", "restoreTestingPlanArn": plan}
        event = {"detail": {**detail, "resourceType": kind, "createdResourceArn": arn}}
        assert validation.handle(event, None, asked)["validationStatus"] == "SUCCESSFUL"
    rules = site.account.client("events", PRIMARY)
    [daily] = [each["Name"] for each in rules.list_rules()["Rules"] if "daily" in each["Name"]]
    event = json.loads(rules.list_targets_by_rule(Rule=daily)["Targets"][0]["Input"])
    assert validation.handle(event, None, asked)["jobs"] == 0
    assert needless(site, role) == []


@by_function
@pytest.mark.parametrize("region", [PRIMARY, STANDBY])
def test_servers_start_under_their_own_role_and_need_all_of_it(site: Site, region: str) -> None:
    ec2, iam = site.account.client("ec2", region), site.account.client("iam", PRIMARY)
    [template] = ec2.describe_launch_templates()["LaunchTemplates"]
    asked = {"LaunchTemplateId": template["LaunchTemplateId"], "Versions": ["$Latest"]}
    data = ec2.describe_launch_template_versions(**asked)["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    profile = data["IamInstanceProfile"]["Arn"].rpartition("/")[2]
    [role] = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"]
    clients = under(site, role["Arn"], EC2, region)
    script = base64.b64decode(data["UserData"]).decode()
    secrets = set(re.findall(r"arn:aws:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+", script))
    assert secrets
    for secret in secrets:
        assert clients("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    fetched = re.search(r"get-object --region (\S+) --bucket (\S+) --key (\S+) --version-id (\S+)", script)
    if fetched:
        where, bucket, key, version = fetched.groups()
        assert where == region
        clients("s3").get_object(Bucket=bucket, Key=key, VersionId=version)
    console = {"ssm", "ssmmessages", "elasticfilesystem", "logs"}  # of the agents and of the mount
    left = {each for each in needless(site, role["Arn"]) if each.partition(":")[0] not in console}
    assert left <= ELSEWHERE["start"]
