import json
from typing import Any

import pytest

from review.assess.changes import changes_of
from review.plan import paths
from review.plan.values import ABSENT, UNKNOWN
from tests.review import events
from tests.review.events import Stream

ROLE = "aws:iam/role:Role"
ARCHIVE = {"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7"}


def changes(old: dict[str, Any], new: dict[str, Any], **more: Any) -> list[tuple[str, Any, Any]]:
    stream = Stream()
    stream.resource("update", ROLE, "role", old, new, **more)
    return [(each.name, each.before, each.after) for each in changes_of(stream.plan().changed[0])]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("healthCheck.interval", ("healthCheck", "interval")),
        ("ingress[0].fromPort", ("ingress", 0, "fromPort")),
        ('tags["a.b"]', ("tags", "a.b")),
        ('tags["say \\"hi\\""].x', ("tags", 'say "hi"', "x")),
    ],
)
def test_paths_are_read_and_written_as_the_engine_does(text: str, parts: paths.Path) -> None:
    assert paths.parsed(text) == parts
    assert paths.written(parts) == text


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [("update", 1, 2), ("add", ABSENT, 2), ("delete", 1, ABSENT), ("update-replace", 1, 2), ("add-replace", ABSENT, 2)],
)
def test_every_kind_of_difference_is_understood(kind: str, before: object, after: object) -> None:
    assert changes({"a": 1}, {"a": 2}, diff={"a": kind}) == [("a", before, after)]


def test_lists_are_told_by_index_as_the_engine_does() -> None:
    old, new = {"list": [{"port": 1}, {"port": 2}]}, {"list": [{"port": 1}, {"port": 3}]}
    assert changes(old, new, diff={"list[1].port": "update"}) == [("list[1].port", 2, 3)]


def test_what_is_within_something_unknown_is_unknown() -> None:
    assert changes({"a": {"b": 1}}, {"a": events.UNKNOWN}, diff={"a.b": "update"}) == [("a.b", 1, UNKNOWN)]


def test_without_paths_the_properties_that_the_provider_names_are_compared() -> None:
    stream = Stream()
    stream.replacement(ROLE, "role", {"a": 1, "b": {"c": 1, "d": 2}}, {"a": 1, "b": {"c": 5, "d": 2}}, keys=["b"])
    (change,) = changes_of(stream.plan().changed[0])
    assert (change.name, change.before, change.after, change.replaces) == ("b.c", 1, 5, True)


def test_a_json_text_is_compared_by_what_it_holds() -> None:
    old, new = ({"policy": json.dumps({"Statement": [{"Action": a, "Resource": "*"}]})} for a in ("s3:Get*", "s3:*"))
    assert changes(old, new, diff={"policy": "update"}) == [("policy.Statement[0].Action", "s3:Get*", "s3:*")]


def test_long_values_are_cut_where_they_differ() -> None:
    old, new = {"text": "x" * 200 + "old" + "y" * 200}, {"text": "x" * 200 + "new" + "y" * 200}
    stream = Stream()
    stream.resource("update", ROLE, "role", old, new, diff={"text": "update"})
    report = stream.report()
    assert "xold" in report
    assert "xnew" in report
    assert "x" * 100 not in report


def updated(name: str, old: dict[str, Any], new: dict[str, Any], **diff: str) -> str:
    stream = Stream()
    stream.resource("update", ROLE, name, old, new, diff={key.replace("__", "."): kind for key, kind in diff.items()})
    return stream.report()


@pytest.mark.parametrize(
    ("property_", "before", "after", "kind"),
    [
        ("tags", {"a": "1"}, {"a": "2"}, "tags"),
        ("tagsAll", {"a": "1"}, {"a": "2"}, "tags"),
        ("latestVersion", 1, 2, "versions that follow"),
        ("defaultVersion", 1, 2, "versions that follow"),
        ("code", {**ARCHIVE, "hash": "aaaa"}, {**ARCHIVE, "hash": "bbbb"}, "file contents"),
        ("sourceCodeHash", "aaaa", "bbbb", "file contents"),
        ("securityGroupId", "sg-1", events.UNKNOWN, "known after deployment"),
    ],
)
def test_noise_is_folded_and_counted(property_: str, before: Any, after: Any, kind: str) -> None:
    report = updated("role", {property_: before}, {property_: after}, **{property_: "update"})
    assert f"Noise: 1 more update (1 {kind})" in report
    assert "####" not in report.split("### Changes by component")[1].split("### Policies")[0]


def test_a_change_that_says_something_is_never_folded_with_the_noise_beside_it() -> None:
    report = updated(
        "role", {"tags": {"a": "1"}, "path": "/a"}, {"tags": {"a": "2"}, "path": "/b"}, tags="update", path="update"
    )
    assert "Noise" not in report
    assert "`path` `/a` → `/b`, 1 more" in report


def test_a_tag_that_backups_select_by_is_no_noise() -> None:
    report = updated("role", {"tags": {"ha-web:backup": "true"}}, {"tags": {}}, tags="update")
    assert "Noise" not in report


def test_a_replacement_is_never_noise() -> None:
    stream = Stream()
    stream.replacement(
        ROLE, "role", {"name": "a"}, {"name": events.UNKNOWN}, diff={"name": "update-replace"}, keys=["name"]
    )
    assert "Noise" not in stream.report()
    assert "*known after deployment* (forces replacement)" in stream.report()


def test_a_component_has_its_own_table_under_the_chain_of_its_parents() -> None:
    stream = Stream()
    web = stream.component("ha-web:index:WebCluster", "primary")
    fleet = stream.component("ha-web:index:Fleet", "primary", parent=web)
    stream.resource("create", ROLE, "role", None, {"path": "/a"}, parent=fleet)
    report = stream.report()
    assert "#### `WebCluster primary` > `Fleet primary`\n" in report
    assert "| iam.Role | `role` |" in report
    assert "|  | Kind | Name | What changes |" in report


def test_a_new_component_says_so_and_its_resources_show_what_they_are_given() -> None:
    stream = Stream()
    web = stream.component("ha-web:index:WebCluster", "third", op="create")
    stream.resource(
        "create", ROLE, "role", None, {"path": "/a", "tags": {"x": "y"}, "later": events.UNKNOWN}, parent=web
    )
    report = stream.report()
    assert "#### `WebCluster third` (🟢&nbsp;create)" in report
    assert "| `role` | `path` | *none* | `/a` |" in report


def test_many_changes_are_folded_by_component() -> None:
    stream = Stream()
    for number in range(70):
        stream.resource("create", ROLE, f"role-{number}", None, {})
    assert "<summary>The stack itself: 70 create</summary>" in stream.report()
