"""The application as installed, with TLS to the session store: the certificate and its name are checked."""

import asyncio
import datetime
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.app.rig import App, Endpoint, Valkey, free_port, listening

Start = Callable[..., App]


def certify(folder: Path, host: str) -> Path:
    """A self-signed certificate for the host, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def encrypted(tmp_path: Path, store: Valkey) -> Iterator[tuple[int, str]]:
    """A port that speaks TLS for the store (the bundled server can't), and the file with its certificate."""
    certificate = certify(tmp_path, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    endpoint = Endpoint(store.port)
    with listening(endpoint.handle, endpoint.port, ssl=context):
        yield endpoint.port, str(certificate)


def test_sessions_work_over_tls(start: Start, encrypted: tuple[int, str]) -> None:
    port, certificate = encrypted
    app = start(port, SESSION_TLS="true", SESSION_TLS_CA_FILE=certificate, SESSION_HOST="localhost")
    with app.browser() as browser:
        assert [browser.get("/").json()["visits"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_of_another_name_or_an_unknown_authority_is_refused(
    start: Start, encrypted: tuple[int, str], trusted: bool
) -> None:
    port, certificate = encrypted
    host = (
        {"SESSION_HOST": "127.0.0.1", "SESSION_TLS_CA_FILE": certificate} if trusted else {"SESSION_HOST": "localhost"}
    )
    answer = start(port, SESSION_TLS="true", **host).get("/readyz")
    assert answer.status_code == 503
    assert "CERTIFICATE_VERIFY_FAILED" in answer.text
    assert ("127.0.0.1" if trusted else "self-signed") in answer.text


@pytest.mark.parametrize(("named", "code"), [("localhost", 200), ("127.0.0.1", 503)])
def test_the_primary_is_checked_by_the_name_that_a_replica_tells(
    start: Start, encrypted: tuple[int, str], named: str, code: int
) -> None:
    """With TLS, AWS's clusters tell names, not addresses."""
    port, certificate = encrypted
    replica = free_port()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.read(65536):
            writer.write(b"+OK\r\n" if b"AUTH" in asked else f"-MOVED 1 {named}:{port}\r\n".encode())

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with listening(handle, replica, ssl=context):
        app = start(replica, SESSION_TLS="true", SESSION_TLS_CA_FILE=certificate, SESSION_HOST="localhost")
        answer = app.get("/readyz")
        assert answer.status_code == code
        assert ("CERTIFICATE_VERIFY_FAILED" in answer.text) == (code == 503)
