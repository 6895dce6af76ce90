"""The context of a step: the arguments, the state, the templates' values, and the way to AWS."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import botocore
import botocore.exceptions
import jmespath

from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.entry import Call, Function, Read, Type
from rehearsal.plugin import conventions, sdk

RECORDED = conventions.RECORDED

TEMPLATE = re.compile(r"\{([^{}]+)\}")


class CallError(Exception):
    """An AWS call that failed; `cause` is boto3's error."""

    def __init__(self, operation: str, cause: Exception) -> None:
        if isinstance(cause, botocore.exceptions.ClientError):
            error = cause.response.get("Error", {})
            text = f"{error.get('Code', 'error')}: {error.get('Message', cause)}"
        else:
            text = str(cause)
        super().__init__(f"{operation}: {' '.join(text.split())}")
        self.cause = cause


@dataclass
class Context:
    """The resource (or function call) at hand. Values are plain; unknown ones are `UNKNOWN`, in dry runs only."""

    entry: Type | Function
    cls: sdk.Class
    clients: Clients | None
    region: str
    args: dict[str, Any]
    name: str = ""
    id: str = ""
    old: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    default_tags: dict[str, str] = field(default_factory=dict)
    dry: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def account(self) -> str:
        """The emulated account's number."""
        return UNKNOWN if self.clients is None else self.clients.account

    @property
    def partition(self) -> str:
        """The region's partition, mostly "aws"."""
        return "aws" if self.clients is None else self.clients.partition(self.region)

    def lookup(self, expression: str) -> Any:
        """The value of a template's expression; None if there is none."""
        names = set(re.findall(r"(?<![.\w'])[A-Za-z_]\w*", expression))
        values = {name: self._named(name) for name in names}
        if any(isinstance(value, str) and value == UNKNOWN for value in values.values()):
            return UNKNOWN
        return jmespath.search(expression, {name: value for name, value in values.items() if value is not None})

    def _named(self, name: str) -> Any:
        """The value of a name in a template."""
        special: dict[str, Callable[[], Any]] = {
            "account": lambda: self.account,
            "partition": lambda: self.partition,
            "region": lambda: self.region,
            "id": lambda: self.id or (UNKNOWN if self.dry else None),
            "old": lambda: self.old,
            "unique": lambda: uuid.uuid4().hex,
            "answer": lambda: UNKNOWN if self.dry and self.answer is None else self.answer,
        }
        if name in self.extra:
            return self.extra[name]
        if name in special:
            return special[name]()
        if name in self.args or name in self.old:
            return self.args.get(name)
        if self.dry and name in self.cls.outputs and name not in self.cls.arguments:
            return self.state.get(name, UNKNOWN)
        return self.state.get(name)

    def resolve(self, value: Any) -> Any:
        """A value with its templates filled in; what is left without a value, or empty by that, is left out."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            pairs = {key: self.resolve(each) for key, each in value.items()}
            found: Any = {key: each for key, each in pairs.items() if each is not None}
            return found if found or not value else None
        if isinstance(value, (list, tuple)):
            found = [each for each in map(self.resolve, value) if each is not None]
            return found if found or not value else None
        return value

    def request(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The request of a call's constants and templates."""
        return self.resolve(params) or {}

    def _text(self, text: str) -> Any:
        whole = TEMPLATE.fullmatch(text)
        if whole:
            return self.lookup(whole[1])
        found = [self.lookup(expression) for expression in TEMPLATE.findall(text)]
        if any(each is None for each in found):
            return None
        if any(model.is_unknown(each) for each in found):
            return UNKNOWN
        parts = iter(found)
        return TEMPLATE.sub(lambda _: str(next(parts)), text)

    def call(self, operation: str, params: Mapping[str, Any], service: str = "", region: str = "") -> Any:
        """Make an API call; CallError if AWS refuses it."""
        assert self.clients is not None, "dry runs make no calls"
        client = self.clients.client(service or self.entry.service, region or self.region)
        try:
            return getattr(client, botocore.xform_name(operation))(**params)
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            raise CallError(operation, error) from error

    def send(self, call: Call, request: dict[str, Any]) -> Any:
        """Make the call of an entry, or only validate it if this is a dry run or the call is recorded."""
        service = call.service or self.entry.service
        if self.dry or call.recorded:
            wrong = model.problems(service, call.operation, request)
            if wrong:
                raise model.RefusedError("", f"{call.operation}: {wrong}")
            if not self.dry:
                self.state[RECORDED] = sorted({*self.state.get(RECORDED, []), call.operation})
            return {}
        answer = self.call(call.operation, request, service)
        if call.failed and (failed := jmespath.search(call.failed, answer)):
            raise CallError(call.operation, RuntimeError(str(failed)))
        if call.wait:
            self._wait(call, service, answer)
        return answer

    def _wait(self, call: Call, service: str, answer: Any) -> None:
        assert self.clients is not None
        self.answer = self.answer or answer
        waiter = self.clients.client(service, self.region).get_waiter(call.wait)
        try:
            waiter.wait(**self.request(call.waits), WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        except botocore.exceptions.WaiterError as error:
            raise CallError(call.operation, error) from error

    def read(self, read: Read) -> Any:
        """Return what a `Read` finds at its path; None if there is nothing."""
        answer = self.call(read.operation, self.request(read.params), read.service)
        return jmespath.search(self.resolve(read.at), answer)
