"""The shell that runs the runbooks' lines."""

from io import BytesIO
from typing import Any

import boto3
import pytest

from tests.docs.shell import Shell, options, parameters


class Fake:
    """A client that notes what it is asked for."""

    def __init__(self, service: str, region: str, answer: Any) -> None:
        self.meta = boto3.Session().client(service, region_name=region or "eu-west-1").meta
        self.asked: dict[str, Any] = {}
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        def call(**given: Any) -> Any:
            self.asked = {"operation": name, **given}
            return dict(self._answer)

        return call


def test_variables_pipes_and_answers_go_from_line_to_line() -> None:
    fake = Fake("secretsmanager", "eu-west-1", {"SecretString": '{"password": "old one"}'})
    shell = Shell(lambda _service, _region: fake, {"P": "eu-west-1", "SECRET": "s"})
    read = "aws secretsmanager get-secret-value --region $P --secret-id $SECRET --query SecretString --output text"
    shell.run(f"OLD=$({read} | jq -r .password)")
    assert shell.variables["OLD"] == "old one"
    shell.run(
        'aws secretsmanager put-secret-value --region $P --secret-id $SECRET --secret-string "{\\"p\\": \\"$OLD\\"}"'
    )
    assert fake.asked == {"operation": "put_secret_value", "SecretId": "s", "SecretString": '{"p": "old one"}'}


def test_what_is_echoed_becomes_an_object() -> None:
    fake = Fake("s3", "eu-west-1", {})
    Shell(lambda _service, _region: fake, {"B": "b"}).run("echo manual | aws s3 cp --region x - s3://$B/key")
    assert fake.asked == {"operation": "put_object", "Bucket": "b", "Key": "key", "Body": b"manual"}


def test_an_object_is_printed() -> None:
    fake = Fake("s3", "eu-west-1", {"Body": BytesIO(b"{}")})
    shell = Shell(lambda _service, _region: fake, {"B": "b", "R": "x"})
    assert shell.run("aws s3 cp --region $R s3://$B/outputs.json -") == "{}"
    assert fake.asked == {"operation": "get_object", "Bucket": "b", "Key": "outputs.json"}


@pytest.mark.parametrize(
    ("service", "operation", "words", "expected"),
    [
        ("elasticache", "ModifyUser", "--user-id u --passwords a b", {"UserId": "u", "Passwords": ["a", "b"]}),
        ("rds", "ModifyDBCluster", "--apply-immediately --no-deletion-protection", [True, False]),
        ("secretsmanager", "ListSecrets", "--filters Key=k,Values=v", {"Filters": [{"Key": "k", "Values": ["v"]}]}),
        ("ec2", "DescribeImages", "--max-results 5 --region x", {"MaxResults": 5}),
    ],
)
def test_options_become_parameters(service: str, operation: str, words: str, expected: Any) -> None:
    model = boto3.Session().client(service, region_name="eu-west-1").meta.service_model
    found = parameters(model.operation_model(operation).input_shape, options(words.split()))
    assert (found if isinstance(expected, dict) else [*found.values()]) == expected


def test_an_option_that_an_operation_does_not_have_is_an_error() -> None:
    model = boto3.Session().client("rds", region_name="eu-west-1").meta.service_model
    with pytest.raises(KeyError):
        parameters(model.operation_model("ModifyDBCluster").input_shape, options(["--enable-something"]))
