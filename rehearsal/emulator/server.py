"""The emulated AWS as a process: `python -m rehearsal.emulator.server HOME [OWNER]`, started by `process.start`.

One process, one event loop, one port on 127.0.0.1. Both emulators are called in it. moto's code and the corrections
run without a pause between reading and writing, so requests sent side by side cannot get into each other's way.
"""

import asyncio
import logging
import os
import secrets
import socket
import sys
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

from rehearsal.emulator import account, corrections, environment, guard, life, record
from rehearsal.emulator.corrections import quotas
from rehearsal.emulator.iam import sessions
from rehearsal.emulator.living import addresses
from rehearsal.emulator.record import Record
from rehearsal.emulator.seed import seed
from rehearsal.emulator.wire import AwsError, Request, Response, untyped_error

logger = logging.getLogger("rehearsal.server")

NOT_PASSED_ON = ("content-length", "transfer-encoding", "connection", "date", "server", "access-control-")
"""Beginnings of headers that an emulator answers and the server doesn't."""


class Server:
    """The ASGI application (https://asgi.readthedocs.io): AWS's calls, and addresses of our own.

    `GET /_rehearsal/identity` answers the token that `emulator.json` has; `POST /_rehearsal/reset` empties the
    account and seeds it again; `POST /_rehearsal/new-account` enforces a new account's quotas until then;
    `POST /_rehearsal/credentials?role=ARN&service=lambda.amazonaws.com` answers the keys that the service would give to
    what it runs under the role; `GET /_rehearsal/asked?role=ARN` answers what needed rights under it; those of the
    living mode are in `addresses`. All is for those who have the key.
    """

    def __init__(self, key: str, token: str, port: int) -> None:
        self.key, self.token, self.port = key, token, port

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        head = head_of(scope)
        if refused := guard.refusal(head, self.key, self.port, sessions.SESSIONS):
            await write(refused, send)
            return
        request = replace(head, body=await body_of(receive))
        response = self.own(request) if request.is_for_the_server else await account.answer(request)
        await write(response, send)

    def own(self, request: Request) -> Response:
        """Answer what is asked of the server itself."""
        match request.method, request.path:
            case "GET", "/_rehearsal/identity":
                return Response(200, [], self.token.encode())
            case "POST", "/_rehearsal/reset":
                account.reset()
                seed()
                return Response(204, [], b"")
            case "POST", "/_rehearsal/new-account":
                quotas.enforce()
                return Response(204, [], b"")
            case "GET", "/_rehearsal/asked":
                return Response(200, [], sessions.asked(dict(parse_qsl(request.query)).get("role", "")))
            case "POST", "/_rehearsal/credentials":
                return credentials(request)
        return addresses.answer(request) or Response(404, [], b"")


def credentials(request: Request) -> Response:
    """Keys of a role, from the service that runs something under it."""
    asked = dict(parse_qsl(request.query))
    try:
        return Response(200, [], sessions.hand_out(asked.get("role", ""), asked.get("service", "")))
    except AwsError as error:
        return untyped_error(request, error)


def head_of(scope: dict[str, Any]) -> Request:
    """A request without its body."""
    headers = {name.decode("latin-1").lower(): value.decode("utf-8", "replace") for name, value in scope["headers"]}
    path = scope["raw_path"].decode("ascii").split("?", 1)[0]
    return Request(scope["method"], path, scope["query_string"].decode("ascii"), headers, b"")


async def body_of(receive: Any) -> bytes:
    """Read a whole body."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def write(response: Response, send: Any) -> None:
    """Write a whole response, for no web page to read.

    The length of an answer to HEAD is what the emulator says, not the body's.
    """
    headers = [
        (name.lower().encode("latin-1"), value.encode("utf-8"))
        for name, value in response.headers
        if not name.lower().startswith(NOT_PASSED_ON)
    ]
    given = next((value for name, value in response.headers if name.lower() == "content-length"), None)
    length = str(len(response.body)) if response.body or given is None else given
    headers.append((b"content-length", length.encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def listen(preferred: int) -> socket.socket:
    """Open the port that was used before, or a free one."""
    for port in (preferred, 0):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio: no delay
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            sock.close()
        else:
            return sock
    raise SystemExit("rehearsal.emulator.server: no free port on 127.0.0.1")


def main(home: Path, owner: Path | None = None) -> None:
    """Serve until the process is told to end; `<home>/emulator.json` says where once it answers."""
    environment.check()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    warnings.filterwarnings("ignore", "Exception", UserWarning, "moto")  # our own error codes, on purpose
    logging.getLogger("botocore").setLevel(logging.WARNING)
    sock = listen(record.known(home).port)
    port = sock.getsockname()[1]
    key, token = f"REHEARSAL{secrets.token_hex(16).upper()}", secrets.token_hex(16)
    corrections.load()
    seed()
    guard.forbid_processes()
    Thread(target=import_module, args=("moto.ec2.models",), daemon=True).start()  # takes a second: nobody waits
    config = uvicorn.Config(
        Server(key, token, port), lifespan="off", access_log=False, log_config=None, timeout_keep_alive=3600, ws="none"
    )
    sock.listen(128)
    record.write(home, Record(port, os.getpid(), key, token))
    life.watch(home, owner)
    asyncio.run(uvicorn.Server(config).serve([sock]))


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:3]))
