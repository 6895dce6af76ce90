"""Exactly one plan selects each resource that holds state, and no other: case by case."""

from typing import Any

import pytest
from ha_web.backup.coverage import Held, Selection, problems

HERE, THERE = "eu-west-1", "eu-central-1"
EFS, S3 = "aws:efs/fileSystem:FileSystem", "aws:s3/bucket:Bucket"
VALKEY = "aws:elasticache/replicationGroup:ReplicationGroup"
YES = {"ha-web:backup": "true"}
ADVICE = "tag it ha-web:backup = true, or ha-web:backup = no: <reason>"


def held(type_: str = EFS, place: str | None = HERE, tags: dict[str, str] | None = None, **more: Any) -> Held:
    return Held(type_, "files", place, YES if tags is None else tags, **more)


def tagged(name: str = "plan", place: str | None = HERE, **more: Any) -> Selection:
    given: dict[str, Any] = {"plan": name, "tags": [("ha-web:backup", "true")], **more}
    return Selection(name, place=place, **given)


def listing(*resources: str, **more: Any) -> Selection:
    return tagged(tags=[], resources=resources, **more)


@pytest.mark.parametrize(
    ("resource", "selections"),
    [
        (held(), [tagged()]),
        (held(place=THERE), [tagged(), tagged("copy-plan", THERE)]),
        (held(place=None), [tagged()]),
        (held(S3, tags={"ha-web:backup": "no: logs"}), [tagged()]),
        (held(VALKEY, snapshots=True), [tagged()]),
        (held(VALKEY, tags={}, snapshots=True), []),
        (held("aws:ec2/vpc:Vpc", tags={}), [tagged()]),
        (held(), [tagged("one", plan="same"), tagged("two", plan="same")]),
        (held(tags={}), [listing("*")]),
        (held(tags={}), [listing("arn:aws:elasticfilesystem:*:*:file-system/*")]),
        (held(tags={}), [listing("arn:aws:elasticfilesystem:eu-west-1:*:*")]),
        (held(tags={}, reference="#3"), [listing("#3")]),
        (held(tags={"tier": "gold"}), [listing("*", conditions={"string_equals": [("aws:ResourceTag/tier", "gold")]})]),
        (held(tags={"tier": "gold"}), [listing("*", conditions={"string_likes": [("aws:ResourceTag/tier", "g*")]})]),
        (held("aws:autoscaling/group:Group", tags={}, launched=({"a": "b"},)), [tagged()]),
    ],
)
def test_it_is_well(resource: Held, selections: list[Selection]) -> None:
    assert problems([resource], selections) == []


FILES = f'{EFS} "files" in eu-west-1'


@pytest.mark.parametrize(
    ("resource", "selections", "line"),
    [
        (held(tags={}), [tagged()], f"{FILES} is in no backup plan; {ADVICE}"),
        (held(tags={"ha-web:backup": "yes"}), [tagged()], f"{FILES} is in no backup plan; {ADVICE}"),
        (held(), [tagged("plan", THERE)], f"{FILES} is in no backup plan: its region has none; {ADVICE}"),
        (held(), [tagged("a"), tagged("b")], f"{FILES} is in 2 backup plans (a, b); one is enough"),
        (
            held(tags={"ha-web:backup": "no"}),
            [tagged()],
            f"{FILES} has the tag ha-web:backup = no without a reason; write no: <reason>",
        ),
        (
            held(tags={"ha-web:backup": "no: logs"}),
            [listing("*")],
            f"{FILES} has the tag ha-web:backup = no: logs but is in a backup plan (plan)",
        ),
        (
            held("aws:ec2/vpc:Vpc"),
            [tagged()],
            'aws:ec2/vpc:Vpc "files" in eu-west-1 is in a backup plan (plan) but holds no state that AWS Backup takes',
        ),
        (
            held(VALKEY),
            [tagged()],
            f'{VALKEY} "files" in eu-west-1 has no snapshots; AWS Backup doesn\'t support it, so set '
            "snapshot_retention_limit",
        ),
        (
            held("aws:autoscaling/group:Group", tags={}, launched=(YES,)),
            [tagged()],
            'aws:autoscaling/group:Group "files" in eu-west-1 launches servers that a backup plan takes; '
            "remove the tag ha-web:backup from them: they hold no state",
        ),
        (held(tags={}), [listing("arn:aws:rds:*:*:cluster:*")], f"{FILES} is in no backup plan; {ADVICE}"),
        (
            held(tags={}),
            [listing("arn:aws:elasticfilesystem:eu-central-1:*:file-system/*")],
            f"{FILES} is in no backup plan; {ADVICE}",
        ),
        (
            held(tags={}),
            [listing("*", not_resources=["arn:aws:elasticfilesystem:*:*:*"])],
            f"{FILES} is in no backup plan; {ADVICE}",
        ),
        (
            held(tags={"tier": "tin"}),
            [listing("*", conditions={"string_not_equals": [("aws:ResourceTag/tier", "tin")]})],
            f"{FILES} is in no backup plan; {ADVICE}",
        ),
        (
            held(tags={"tier": "gold"}),
            [listing("*", conditions={"string_equals": [("aws:ResourceTag/tier", "g*")]})],
            f"{FILES} is in no backup plan; {ADVICE}",
        ),
    ],
)
def test_the_line_names_the_resource_and_what_to_do(resource: Held, selections: list[Selection], line: str) -> None:
    assert problems([resource], selections) == [line]


def test_a_selection_has_tags_or_a_list_never_both() -> None:
    both = tagged(resources=["arn:aws:elasticfilesystem:*:*:file-system/*"])
    assert problems([held()], [both]) == [
        'Selection "plan" has tags and a list of resources; AWS Backup takes what matches either'
    ]


def test_a_list_of_what_is_not_known_yet_is_told() -> None:
    assert problems([], [listing(opaque=True)]) == [
        'Selection "plan" lists an ARN that is known only after deployment; '
        "pass the arn of a resource of this program, or select by tag"
    ]


def test_a_tag_that_the_provider_puts_on_everything_is_told() -> None:
    assert problems([], [tagged()], {"ha-web:backup": "true", "a": "b"}) == [
        'Selection "plan" takes every resource: aws:defaultTags has its tag; '
        "set the tag only on resources that hold state"
    ]
    assert problems([], [tagged()], {"ha-web:backup": "no: logs"}) == []


def test_every_resource_has_its_line() -> None:
    assert len(problems([held(tags={}), held(S3, tags={}), held()], [tagged()])) == 2
