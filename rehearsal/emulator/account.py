"""The one account: how a call gets its answer, and clients with which corrections and the seed call it themselves."""

import functools
import io
import logging
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from ministack.app import _reset_all_state
from moto.backends import get_backend
from moto.moto_api._internal.models import moto_api_backend

from rehearsal.emulator import ACCOUNT, ministack, moto
from rehearsal.emulator.corrections import CORRECTIONS, RESETS
from rehearsal.emulator.router import Emulator, emulator_for
from rehearsal.emulator.wire import AwsError, Call, Request, Response, identify, not_emulated, untyped_error

logger = logging.getLogger("rehearsal.account")


ALONE = "x-rehearsal-emulator"
"""A request header that names an emulator: it answers alone, uncorrected. Tests look at what is still wrong so."""


async def answer(request: Request) -> Response:
    """Answer a request as the account would."""
    call = identify(request)
    match request.headers.get(ALONE):
        case Emulator.MOTO:
            return moto.ask(call)
        case Emulator.MINISTACK:
            return await ministack.ask(call)
    correction = CORRECTIONS.get((call.service, call.operation))
    if correction is None:
        return await ask_emulator(call)
    try:
        return await correction.handler(call)
    except AwsError as error:
        return call.answer(error)
    except Exception as error:
        logger.exception("the correction of %s:%s failed", call.service, call.operation)
        return untyped_error(call, AwsError("InternalFailure", f"{type(error).__name__}: {error}"))


async def ask_emulator(call: Call) -> Response:
    """Let the emulator that the router names answer."""
    match emulator_for(call.service, call.operation):
        case Emulator.MINISTACK:
            return await ministack.ask(call)
        case Emulator.NOBODY:
            return not_emulated(call)
    return moto.ask(call)


def reset() -> None:
    """Empty the account: every service, every region."""
    moto_api_backend.reset()
    _reset_all_state()
    for forget in RESETS:
        forget()


def listed(service: str, region: str, operation: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
    """Everything that a list or describe operation of moto's finds under `key`, on however many pages."""
    made = client(service, region)
    if not made.can_paginate(operation):
        found: list[dict[str, Any]] = getattr(made, operation)(**parameters)[key]
        return found
    return [one for page in made.get_paginator(operation).paginate(**parameters) for one in page.get(key, [])]


def moto_models(service: str, region: str) -> Any:
    """moto's own objects of a service in a region, for what its API cannot change. Imported when first needed."""
    return get_backend(service)[ACCOUNT][region]  # type: ignore[call-overload]  # a literal for each service


@functools.cache
def client(service: str, region: str) -> Any:
    """A botocore client for moto in this very process: no correction applies to what it calls.

    Its calls are synchronous, so between two of them no other request is served.
    """
    made = _make(service, region)
    made.meta.events.register("before-send", _send)
    return made


def _make(service: str, region: str) -> Any:
    return _session().create_client(
        service,
        region_name=region,
        endpoint_url="http://127.0.0.1",
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="rehearsal",
        config=Config(retries={"max_attempts": 0}, parameter_validation=False),
    )


@functools.cache
def _session() -> Any:
    return botocore.session.Session(profile=None)


class _Prepared(Exception):
    """Carries a request that was built and is not to be sent."""

    def __init__(self, request: Request) -> None:
        self.request = request


def request_for(service: str, operation: str, region: str, **parameters: Any) -> Call:
    """Build a call as a client would send it, for `ask_emulator`."""
    made = _unsent(service, region)
    try:
        getattr(made, xform_name(operation))(**parameters)
    except _Prepared as prepared:
        return identify(prepared.request)
    raise AssertionError(f"{service}:{operation} was not built")


@functools.cache
def _unsent(service: str, region: str) -> Any:
    made = _make(service, region)
    made.meta.events.register("before-send", _keep)
    return made


def _keep(request: AWSPreparedRequest, **_: object) -> None:
    raise _Prepared(_from_botocore(request))


def _from_botocore(request: AWSPreparedRequest) -> Request:
    url = urlsplit(request.url)
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    return Request(request.method, url.path or "/", url.query, headers, body)


def _send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
    found = moto.ask(identify(_from_botocore(request)))
    return AWSResponse(request.url, found.status, dict(found.headers), _Raw(found.body))


class _Raw(io.BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, amount: int = 65536, **_: object) -> Any:
        """Yield the body in pieces."""
        while piece := self.read(amount):
            yield piece
