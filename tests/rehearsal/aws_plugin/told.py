"""What AWS is told by an entry of the emulated plugin, without any emulator: the requests, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model, request
from rehearsal.aws_plugin.calls.context import Context
from rehearsal.aws_plugin.entry import Call
from rehearsal.plugin import sdk
from tests.conftest import REGION


@dataclass
class Listening(Context):
    """A context that keeps the requests; `answers` has what operations answer, otherwise nothing."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)

    def send(self, call: Call, request: dict[str, Any]) -> Any:
        """Keep the request of a call, which AWS's model has to accept."""
        wrong = model.problems(call.service or self.entry.service, call.operation, request)
        assert wrong == "", f"{call.operation}: {wrong}"
        self.requests.append({"call": call.operation, **request})
        return self.answers.get(call.operation, {})

    def call(self, operation: str, params: Any, service: str = "", region: str = "") -> Any:  # noqa: ARG002 - as given
        """Keep the request of a hook."""
        self.requests.append({"call": operation, **params})
        return self.answers.get(operation, {})


def _listening(token: str, args: dict[str, Any], answers: dict[str, Any], **more: Any) -> Listening:
    given = {name: value for name, value in args.items() if value is not None}
    entry, cls = registry.type_of(token), sdk.resource(token)
    return Listening(entry, cls, None, REGION, given, "it", answers=answers, **more)


def told_in_creation(token: str, args: dict[str, Any], **answers: Any) -> list[dict[str, Any]]:
    """The requests by which a resource is made; hooks that wait have to be given answers by operation."""
    context = _listening(token, args, answers)
    context.answer = request.create(context)
    context.id = "it"
    request.after_create(context)
    return context.requests


def told_in_update(
    token: str, old: dict[str, Any], answers: dict[str, Any] | None = None, **changed: Any
) -> list[dict[str, Any]]:
    """The requests of an update; None removes an argument."""
    context = _listening(token, {**old, **changed}, answers or {}, id="it", old=old, state={"arn": "arn", **old})
    context.changed = frozenset(changed)
    request.update(context)
    return context.requests


def calls(requests: list[dict[str, Any]]) -> list[str]:
    """The operations of requests."""
    return [each["call"] for each in requests]
