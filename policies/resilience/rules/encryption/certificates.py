"""Certificates: strong keys, and on the public record."""

from collections.abc import Iterator

from resilience.aws.types import CERTIFICATE, KEY
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

IN_TRANSIT = well_architected("SEC09-BP02", "sec_protect_data_transit_encrypt")


@RULES.rule(
    "certificate-key-strong",
    "A certificate's key can't be guessed.",
    Severity.HIGH,
    security_hub("ACM.2"),
    CERTIFICATE,
)
def key_strong(certificate: Resource, _: Config) -> Iterator[str]:
    """RSA of 2,048 bits is the default."""
    if certificate.get("keyAlgorithm") == "RSA_1024":
        yield "keyAlgorithm is RSA_1024; 2,048 bits at least, or an elliptic curve"


@RULES.rule(
    "certificate-on-record",
    "A certificate is in the public logs of certificates.",
    Severity.MEDIUM,
    IN_TRANSIT,
    CERTIFICATE,
)
def on_record(certificate: Resource, _: Config) -> Iterator[str]:
    """Browsers refuse one that isn't. https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html"""
    if certificate.get("options.certificateTransparencyLoggingPreference") == "DISABLED":
        yield "options.certificateTransparencyLoggingPreference is DISABLED; browsers refuse it"


@RULES.rule(
    "key-enabled",
    "A key can be used.",
    Severity.HIGH,
    well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt"),
    KEY,
)
def key_enabled(key: Resource, _: Config) -> Iterator[str]:
    """What it encrypts can't be read while it is off."""
    if key.get("isEnabled") is False:
        yield "isEnabled is off; nothing that it encrypts can be read"
