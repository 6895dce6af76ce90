"""What the real provider asks Secrets Manager for, for a version: its labels, and how it is found."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider.comparison import between
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_deletion, of_reading, of_update, refused

TOKEN = "aws:secretsmanager/secretVersion:SecretVersion"
ID = "web|" + "0" * 32
VERSION = "0" * 32
GIVEN = {"secretId": "web", "secretString": "s"}
LISTED = {
    "ListSecretVersionIds": {"ARN": "arn", "Versions": [{"VersionId": "1" * 32, "VersionStages": ["AWSCURRENT"]}]}
}
MOVE = {"call": "UpdateSecretVersionStage", "SecretId": "web"}


def test_only_the_label_of_the_value_is_taken_from_another_version() -> None:
    old = {**GIVEN, "versionStages": ["AWSPREVIOUS", "old"]}
    _, current, blue, gone = of_update(TOKEN, old, LISTED, id=ID, versionStages=["AWSCURRENT", "blue"])
    moved = {**MOVE, "MoveToVersionId": VERSION}
    assert current == {**moved, "VersionStage": "AWSCURRENT", "RemoveFromVersionId": "1" * 32}
    assert blue == {**moved, "VersionStage": "blue"}
    assert gone == {**MOVE, "VersionStage": "old", "RemoveFromVersionId": VERSION}  # AWSPREVIOUS has gone by itself


def test_a_version_loses_the_labels_that_are_known_of_it() -> None:
    [asked] = of_deletion(TOKEN, GIVEN, id=ID, versionStages=["AWSCURRENT", "blue"])
    assert asked == {**MOVE, "VersionStage": "blue", "RemoveFromVersionId": VERSION}
    marked = refused("InvalidRequestException", "the secret because it was marked for deletion.")
    assert of_deletion(TOKEN, GIVEN, {"UpdateSecretVersionStage": marked}, id=ID, versionStages=["blue", "green"])
    with pytest.raises(CallError):
        of_deletion(TOKEN, GIVEN, {"UpdateSecretVersionStage": refused("InternalError")}, id=ID, versionStages=["blue"])


def test_nobody_reads_the_value_that_is_only_written() -> None:
    found = {"Versions": [{"VersionId": VERSION, "VersionStages": ["AWSCURRENT"]}], "ARN": "arn"}
    answers = {"ListSecretVersionIds": found, "GetSecretValue": refused("AccessDeniedException")}
    written = {"secretId": "web", "secretStringWo": "s", "secretStringWoVersion": 1}
    read: dict[str, Any] = of_reading(TOKEN, written, answers, id=ID) or {}
    assert (read["versionId"], read["versionStages"], read["hasSecretStringWo"]) == (VERSION, ["AWSCURRENT"], True)
    assert of_reading(TOKEN, written, {**answers, "ListSecretVersionIds": {"ARN": "arn"}}, id=ID) is None


@pytest.mark.parametrize("name", ["secretString", "secretStringWoVersion"])
def test_another_value_is_another_version(name: str) -> None:
    found = between(registry.type_of(TOKEN), {"secretId": "web", name: 1}, {}, {"secretId": "web", name: 2}, REGION, {})
    assert found.replaces == [name]
