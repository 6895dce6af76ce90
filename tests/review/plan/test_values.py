import json
from typing import Any

import pytest

from review.plan.values import SECRET, UNKNOWN, clean, shown
from tests.review import events
from tests.review.events import ENVELOPE, Stream

DATABASE = "aws:rds/instance:Instance"


def everywhere(**properties: Any) -> str:
    """A report in which the properties are inputs before, after, of something new, and a policy's remediation."""
    stream = Stream(before=properties, after={**properties, "other": 1})
    changed = dict.fromkeys(properties, "update")
    stream.resource("update", DATABASE, "one", properties, properties, diff=changed)
    stream.resource("create", DATABASE, "two", None, properties)
    stream.replacement(DATABASE, "three", properties, properties, diff=changed)
    remedy = {"resourceUrn": events.urn(DATABASE, "one"), "policyName": "p", "before": {}, "after": properties}
    stream.events.append({"policyRemediationEvent": remedy})
    return stream.report()


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "masterPassword",
        "DB_PASSWD",
        "clientSecret",
        "secretString",
        "authToken",
        "privateKeyPem",
        "keyMaterial",
        "userData",
        "userDataBase64",
        "user_data",
        "secretKey",
        "apiKey",
    ],
)
def test_a_value_whose_name_says_secret_is_never_shown_though_the_engine_did_not_mask_it(name: str) -> None:
    assert "hunter2" not in everywhere(**{name: "hunter2"})


def test_a_secret_within_an_object_a_list_and_a_json_text_is_masked() -> None:
    inner = {"variables": {"DB_PASSWORD": "hunter2", "MODE": "fast"}}
    report = everywhere(environment=inner, list=[inner], document=json.dumps(inner))
    assert "hunter2" not in report
    assert "fast" in report


def test_a_secret_in_a_list_of_names_and_values_is_masked() -> None:
    assert "hunter2" not in everywhere(environment=[{"name": "DB_PASSWORD", "value": "hunter2"}])


@pytest.mark.parametrize(
    "value",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2",
        "postgres://app:hunter2@db.example.com/app",
        "AKIAHUNTER2HUNTER2HU",
        "xoxb-" + "123456789012-hunter2",
        "github_pat_" + "11AAAAAAAAAAAAAAAAAA_hunter2",
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTYifQ.hunter2hunter2",
        "https://hooks.slack.com/services/T0/B0/hunter2",
        "https://discord.com/api/webhooks/1/hunter2",
        "https://acme.webhook.office.com/webhookb2/hunter2",
    ],
)
def test_a_value_that_looks_like_a_secret_is_masked_whatever_its_name(value: str) -> None:
    assert "hunter2" not in everywhere(setting=value).lower()


def test_the_engines_envelope_of_a_secret_is_masked() -> None:
    assert clean({"content": ENVELOPE}) == {"content": SECRET}


def test_the_value_of_a_parameter_is_masked() -> None:
    assert clean({"value": "hunter2", "name": "x"}, "aws:ssm/parameter:Parameter") == {"value": SECRET, "name": "x"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secretArn", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
        ("masterUserSecretKmsKeyId", "k"),
        ("httpTokens", "required"),
        ("manageMasterUserPassword", True),
        ("passwordLength", 32),
    ],
)
def test_what_only_speaks_of_a_secret_is_shown(name: str, value: object) -> None:
    assert clean({name: value}) == {name: value}


def test_an_unknown_secret_is_unknown() -> None:
    assert clean({"password": events.UNKNOWN}) == {"password": UNKNOWN}


def test_what_is_said_for_debugging_is_never_read() -> None:
    stream = Stream()
    stream.says("debug", "registering resource: password=hunter2")
    stream.says("info", "hunter2")
    assert "hunter2" not in stream.report()


def test_errors_and_findings_lose_what_looks_like_a_secret() -> None:
    stream = Stream()
    stream.says("error", "can't connect to postgres://app:hunter2@db")
    stream.finding("p", "found -----BEGIN PRIVATE KEY-----")
    report = stream.report()
    assert "hunter2" not in report
    assert "BEGIN PRIVATE" not in report


def test_files_are_told_by_their_hash() -> None:
    file = {
        "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
        "hash": "abcdef0123456",
        "text": "x",
    }
    assert shown(clean({"source": file})["source"]) == "file abcdef01"
