"""The plane's own certificate authority: what it signs is trusted by who trusts its bundle, by name and date."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal.live.authority import Authority


def shake_hands(authority: Authority, name: str, valid_for: timedelta = timedelta(days=30)) -> None:
    """Do a TLS handshake in memory with a server that has a certificate for two names."""
    files = authority.certificate("www.example.com", "*.cache.amazonaws.com", valid_for=valid_for)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(files.combined)
    ours = ssl.create_default_context(cafile=str(authority.bundle))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(to_client, to_server, server_hostname=name)
    server = theirs.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (client, server):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue


@pytest.mark.parametrize("name", ["www.example.com", "primary.cache.amazonaws.com"])
def test_a_name_that_is_signed_for_is_trusted(tmp_path: Path, name: str) -> None:
    shake_hands(Authority(tmp_path), name)


def test_another_name_is_not(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(Authority(tmp_path), "other.example.com")


def test_one_that_has_expired_is_not(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        shake_hands(Authority(tmp_path), "www.example.com", timedelta(days=-1))


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    files = Authority(tmp_path).certificate("www.example.com")
    assert {file.stat().st_mode & 0o77 for file in (files.key, files.combined)} == {0}
