"""The emulators as corrections and the seed use them: one asked for a call, and clients of moto without corrections."""

import functools
import io
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from moto.backends import get_backend

from rehearsal.emulator import ACCOUNT, ministack, moto
from rehearsal.emulator.router import Emulator, emulator_for
from rehearsal.emulator.wire import Call, Request, Response, identify, not_emulated


async def ask(call: Call) -> Response:
    """Let the emulator that the router names answer."""
    match emulator_for(call.service, call.operation):
        case Emulator.MINISTACK:
            return await ministack.ask(call)
        case Emulator.NOBODY:
            return not_emulated(call)
    return moto.ask(call)


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
    """Build a call as a client would send it, for `ask`."""
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
