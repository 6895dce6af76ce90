"""Route 53's checkers against real endpoints: a web server in a host that can be cut off, DNS by a host's resolver."""

from pathlib import Path

from tests.rehearsal.live.conftest import Inside

ENDPOINT = """
    import ssl
    from rehearsal.live.authority import Authority
    from rehearsal.live.names.checkers import Checkers
    from rehearsal.live.names.vantage import CHECKERS

    status = [200]

    async def serve(reader, writer):
        try:
            await reader.readuntil(b"\\r\\n\\r\\n")
            writer.write(f"HTTP/1.1 {status[0]} X\\r\\nContent-Length: 5\\r\\n\\r\\nhello".encode())
            await writer.drain()
        except (OSError, EOFError):
            pass
        writer.close()

    async def checked(fabric, speed, check, **config):
        host = await fabric.add_host("web", ["203.0.113.1"], Place("eu-west-1", "eu-west-1a"))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made = Authority(Path(given_folder)).certificate("www.example.com")
        tls.load_cert_chain(made.certificate, made.key)
        await host.listen(serve, "203.0.113.1", 443, tls)
        await host.listen(serve, "203.0.113.1", 80)
        names = list(CHECKERS.items())[:4]
        hosts = {region: await fabric.add_host(region, [address], EDGE) for region, address in names}

        async def lookup(name):
            return ["203.0.113.1"]

        changes = []
        checkers = Checkers(hosts, lambda s: s / speed, lookup, lambda config: True, changes.append)
        base = {"RequestInterval": 10, "FailureThreshold": 2, "FullyQualifiedDomainName": "www.example.com"}
        checkers.take({check: {**base, **config}}, new=False)
        return checkers, changes
"""


def test_what_checkers_see_of_an_endpoint(inside: Inside, tmp_path: Path) -> None:
    """Healthy, then failing by its status, then silent because its region is cut, then healthy again."""
    source = (
        ENDPOINT
        + """
    async def until(wanted, checkers):
        for _ in range(200):
            if [w.opinion.healthy for w in checkers.watches["c"].values()] == [wanted] * 4:
                return [each[2][:40] for each in checkers.observations("c")][0]
            await asyncio.sleep(0.05)
        return "never"

    async def test(fabric, folder):
        global given_folder
        given_folder = folder
        checkers, changes = await checked(fabric, 20, "c", Type="HTTPS", ResourcePath="/healthz")
        said = [await until(True, checkers)]
        status[0] = 503
        said.append(await until(False, checkers))
        status[0] = 302
        said.append(await until(True, checkers))
        fabric.cut(Place("eu-west-1"))
        said.append(await until(False, checkers))
        fabric.heal()
        said.append(await until(True, checkers))
        checkers.close()
        return said
    """
    )
    said = inside(source, folder=str(tmp_path))
    assert said[0].startswith("Success: HTTP Status Code 200")
    assert said[1].startswith("Failure: HTTP Status Code 503")
    assert said[2].startswith("Success: HTTP Status Code 302")
    assert said[3].startswith("Failure: Connection timed out")
    assert said[4].startswith("Success")


def test_kinds_of_checks(inside: Inside, tmp_path: Path) -> None:
    source = (
        ENDPOINT
        + """
    async def test(fabric, folder):
        global given_folder
        given_folder = folder
        checkers, _ = await checked(fabric, 2, "start", Type="TCP", Port=443)
        base = {"RequestInterval": 10, "FailureThreshold": 1, "IPAddress": "203.0.113.1"}
        checkers.take(
            {
                "tcp": {**base, "Type": "TCP", "Port": 80},
                "closed": {**base, "Type": "TCP", "Port": 81},
                "http": {**base, "Type": "HTTP"},
                "text": {**base, "Type": "HTTP_STR_MATCH", "SearchString": "hell"},
                "other text": {**base, "Type": "HTTPS_STR_MATCH", "SearchString": "heaven"},
                "not TLS": {**base, "Type": "HTTPS", "Port": 80},
                "two regions": {**base, "Type": "HTTP", "Regions": ["us-east-1", "us-west-1"]},
                "off": {**base, "Type": "HTTP", "Disabled": True},
            },
            new=False,
        )
        for _ in range(400):
            found = {check: [w.opinion.healthy for w in seen.values()] for check, seen in checkers.watches.items()}
            if not any(None in each for each in found.values()):
                break
            await asyncio.sleep(0.05)
        checkers.close()
        return found
    """
    )
    found = inside(source, folder=str(tmp_path))
    everyone, nobody = [True] * 4, [False] * 4
    assert found == {
        "tcp": everyone,
        "closed": nobody,
        "http": everyone,
        "text": everyone,
        "other text": nobody,
        "not TLS": nobody,
        "two regions": [True] * 2,
    }


def test_hosts_are_answered_over_udp_and_tcp(inside: Inside) -> None:
    source = """
    import dns.message
    from rehearsal.live.names import wire
    from rehearsal.live.names.answers import Reply, Row
    from rehearsal.live.names.server import Datagrams, stream
    from rehearsal.live.network.host import RESOLVER

    async def test(fabric):
        host = await fabric.add_host("web", ["10.0.0.1"], Place("eu-west-1", "eu-west-1a"))
        reply = Reply(rows=(Row("www.example.com", "A", 60, ("203.0.113.1",)),))

        async def handle(message, udp):
            return wire.answer(message, lambda name, kind: reply, lambda s: s, udp=udp, recursive=True)

        await host.listen_udp(lambda: Datagrams(handle), RESOLVER, 53)
        await host.listen(stream(handle), RESOLVER, 53)
        question = dns.message.make_query("www.example.com", "A").to_wire()
        reader, writer = await host.connect(RESOLVER, 53)
        answers = []
        for _ in range(2):
            writer.write(len(question).to_bytes(2, "big") + question)
            size = int.from_bytes(await reader.readexactly(2), "big")
            answers.append(dns.message.from_wire(await reader.readexactly(size)).answer[0][0].address)
        writer.close()
        opened = host.socket(__import__("socket").SOCK_DGRAM)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(opened, (RESOLVER, 53))
        await loop.sock_sendall(opened, question)
        answers.append(dns.message.from_wire(await loop.sock_recv(opened, 512)).answer[0][0].address)
        return answers
    """
    assert inside(source) == ["203.0.113.1"] * 3
