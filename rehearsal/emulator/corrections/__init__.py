"""Corrections of the emulators where a rehearsal would otherwise show something that AWS doesn't do.

One module a service. A handler takes the place of the emulators for the operations it names; it may ask them itself.
Each says which AWS page it follows (`see`), and `tests/rehearsal/emulator/test_corrections.py` shows for each that the
emulator alone is still wrong.
"""

import importlib
import logging
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.wire import AwsError, Call, Response, untyped_error

logger = logging.getLogger("rehearsal.corrections")

Handler = Callable[[Call], Awaitable[Response]]
"""Answers a call in place of the emulators; raises `AwsError` to refuse it."""

Implementation = Callable[[Call], dict[str, Any]]
"""From a call to the operation's output, named as in the API reference; raises `AwsError` to refuse it."""


@dataclass(frozen=True)
class Correction:
    """A handler and the AWS page that it follows."""

    handler: Handler
    see: str


CORRECTIONS: dict[tuple[str, str], Correction] = {}


def corrects(service: str, *operations: str, see: str) -> Callable[[Handler], Handler]:
    """Register the decorated handler for operations of a service, by botocore's names."""

    def register(handler: Handler) -> Handler:
        for operation in operations:
            if (service, operation) in CORRECTIONS:
                raise ValueError(f"{service}:{operation} is corrected twice")
            CORRECTIONS[service, operation] = Correction(handler, see)
        return handler

    return register


def implements(service: str, operation: str, see: str) -> Callable[[Implementation], Implementation]:
    """Register the decorated function as the whole implementation of an operation."""

    def register(implementation: Implementation) -> Implementation:
        async def handler(call: Call) -> Response:
            return call.answer(implementation(call))

        corrects(service, operation, see=see)(handler)
        return implementation

    return register


async def answer(call: Call) -> Response:
    """Answer a call by the correction of its operation, or by the emulator that has it."""
    correction = CORRECTIONS.get((call.service, call.operation))
    if correction is None:
        return await emulators.ask(call)
    try:
        return await correction.handler(call)
    except AwsError as error:
        return call.answer(error)
    except Exception as error:
        logger.exception("the correction of %s:%s failed", call.service, call.operation)
        return untyped_error(call.request, AwsError("InternalFailure", f"{type(error).__name__}: {error}"))


def load() -> None:
    """Import every module of this package, so that its corrections are registered."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
