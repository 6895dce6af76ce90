"""moto, called in this process."""

import io
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from moto.core.config import default_user_config
from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from rehearsal.emulator.wire import AwsError, Call, Request, Response, not_emulated, untyped_error

logger = logging.getLogger("rehearsal.moto")

default_user_config["lambda"] = {"use_docker": False}  # what is invoked isn't executed
default_user_config["batch"] = {"use_docker": False}


def create_app(service: Any) -> Any:
    """Make the part of moto that answers for a service, when it is first asked for."""
    if service is None:
        raise NotImplementedError("moto does not have this service")
    return create_backend_app(service)


application = DomainDispatcherApplication(create_app)


def ask(call: Call) -> Response:
    """Call moto. What it has no code for is answered with the error `NotEmulated`."""
    status, headers = 500, list[tuple[str, str]]()

    def start_response(line: str, found: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = int(line.split(" ", 1)[0]), found
        return lambda _: None

    try:
        chunks: Iterable[bytes] = application(environment(call.request), start_response)
        body = b"".join(chunks)
    except NotImplementedError as error:
        logger.info("%s:%s is not emulated: %s", call.service, call.operation, error)
        return not_emulated(call)
    except Exception as error:
        logger.exception("%s:%s failed inside moto", call.service, call.operation)
        return internal_failure(call, error)
    if is_web_page(status, body):
        return not_emulated(call)
    return Response(status, headers, body)


def is_web_page(status: int, body: bytes) -> bool:
    """Tell whether this is werkzeug's page about an unknown address, which no AWS client can read."""
    return status >= HTTPStatus.BAD_REQUEST and body[:14].lower() == b"<!doctype html"


def internal_failure(call: Call, error: Exception) -> Response:
    """Answer as AWS does when it is at fault, but for the status: after a 500, clients would try again in vain."""
    failure = AwsError("InternalFailure", f"moto: {type(error).__name__}: {error}", 400)
    try:
        return call.answer(failure)
    except Exception:  # the request itself may be what could not be read
        return untyped_error(call.request, failure)


def environment(request: Request) -> dict[str, Any]:
    """The request as WSGI has it: https://peps.python.org/pep-3333/#environ-variables."""
    host, _, port = request.headers.get("host", "127.0.0.1").partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "RAW_URI": f"{request.path}?{request.query}" if request.query else request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    names = {}
    for name, value in request.headers.items():
        if name in ("content-length", "transfer-encoding"):
            continue
        environ[environ_key_for_header(name)] = value
        if "_" in name and name.startswith("x-amz-meta-"):
            names[environ_key_for_header(name)] = name
    environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = names
    return environ
