"""Readings against answers of AWS that are held against botocore's model, one operation after the other."""

from typing import Any

import boto3
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from ops.core.stack import Cluster, Stack
from ops.status.reading import Ask, Reading

MAIN = Cluster("primary", "eu-west-1", "group", "tg", "arn:of:lb", "lb.example", "store", (), "db.x.example", "fs-1")
STACK = Stack("www.example.com", {"primary": MAIN})


class Answering:
    """A client that answers each operation with what it was given; an answer that is a text is that error's code."""

    def __init__(self, service: str, answers: dict[str, Any]) -> None:
        self._model = boto3.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
        self._answers = answers

    def __getattr__(self, operation: str) -> Any:
        name = self._model.meta.method_to_api_mapping[operation]
        shape = self._model.meta.service_model.operation_model(name)

        def call(**given: Any) -> Any:
            problems = ParamValidator().validate(given, shape.input_shape)
            assert not problems.has_errors(), problems.generate_report()
            answer = self._answers[operation]
            if isinstance(answer, str):
                raise ClientError({"Error": {"Code": answer, "Message": ""}}, name)
            wrong = ParamValidator().validate(answer, shape.output_shape)
            assert not wrong.has_errors(), wrong.generate_report()
            return answer

        return call


def read(readings: tuple[Reading, ...], part: str, **answers: Any) -> Any:
    """What a reading makes of answers by operation."""
    [reading] = [each for each in readings if each.part == part]
    clients = {
        service: Answering(
            service,
            {call.operation: answers.get(call.operation, {}) for call in reading.calls if call.service == service},
        )
        for service in reading.services
    }
    return reading.read(Ask(clients, reading.calls), STACK, MAIN)
