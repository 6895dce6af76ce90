"""The hosts of Route 53 and S3, and the resolver of every other host."""

from collections.abc import Callable

from rehearsal.live.lab import Lab
from rehearsal.live.names import wire
from rehearsal.live.names.answers import Reply
from rehearsal.live.names.buckets import Buckets, tls
from rehearsal.live.names.resolvers import Resolvers
from rehearsal.live.names.server import Datagrams, Handler, stream
from rehearsal.live.names.vantage import CHECKERS
from rehearsal.live.network.fabric import Fabric
from rehearsal.live.network.host import RESOLVER, Host
from rehearsal.live.network.places import EDGE, Place

SERVER = "192.0.2.53"
"""Of Route 53's servers, which have real addresses at AWS; this one is of a range for examples (RFC 5737)."""

BUCKETS = "198.18.3."
"""The first three numbers of S3's addresses, of a range for tests (RFC 2544)."""

BUCKET_TTL = 5.0
"""Seconds that S3's addresses may be kept."""


async def put_up_server(fabric: Fabric, handle: Handler) -> None:
    """Let Route 53's server answer at the edge."""
    host = await fabric.add_host("route53", [SERVER], EDGE)
    await _serve_dns(host, SERVER, handle)


async def put_up_checkers(fabric: Fabric) -> dict[str, Host]:
    """Put up a host for each checker; return them by their Regions."""
    return {r: await fabric.add_host(f"checker-{r}", [address], EDGE) for r, address in CHECKERS.items()}


async def put_up_resolver(host: Host, resolvers: Resolvers, real: Callable[[float], float]) -> None:
    """Let a host ask for names."""

    async def handle(message: bytes, udp: bool) -> bytes:
        silent = False

        def ask(name: str, kind: str) -> Reply:
            nonlocal silent
            reply = resolvers.ask(name, kind, host.place)
            silent = reply is None
            return Reply("NXDOMAIN") if reply is None or reply.code == "REFUSED" else reply

        answer = wire.answer(message, ask, real, udp=udp, recursive=True)
        return b"" if silent else answer

    await _serve_dns(host, RESOLVER, handle)


async def put_up_buckets(lab: Lab, region: str, number: int) -> tuple[Buckets, str, str]:
    """Let S3 of a Region answer; return it with the name of its buckets, and its address.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    name, address = f"*.s3.{region}.amazonaws.com", f"{BUCKETS}{number}"
    host = await lab.fabric.add_host(f"s3-{region}", [address], Place(region))
    made, buckets = lab.authority.certificate(name), Buckets(lab.account.ask, region)
    await host.listen(buckets.serve, address, 443, tls(str(made.certificate), str(made.key)))
    return buckets, name, address


async def _serve_dns(host: Host, address: str, handle: Handler) -> None:
    await host.listen_udp(lambda: Datagrams(handle), address, 53)
    await host.listen(stream(handle), address, 53)
