"""TLS from the load balancer on a server of stand-ins; what it wrote is tried with a real HAProxy and OpenSSL."""

import shutil
import socket
import ssl
import stat
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ha_web.application.server import tls

from rehearsal.live.programs import haproxy
from tests.components.application.machine import Machine

HERE = "127.0.0.1"


def machine(folder: Path) -> Machine:
    made = Machine(folder)
    made.boot = replace(made.boot, tls_port=8443, tls_alpn="http/1.1")
    return made


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A server that has booted, and said nothing on its way that anybody must look at."""
    made = machine(tmp_path_factory.mktemp("server"))
    run = made.start()
    assert (run.returncode, run.stderr) == (0, "")
    return made


def free_port() -> int:
    with closing(socket.socket()) as opened:
        opened.bind((HERE, 0))
        return int(opened.getsockname()[1])


def test_the_proxy_is_installed_and_started_and_asked(started: Machine) -> None:
    calls = started.calls
    assert "dnf install -y -q python3.12 python3.12-pip haproxy openssl\n" in calls
    assert calls.index("systemctl restart ha-web-app") < calls.index("systemctl restart ha-web-tls")
    assert calls.index("systemctl restart ha-web-tls") < calls.index("https://127.0.0.1:8443/healthz")
    assert started.unit("ha-web-tls.service") == tls.unit()


def test_only_the_proxy_reads_the_key(started: Machine) -> None:
    etc = started.root / "etc/ha-web"
    assert stat.S_IMODE((etc / "tls.pem").stat().st_mode) == 0o400
    assert f"chown haproxy:haproxy {etc / 'tls.pem'}\n" in started.calls
    assert not [file.name for file in etc.iterdir() if file.name in ("tls.key", "tls.request")]


def test_a_server_without_tls_has_none_of_it(tmp_path: Path) -> None:
    server = Machine(tmp_path)
    server.start()
    assert "ha-web-tls" not in server.calls
    assert "haproxy" not in server.calls
    assert not (server.root / "etc/ha-web/tls.pem").exists()


def test_a_proxy_that_does_not_answer_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    server = machine(tmp_path)
    server.boot = replace(server.boot, tls_port=9443, boot_seconds=2)
    run = server.start()
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        "ha-web start: the application answers on port 8080, but not by TLS on port 9443"
    )


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
def test_what_it_wrote_takes_tls_and_hands_on(alpn: str, started: Machine, tmp_path: Path) -> None:
    taken, handed = free_port(), free_port()
    file = tmp_path / "tls.cfg"
    written = tls.configuration(taken, handed, alpn)
    file.write_text(written.replace(tls.CERTIFICATE, str(started.root / "etc/ha-web/tls.pem")))
    program, environment = haproxy()
    with (
        Application(handed),
        subprocess.Popen([program, "-db", "-f", file], env=environment, stderr=subprocess.PIPE) as proxy,
    ):
        try:
            answer, agreed, version, subject = ask(taken, alpn)
        finally:
            proxy.terminate()
    assert (answer.split()[1], agreed) == (b"200", alpn)
    assert version == "TLSv1.3"
    assert subject != b""


class Application:
    """What listens behind the proxy."""

    def __init__(self, port: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer((HERE, port), Handler)

    def __enter__(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def ask(port: int, alpn: str) -> tuple[bytes, str | None, str | None, bytes]:
    """Ask as a load balancer does, which checks no certificate: the answer, what was agreed on, the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([alpn])
    deadline = time.monotonic() + 10
    while True:
        try:
            opened = socket.create_connection((HERE, port), 5)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    with context.wrap_socket(opened) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
        return (
            answer,
            connection.selected_alpn_protocol(),
            connection.version(),
            connection.getpeercert(binary_form=True) or b"",
        )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd's own check of units")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    file = tmp_path / "ha-web-tls.service"
    file.write_text(tls.unit().replace("ExecStart=haproxy", "ExecStart=/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "ha-web-tls.service" in line] == []
