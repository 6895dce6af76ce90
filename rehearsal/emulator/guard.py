"""Who may ask the emulated AWS, and what asking it can't do: start a process.

The server listens on the loopback address, where any program of any user of the machine can reach it, and any web page
through a browser. So each start has a random access key of its own, which only the owner of the home can read.
"""

import hmac
import sys
from collections.abc import Collection

from rehearsal.emulator import KEY_HEADER
from rehearsal.emulator.wire import AwsError, Request, Response, untyped_error

STARTS = frozenset(
    {
        *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        *("pty.spawn", "os.startfile"),
    }
)
"""Python's audit events of new processes: https://docs.python.org/3/library/audit_events.html"""


def refusal(request: Request, key: str, port: int, of_roles: Collection[str] = ()) -> Response | None:
    """The answer to who may not ask; None for the rehearsal's own clients. The body isn't looked at.

    of_roles: keys that were given to what runs under a role. They are random, too, and ask nothing of the server.

    A browser sends `Origin` with whatever a page could have it send to another site but plain GETs, and the page's own
    name as `Host`: https://fetch.spec.whatwg.org/#origin-header
    """
    if request.headers.get("host") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        return _refused(request, f"The Host is neither 127.0.0.1:{port} nor localhost:{port}.")
    if "origin" in request.headers:
        return _refused(request, "Web pages may not ask (the request has an Origin).")
    given = request.headers.get(KEY_HEADER) if request.is_for_the_server else request.access_key
    keys = (key,) if request.is_for_the_server else (key, *of_roles)
    if not any(hmac.compare_digest((given or "").encode(), each.encode()) for each in keys):
        return _refused(request, "The access key isn't the one of this start of the rehearsal.")
    return None


def _refused(request: Request, why: str) -> Response:
    return untyped_error(request, AwsError("InvalidClientTokenId", f"The rehearsal's emulated AWS: {why}", 403))


def forbid_processes() -> None:
    """Have every attempt of this process to start another fail from now on. It can't be undone."""
    sys.addaudithook(_forbid)


def _forbid(event: str, _: tuple[object, ...]) -> None:
    if event in STARTS:
        raise PermissionError("the emulated AWS starts no process")
