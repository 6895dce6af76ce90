"""What a package says of itself, and what is refused of it in one line."""

import pytest
from ha_web.application.manifest import Manifest, ManifestError, port_problem, port_wanted, read_manifest


def test_a_command_to_start_is_enough() -> None:
    found = read_manifest("start: node server.js\n")
    assert (found.start, found.health, found.protocols, found.port) == ("node server.js", "/healthz", ("http",), None)


def test_every_key_reaches_its_field() -> None:
    text = """
name: shop
install: ./install
start: bin/shop --port 9000
packages: [nodejs22, ImageMagick]
port: 9000
health: /up
protocols: [http, http2]
architecture: arm64
credentials: true
leaveOut: [docs]
"""
    assert read_manifest(text) == Manifest(
        name="shop",
        install="./install",
        start="bin/shop --port 9000",
        packages=("nodejs22", "ImageMagick"),
        port=9000,
        health="/up",
        protocols=("http", "http2"),
        architecture="arm64",
        credentials=True,
        leave_out=("docs",),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name: shop\n", "ha-web.yaml has no start: the command that runs the application"),
        ("start: a\nstrat: b\n", 'ha-web.yaml has "strat", which is unknown; the nearest known one is start'),
        ("start: a\n1: b\n", "ha-web.yaml has 1, which is unknown; known are architecture"),
        ("start: ''\n", 'ha-web.yaml: start is ""; it must be a text'),
        ("start: [a]\n", "ha-web.yaml: start is ['a']; it must be a text"),
        ('start: "a\\nb"\n', 'ha-web.yaml: start is "a\\nb"; it must be one line'),
        ("start: a\nport: 80\n", "ha-web.yaml: port is 80; the application runs without root's rights"),
        ("start: a\nport: 20049\n", "ha-web.yaml: port is 20049; the mount helper of the shared storage uses 20049"),
        ("start: a\nport: '80'\n", 'ha-web.yaml: port is "80"; it must be a whole number'),
        ("start: a\nport: true\n", "ha-web.yaml: port is True; it must be a whole number"),
        ("start: a\npackages: nodejs\n", 'ha-web.yaml: packages is "nodejs"; it must be a list'),
        ("start: a\npackages: ['-y']\n", 'ha-web.yaml: packages is "-y"; it must be a name that dnf knows'),
        (
            "start: a\nprotocols: [spdy]\n",
            'ha-web.yaml: protocols is "spdy"; it must be of http, http2, grpc, tcp, udp',
        ),
        ("start: a\narchitecture: amd64\n", 'architecture is "amd64"; it must be of arm64, x86_64'),
        ("start: a\ncredentials: 'no'\n", 'credentials is "no"; it must be true or false'),
        ("start: a\nhealth: up\n", 'health is "up"; it must be a path that begins with /'),
        ("- start\n", "ha-web.yaml is ['start']; it must be a mapping with at least start"),
        ("start: [\n", "ha-web.yaml is no YAML in line 2"),
    ],
)
def test_what_no_server_could_follow_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ManifestError) as error:
        read_manifest(text)
    assert [problem for problem in error.value.problems if reason in problem], error.value.problems
    assert all("\n" not in problem for problem in error.value.problems)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ManifestError) as error:
        read_manifest("port: 80\nhealth: up\n")
    assert len(error.value.problems) == 3


@pytest.mark.parametrize(("port", "fits"), [(1023, False), (1024, True), (20048, True), (20449, False), (65536, False)])
def test_ports_that_are_taken_or_need_root_are_refused(port: int, fits: bool) -> None:
    assert (port_problem("port", port) is None) == fits


@pytest.mark.parametrize(
    ("own", "given", "port", "reason"),
    [
        (None, None, 8080, None),
        (9000, None, 9000, None),
        (None, 3000, 3000, None),
        (9000, 9000, 9000, None),
        (9000, 3000, 3000, "port is 3000; the package listens on 9000 (ha-web.yaml)"),
        (None, 443, 443, "port is 443; the application runs without root's rights, so it must be 1024 to 65535"),
    ],
)
def test_the_port_is_the_packages_or_the_settings(
    own: int | None, given: int | None, port: int, reason: str | None
) -> None:
    assert port_wanted(Manifest("shop", "a", port=own), given, 8080) == (port, reason)


def test_what_it_speaks_decides_what_it_answers_behind() -> None:
    assert Manifest("shop", "a").behind == ("http", "https", "websocket", "tcp", "tls")
    assert Manifest("shop", "a", protocols=("grpc", "udp")).behind == ("grpc", "udp")
