"""What an entry asks AWS for, without any AWS: requests in the order in which they are made, held against the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model, request
from rehearsal.aws_plugin.calls.answer import observe
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.calls.steps import run
from rehearsal.aws_plugin.entry import Call, Type
from rehearsal.plugin import sdk
from tests.conftest import REGION

ARN = "arn:aws:service:eu-west-1:123456789012:it"

Answers = Mapping[str, Any]
"""Operation -> its answer or error; a list has one a call, the last one for all that follow."""

Asked = list[dict[str, Any]]
"""Requests, each with its operation as `call`, and with its region as `in` where it is another."""


def refused(code: str, message: str = "") -> ClientError:
    """An error of AWS's."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "")


@dataclass
class Listening(Context):
    """A context that keeps the requests and answers them."""

    asked: Asked = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The account's number."""
        return "123456789012"

    def send(self, call: Call, request: dict[str, Any]) -> Any:
        """Keep the request of a step."""
        return self.call(call.operation, request, call.service)

    def call(self, operation: str, params: Mapping[str, Any], service: str = "", region: str = "") -> Any:
        """Keep a request, which the model has to accept."""
        wrong = model.problems(service or self.entry.service, operation, dict(params))
        assert wrong == "", f"{operation}: {wrong}"
        place = region or self.region
        self.asked.append({"call": operation, **params, **({"in": place} if place != REGION else {})})
        outcomes = self.answers.get(operation, [{}])
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        if isinstance(outcome, Exception):
            raise CallError(operation, outcome)
        return outcome


def listening(token: str, args: Mapping[str, Any], answers: Answers | None, **more: Any) -> Listening:
    """The context of a resource, with answers of AWS's."""
    kept = {name: list(each) if isinstance(each, list) else [each] for name, each in (answers or {}).items()}
    given = {name: value for name, value in args.items() if value is not None}
    entry, cls = registry.type_of(token), sdk.resource(token)
    return Listening(entry, cls, None, REGION, given, "it", answers=kept, **more)


def of_creation(token: str, args: Mapping[str, Any], answers: Answers | None = None, id: str = "it") -> Asked:
    """The requests of a creation, and of what follows it."""
    context = listening(token, args, answers)
    context.answer = request.create(context)
    context.id = id
    request.after_create(context)
    return context.asked


def of_update(
    token: str,
    old: Mapping[str, Any],
    answers: Answers | None = None,
    /,
    id: str = "it",
    state: Mapping[str, Any] | None = None,
    **changed: Any,
) -> Asked:
    """The requests of an update that changes some arguments; None removes one."""
    kept = {**old, **(state or {})}
    context = listening(token, {**old, **changed}, answers, id=id, old=dict(old), state=kept)
    context.changed = frozenset(changed)
    request.update(context)
    return context.asked


def of_deletion(
    token: str, args: Mapping[str, Any], answers: Answers | None = None, /, id: str = "it", **state: Any
) -> Asked:
    """The requests of a deletion."""
    context = listening(token, args, answers, id=id, state={**args, **state})
    assert isinstance(context.entry, Type)
    for step in context.entry.deletes:
        run(step, context, {})
    return context.asked


def of_reading(
    token: str, args: Mapping[str, Any], answers: Answers, /, id: str = "it", **state: Any
) -> dict[str, Any] | None:
    """The properties that a reading finds in AWS's answers; None if the resource is gone."""
    return observe(listening(token, args, answers, id=id, state={"arn": ARN, **args, **state}))


def calls(asked: Asked) -> list[str]:
    """The operations of requests."""
    return [each["call"] for each in asked]
