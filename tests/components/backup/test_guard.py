"""The guard sees what a program makes, whoever makes it."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pulumi
import pytest
from ha_web import BackupAudit, BackupGuard, BackupPlan, ConfigurationError, RestoreTesting, WebCluster
from pulumi.runtime.settings import get_root_resource
from pulumi_aws import Provider, autoscaling, backup, ec2, efs, elasticache, rds, s3

from tests.components.made import make

HERE = "eu-west-1"
YES = {"ha-web:backup": "true"}


@pytest.fixture(autouse=True)
def _leaves_no_guard_behind() -> Iterator[None]:
    """The SDK's mocks keep one stack for all tests of a process."""
    yield
    root = get_root_resource()
    if root is not None:
        root._transformations = []


class Box(pulumi.ComponentResource):
    """Somebody else's component."""

    def __init__(self, name: str, tags: Any, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("theirs:index:Box", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        efs.FileSystem(f"{name}-files", tags=tags, region=HERE, opts=child)


def guarded(program: Callable[[], Any], plan: bool = True, **how: Any) -> None:
    def build() -> dict[str, Any]:
        guard = BackupGuard.watch()
        if plan:
            BackupPlan("site", {"region": HERE})
        program()
        guard.check()
        return {}

    make(build, **how)


def refusal(program: Callable[[], Any], plan: bool = True) -> str:
    with pytest.raises(ConfigurationError) as refused:
        guarded(program, plan)
    return str(refused.value)


def test_a_tagged_file_system_in_the_plans_region_is_well() -> None:
    guarded(lambda: efs.FileSystem("files", region=HERE, tags=YES))


def test_the_plan_itself_holds_no_state() -> None:
    guarded(lambda: None)


def test_a_forgotten_resource_inside_somebody_elses_component_is_named() -> None:
    assert refusal(lambda: Box("box", {"a": "b"})) == (
        'aws:efs/fileSystem:FileSystem "box-files" in eu-west-1 is in no backup plan; '
        "tag it ha-web:backup = true, or ha-web:backup = no: <reason>"
    )


def test_all_are_named_at_once() -> None:
    def program() -> None:
        rds.Cluster("db", engine="aurora-postgresql", region=HERE)
        s3.Bucket("data", region="eu-central-1", tags=YES)

    db, data = refusal(program).splitlines()
    assert db.startswith('aws:rds/cluster:Cluster "db" in eu-west-1 is in no backup plan;')
    assert data.startswith('aws:s3/bucket:Bucket "data" in eu-central-1 is in no backup plan: its region has none;')


def test_tags_known_only_later_are_looked_at_then() -> None:
    guarded(lambda: Box("box", {"ha-web:backup": pulumi.Output.from_input("true")}))
    with pytest.raises(ConfigurationError, match="box-files"):
        guarded(lambda: Box("box", pulumi.Output.from_input({"a": "b"})))


def test_tags_that_a_transformation_adds_count() -> None:
    def add(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != "aws:efs/fileSystem:FileSystem":
            return None
        return pulumi.ResourceTransformationResult({**args.props, "tags": YES}, args.opts)

    def build() -> dict[str, Any]:
        pulumi.runtime.register_stack_transformation(add)
        guarded_by = BackupGuard.watch()
        BackupPlan("site", {"region": HERE})
        Box("box", {"a": "b"})
        guarded_by.check()
        return {}

    make(build)


def test_a_tag_known_only_later_that_does_not_matter_defers_nothing() -> None:
    def program(tags: dict[str, Any]) -> None:
        other = efs.FileSystem("other", region=HERE, tags=YES)
        Box("box", {"of": other.dns_name, **tags})

    guarded(lambda: program(YES), preview=True)
    with pytest.raises(ConfigurationError, match="box-files"):
        guarded(lambda: program({}), preview=True)


def test_a_resource_with_late_tags_does_not_hide_another() -> None:
    def program() -> None:
        other = efs.FileSystem("other", region=HERE, tags=YES)
        Box("box", {"ha-web:backup": other.dns_name})
        rds.Cluster("db", engine="aurora-postgresql", region=HERE)

    with pytest.raises(ConfigurationError) as refused:
        guarded(program, preview=True)
    assert str(refused.value).startswith('aws:rds/cluster:Cluster "db"')


def test_a_preview_does_not_refuse_what_it_cannot_know() -> None:
    def program() -> None:
        other = efs.FileSystem("other", region=HERE, tags=YES)
        Box("box", {"ha-web:backup": other.dns_name})

    guarded(program, preview=True)


def test_sessions_without_snapshots_are_named() -> None:
    def program(**args: Any) -> None:
        elasticache.ReplicationGroup("sessions", description="s", region=HERE, tags=YES, **args)

    guarded(lambda: program(snapshot_retention_limit=7))
    assert "so set snapshot_retention_limit" in refusal(program)


def test_a_group_whose_servers_would_be_backed_up_is_named() -> None:
    tag: dict[str, Any] = {"key": "ha-web:backup", "value": "true", "propagate_at_launch": True}

    def program(**changed: Any) -> None:
        autoscaling.Group("fleet", max_size=1, min_size=1, region=HERE, tags=[cast(Any, {**tag, **changed})])

    guarded(lambda: program(propagate_at_launch=False))
    assert 'aws:autoscaling/group:Group "fleet" in eu-west-1 launches servers' in refusal(program)


def test_a_template_that_tags_its_disks_for_backup_is_named() -> None:
    specification = ec2.LaunchTemplateTagSpecificationArgs(resource_type="volume", tags=YES)
    line = refusal(lambda: ec2.LaunchTemplate("template", region=HERE, tag_specifications=[specification]))
    assert line.startswith('aws:ec2/launchTemplate:LaunchTemplate "template" in eu-west-1 launches servers')


def test_a_tag_on_what_holds_no_state_is_harmless_where_a_plan_lists_its_types() -> None:
    guarded(lambda: ec2.SecurityGroup("group", region=HERE, tags=YES))


def test_what_is_tagged_and_holds_no_state_is_named_where_tags_alone_select() -> None:
    def program() -> None:
        tags = [backup.SelectionSelectionTagArgs(type="STRINGEQUALS", key="ha-web:backup", value="true")]
        backup.Selection("own", plan_id="p", iam_role_arn="arn:role", region=HERE, selection_tags=tags)
        ec2.SecurityGroup("group", region=HERE, tags=YES)

    assert "holds no state" in refusal(program, plan=False)


def test_a_plan_of_ones_own_that_lists_arns_counts() -> None:
    def program() -> None:
        files = efs.FileSystem("files")
        plan = backup.Plan("own", rules=[{"rule_name": "daily", "target_vault_name": "vault"}])
        backup.Selection("own", plan_id=plan.id, iam_role_arn="arn:role", resources=[files.arn])

    guarded(program, plan=False)


def test_a_list_that_cannot_be_told_is_named() -> None:
    def program() -> None:
        late = pulumi.Output.from_input("arn").apply(str)
        backup.Selection("own", plan_id="p", iam_role_arn="arn:role", resources=[late])

    assert refusal(program, plan=False).startswith('Selection "own" lists an ARN that is known only after deployment;')


def test_conditions_in_either_spelling_are_understood() -> None:
    def program(value: str) -> None:
        efs.FileSystem("files", tags={"tier": value})
        condition: Any = {"string_equals": [{"key": "aws:ResourceTag/tier", "value": "gold"}]}
        backup.Selection("own", plan_id="p", iam_role_arn="arn:role", resources=["*"], conditions=[condition])

    guarded(lambda: program("gold"), plan=False)
    assert "is in no backup plan" in refusal(lambda: program("tin"), plan=False)


def test_default_tags_that_would_take_everything_are_named() -> None:
    guarded(lambda: None)
    pulumi.runtime.set_config("aws:defaultTags", json.dumps({"tags": YES}))
    try:
        assert "takes every resource" in refusal(lambda: None)
    finally:
        pulumi.runtime.set_config("aws:defaultTags", "{}")


def test_a_component_with_a_provider_of_its_own_is_elsewhere() -> None:
    def program() -> None:
        elsewhere = pulumi.ResourceOptions(providers=[Provider("there", region="us-east-1")])
        box = pulumi.ComponentResource("theirs:index:Holder", "holder", None, elsewhere)
        efs.FileSystem("files", tags=YES, opts=pulumi.ResourceOptions(parent=box))

    assert refusal(program).startswith(
        'aws:efs/fileSystem:FileSystem "files" in the region of provider there is in no backup plan: its region'
    )


def test_a_web_cluster_with_all_that_watches_its_backups_is_well() -> None:
    def program() -> None:
        WebCluster(
            "web",
            {
                "region": HERE,
                "network": {"cidr": "10.0.0.0/16"},
                "load_balancer": {"certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/1"},
                "fleet": {"instance_type": "t4g.small", "start_script": "#!/bin/sh\n"},
            },
        )
        BackupAudit("site", {"region": HERE, "retention_days": 7})
        RestoreTesting(
            "site", {"region": HERE, "tests": [{"kind": "S3"}], "vault_arns": ["arn:vault"], "role_arn": "arn:role"}
        )

    random = {"randomPassword": "x" * 64, "id": "random"}
    guarded(program, answers={"aws:secretsmanager/getRandomPassword:getRandomPassword": random})


def test_what_the_program_only_reads_is_not_its_to_back_up() -> None:
    guarded(lambda: efs.FileSystem.get("files", "fs-12345678"))


def test_a_nodes_state_is_its_groups() -> None:
    def program() -> None:
        elasticache.Cluster("node", replication_group_id="group", region=HERE)
        elasticache.Cluster("cache", engine="memcached", region=HERE)

    guarded(program)
