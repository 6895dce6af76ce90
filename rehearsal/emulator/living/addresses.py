"""The addresses by which the live plane and the emulated AWS talk to each other, besides AWS's own API.

`POST live` with `{"speed": 1}` switches the living mode on or changes its pace, `DELETE live` switches it off,
`GET live` tells. `POST observed` takes a report (`reports`), `GET changes` counts changes by service,
`GET notices?after=N` lists what topics published, `GET wishes` lists the promotions that the data has yet to follow.
Where nobody asks any of it for a while, the mode ends (`silence`).
"""

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from rehearsal.emulator.living import changes, clock, notices, reports, silence, wishes
from rehearsal.emulator.wire import AwsError, Request, Response, untyped_error

FASTEST = 1000.0
"""Seconds at AWS for one here; a tick would be minutes."""


def answer(request: Request) -> Response | None:
    """Answer what is asked of the living mode; None for what isn't."""
    if (found := ADDRESSES.get((request.method, request.path.removeprefix("/_rehearsal/")))) is None:
        return None
    silence.hear()
    try:
        body = found(request)
    except AwsError as error:
        return untyped_error(request, error)
    except ValueError as error:
        return untyped_error(request, AwsError("BadRequest", f"{request.path}: {error}"))
    return Response(204, [], b"") if body is None else Response(200, [("content-type", "application/json")], body)


def _run(request: Request) -> None:
    speed = float(json.loads(request.body or b"{}").get("speed", 1))
    if not 0 < speed <= FASTEST:
        raise ValueError(f"speed is {speed}, and not above 0 and at most {FASTEST:g}")
    clock.run(speed)


def _tell(_: Request) -> bytes:
    return json.dumps({"speed": clock.CLOCK.speed, "aws": clock.now(), "wall": clock.wall().timestamp()}).encode()


def _notices(request: Request) -> bytes:
    return notices.as_json(int(dict(parse_qsl(request.query)).get("after", "0")))


ADDRESSES: dict[tuple[str, str], Callable[[Request], bytes | None]] = {
    ("GET", "live"): _tell,
    ("POST", "live"): _run,
    ("DELETE", "live"): lambda _: clock.stop(),
    ("POST", "observed"): lambda request: reports.take(request.body),
    ("GET", "changes"): lambda _: changes.as_json(),
    ("GET", "notices"): _notices,
    ("GET", "wishes"): lambda _: wishes.as_json(),
}
