"""A host that is lost is silent: no answer, and no word that what it had is over."""

from tests.rehearsal.live.conftest import Inside


def test_a_lost_host_does_not_even_say_that_its_processes_have_ended(inside: Inside) -> None:
    source = """
async def test(fabric):
    zone = Place("eu-west-1", "eu-west-1a")
    server = await fabric.add_host("server", ["10.0.0.4"], zone)
    users = await fabric.add_host("users", ["192.0.2.1"], EDGE)
    program = "import socket, time; s = socket.create_server(('10.0.0.4', 7)); c = s.accept(); time.sleep(60)"
    await server.start(["python3", "-c", program], env={})
    for _ in range(100):
        try:
            reader, writer = await asyncio.wait_for(users.connect("10.0.0.4", 7), 1)
            break
        except OSError:
            await asyncio.sleep(0.05)
    server.lose()
    try:
        heard = await asyncio.wait_for(reader.read(1), 1)
    except TimeoutError:
        heard = "nothing"
    return [str(heard), server.lost, server.everything()]
"""
    assert inside(source) == ["nothing", True, []]
