"""A certificate authority of the live plane: the site's names, the stores' and the databases' names."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SYSTEM_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


@dataclass(frozen=True)
class Certificate:
    """Files of a certificate, in PEM."""

    certificate: Path
    key: Path
    combined: Path
    """Both, as HAProxy reads them."""


class Authority:
    """Signs for whatever AWS's own authorities would sign for; made anew for each live plane."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ha-web rehearsal")])
        self._own = self._build(self._name, self._key, [], timedelta(days=365))
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))
        self.bundle = folder / "bundle.pem"
        """The authorities that processes trust: this machine's and ours."""
        system = next((Path(name) for name in SYSTEM_BUNDLES if Path(name).is_file()), None)
        self.bundle.write_bytes((system.read_bytes() if system else b"") + self.file.read_bytes())

    def certificate(self, *names: str, valid_for: timedelta = timedelta(days=30)) -> Certificate:
        """Return a certificate for these DNS names; the same files for the same names, written anew.

        valid_for: a negative one gives a certificate that has expired.
        """
        stem = self._folder / sha256(" ".join(names).encode()).hexdigest()[:16]
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
        made = self._build(subject, key, list(names), valid_for).public_bytes(serialization.Encoding.PEM)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        files = Certificate(stem.with_suffix(".crt"), stem.with_suffix(".key"), stem.with_suffix(".pem"))
        for file, content in ((files.certificate, made), (files.key, private), (files.combined, made + private)):
            file.touch(mode=0o600)
            file.write_bytes(content)
        return files

    def _build(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, names: list[str], valid_for: timedelta
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        begins = now + min(timedelta(), valid_for) - timedelta(days=1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(now + valid_for)
            .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
        return builder.sign(self._key, hashes.SHA256())
