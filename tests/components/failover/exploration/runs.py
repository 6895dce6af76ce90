"""The function's own code, call by call: where a run stands, and where an answer takes it.

A run is a function of the answers that it got. It is executed from its start with the answers known so far; at the call
whose answer isn't known it is thrown away. Where two histories of answers lead to the same place, they are one: the
same line of each function that is running, with the same values in the variables that still matter, and the same
error if one is being handled. In the midst of `observe`, which keeps
what it has read where no variable shows it, the answers since its start must be the same, too.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass
from functools import partial
from types import FrameType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.components.failover.exploration.calls import CALLS, SETTINGS, Call, answer_to
from tests.components.failover.exploration.copies import Copy
from tests.components.failover.exploration.live import live_at

STEP_SECONDS = 60
"""By which a sleep moves a run's clock, however short: the looks between would see what these see, and do nothing."""

LIMIT_SECONDS = 250
"""Until a run must have ended. Time for both checks, the waits, and to let the session store go."""

NOW = 1000.0


READ_INTO_A_DICT = ("read sessions", "read database", "read storage")
"""While `observe` asks these, no variable shows what it has so far."""


class Stopped(BaseException):
    """The run needs an answer that nobody has given yet. No `except` of the function's catches it."""


@dataclass(frozen=True, eq=False)
class Place:
    """Where a run stands."""

    number: int
    action: str
    answers: tuple[Any, ...]
    """One history that leads here."""
    call: Call | None
    """What it asks; None if it has ended."""
    result: str = ""
    """How it ended."""


@dataclass
class Tape:
    """One execution."""

    answers: tuple[Any, ...]
    code: Copy
    at: int = 0
    seconds: float = 0.0
    note: str = ""
    observing: FrameType | None = None
    since: int = 0
    """Where in the answers the latest `observe` began."""
    asked: Call | None = None
    key: Any = None
    locks: list[Any] = field(default_factory=list)

    def ask(self, call: Call) -> Any:
        if self.asked:
            raise Stopped  # while it is thrown away, a `finally` may ask
        frame: FrameType | None = sys._getframe(2)
        while frame and frame.f_code.co_name not in ("observe", "run"):
            frame = frame.f_back
        observes = frame is not None and frame.f_code.co_name == "observe"
        if observes and frame is not self.observing:
            self.observing, self.since = frame, self.at
        if self.at < len(self.answers):
            self.at += 1
            return (
                answer_to(call, self.answers[self.at - 1], self.note)
                if call[0] != "look"
                else self.answers[self.at - 1]
            )
        self.asked = call
        hides = observes and call[0] in READ_INTO_A_DICT
        before = self.answers[self.since :] if hides else ()
        self.key = (call, self.seconds, self._frames(hides), before, _plain(sys.exc_info()[1]))
        raise Stopped

    def _frames(self, hides: bool) -> tuple[Any, ...]:
        found, frame = [], sys._getframe(2)
        while frame.f_code.co_name != "execute":
            if frame.f_code.co_filename.startswith(self.code.folder):
                found.append(_frame(frame))
            if hides and frame.f_code.co_name == "observe":
                found = [_frame(frame)]  # what is further in follows from the answers
            frame = frame.f_back  # type: ignore[assignment]  # `execute` is below
        waiting = [_frame(lock.gen.gi_frame) for lock in self.locks if lock.gen.gi_frame]
        return (*found, *waiting)

    def clients(self, service: str) -> Any:
        return _Client(self, service)

    def look(self, *_: Any) -> Any:
        beacon, probe = self.ask(("look", None))
        return self.code.observe.Views(self.code.observe.View(beacon), self.code.observe.View(probe))

    def lock(self, config: Any, clients: Any, now: float, until: float) -> Any:
        """The function's own lock; what it waits in isn't on the stack, so it is kept in sight."""
        self.locks.append(self.code.notes.only_run(config, clients, now, until))
        return self.locks[-1]

    def sleep(self, _seconds: float) -> None:
        self.seconds += STEP_SECONDS


class _Client:
    def __init__(self, tape: Tape, service: str) -> None:
        self._tape, self._service = tape, service

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return partial(self._ask, operation)

    def _ask(self, operation: str, **params: Any) -> Any:
        call = CALLS[self._service](operation, params)
        if call[0] in ("put lock", "overwrite lock"):
            self._tape.note = params["Body"].decode()
        return self._tape.ask(call)


HIDDEN = {"config", "clients", "resolver", "primary", "clock", "event", "reading"}
"""Variables that are the same in each run, or hold nothing."""


def _frame(frame: FrameType) -> tuple[Any, ...]:
    names = live_at(frame.f_code, frame.f_lasti) - HIDDEN
    values = tuple((name, _plain(value)) for name, value in frame.f_locals.items() if name in names)
    return frame.f_code.co_name, frame.f_lasti, values


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, BaseException):
        code = value.response["Error"]["Code"] if isinstance(value, ClientError) else ""
        return type(value).__name__, code, str(value), _plain(value.__context__)
    if isinstance(value, dict):
        return tuple((_plain(key), _plain(each)) for key, each in value.items())
    if isinstance(value, list | tuple | set):
        return tuple(_plain(each) for each in value)
    if is_dataclass(value):
        return tuple(_plain(getattr(value, name)) for name in value.__dataclass_fields__)
    return type(value).__name__


class Runs:
    """All places that were reached, each once."""

    def __init__(self, code: Copy, **settings: Any) -> None:
        given = {**SETTINGS, **settings}
        self.config = code.config.parse({key: value for key, value in given.items() if value is not None})
        self.code = code
        self.places: list[Place] = []
        self.executed = 0
        self._known: dict[Any, Place] = {}
        self._after: dict[tuple[int, Any], Place] = {}
        self._starts: dict[str, Place] = {}

    def start(self, action: str) -> Place:
        if action not in self._starts:
            self._starts[action] = self.execute(action, ())
        return self._starts[action]

    def after(self, place: Place, answer: Any) -> Place:
        key = place.number, answer
        if key not in self._after:
            self._after[key] = self.execute(place.action, (*place.answers, answer))
        return self._after[key]

    def execute(self, action: str, answers: tuple[Any, ...]) -> Place:
        self.executed += 1
        tape, handler = Tape(answers, self.code), self.code.handler
        clock = handler.Clock(now=lambda: tape.seconds, sleep=tape.sleep, epoch=lambda: NOW)
        handler.look, handler.only_run = tape.look, tape.lock
        try:
            result = handler.run({"action": action}, self.config, tape.clients, LIMIT_SECONDS, clock)["result"]
        except Stopped:
            return self._place(tape.key, action, answers, tape.asked, "")
        except Exception as error:
            if not isinstance(error, ClientError | BotoCoreError | RuntimeError):
                raise
            result = f"raised {type(error).__name__}"
        if tape.asked:
            raise AssertionError("the function caught what ends its execution")
        return self._place(("ended", result), action, answers, None, result)

    def _place(self, key: Any, action: str, answers: tuple[Any, ...], call: Call | None, result: str) -> Place:
        if key not in self._known:
            self._known[key] = Place(len(self.places), action, answers, call, result)
            self.places.append(self._known[key])
        return self._known[key]
