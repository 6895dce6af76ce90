"""One request of one checker to an endpoint, within the times that Route 53 gives it.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.live.names.health import Config
from rehearsal.live.network.host import Host

CONNECT_SECONDS = 4.0
"""For the TCP connection of an HTTP check."""

ANSWER_SECONDS = 2.0
"""For the status after that, and again for the body of a string match."""

TCP_SECONDS = 10.0
"""For the connection of a TCP check."""

SHORTEST = 0.5
"""Seconds here, however fast AWS's time passes: a busy machine isn't a failed endpoint."""

SEARCHED = 5120
"""Bytes of the body in which the string must be."""

AGENT = "Amazon-Route53-Health-Check-Service (ref {check}; report http://amzn.to/1vsZADi)"


@dataclass(frozen=True)
class Outcome:
    """What a checker saw, in the words of GetHealthCheckStatus."""

    passed: bool
    text: str
    address: str = ""


def context() -> ssl.SSLContext:
    """Return TLS settings of a checker, which doesn't validate certificates (same page)."""
    made = ssl.create_default_context()
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


@dataclass(frozen=True)
class Prober:
    """Asks endpoints from a host. `real`: from seconds at AWS to seconds here."""

    host: Host
    real: Callable[[float], float]
    tls: ssl.SSLContext

    async def ask(self, check: str, config: Config, address: str) -> Outcome:
        """Ask an endpoint once."""
        kind, port = config["Type"], int(config.get("Port") or (443 if config["Type"].startswith("HTTPS") else 80))
        made = self.host.socket()
        taken = False
        try:
            limit = TCP_SECONDS if kind == "TCP" else CONNECT_SECONDS
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(made, (address, port)), self._seconds(limit))
            if kind == "TCP":
                return Outcome(True, "Success: The health checker established a TCP connection", address)
            name = config.get("FullyQualifiedDomainName") or address
            secure = kind.startswith("HTTPS")
            taken = True  # by a transport, which closes it
            return await asyncio.wait_for(
                self._http(made, check, config, name, address, secure=secure),
                self._seconds(ANSWER_SECONDS * (2 if kind.endswith("_STR_MATCH") else 1)),
            )
        except TimeoutError:
            return Outcome(
                False, "Failure: Connection timed out. The endpoint or the internet connection is down", address
            )
        except (OSError, ValueError, EOFError, ssl.SSLError) as error:
            return Outcome(False, f"Failure: {type(error).__name__}: {error}", address)
        finally:
            if not taken:
                made.close()

    def _seconds(self, seconds: float) -> float:
        return max(SHORTEST, self.real(seconds))

    async def _http(
        self, made: socket.socket, check: str, config: Config, name: str, address: str, *, secure: bool
    ) -> Outcome:
        named = name if secure and config.get("EnableSNI", True) else ""
        reader, writer = await asyncio.open_connection(
            sock=made,
            ssl=self.tls if secure else None,
            server_hostname=named if secure else None,
        )
        try:
            path = config.get("ResourcePath") or "/"
            lines = (f"GET {path} HTTP/1.1", f"Host: {name}", f"User-Agent: {AGENT.format(check=check)}")
            writer.write("\r\n".join((*lines, "Accept: */*", "Connection: close", "", "")).encode("latin-1"))
            status = int((await reader.readline()).split()[1])
            if not 200 <= status < 400:
                return Outcome(False, f"Failure: HTTP Status Code {status}. Resolved IP: {address}", address)
            wanted = config.get("SearchString")
            if config["Type"].endswith("_STR_MATCH") and wanted and wanted not in await _body(reader):
                return Outcome(False, f"Failure: HTTP Status Code {status}, but the body hasn't the string", address)
            return Outcome(True, f"Success: HTTP Status Code {status}. Resolved IP: {address}. OK", address)
        except IndexError as error:
            raise ValueError("not an HTTP answer") from error
        finally:
            writer.transport.abort()


async def _body(reader: asyncio.StreamReader) -> str:
    while (await reader.readline()).strip():
        pass
    found = b""
    while len(found) < SEARCHED and (more := await reader.read(SEARCHED - len(found))):
        found += more
    return found.decode(errors="replace")
