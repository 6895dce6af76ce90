"""Images and disks: encrypted and not public; and what holds for every server of the account."""

from collections.abc import Iterator

from resilience.aws.types import (
    EBS_SNAPSHOT_BLOCK,
    EBS_SNAPSHOT_COPY,
    IMAGE,
    IMAGE_BLOCK,
    IMAGE_COPY,
    INSTANCE,
    LAUNCH_CONFIGURATION,
    LAUNCH_TEMPLATE,
    METADATA_DEFAULTS,
)
from resilience.aws.values import amount, is_on
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

AT_REST = well_architected("SEC08-BP02", "sec_protect_data_rest_encrypt")


@RULES.rule(
    "image-encrypted",
    "An image's disks are encrypted.",
    Severity.MEDIUM,
    AT_REST,
    IMAGE,
    IMAGE_COPY,
    EBS_SNAPSHOT_COPY,
)
def image_encrypted(image: Resource, _: Config) -> Iterator[str]:
    """A copy of an encrypted image must say so, too. A disk from a snapshot is as that is."""
    if image.type != IMAGE:
        if not is_on(image, "encrypted"):
            yield "encrypted is off"
        return
    for number in range(image.count("ebsBlockDevices")):
        at = f"ebsBlockDevices.{number}"
        if not image.has(f"{at}.snapshotId") and not is_on(image, f"{at}.encrypted"):
            yield f"{at}.encrypted is off"


@RULES.rule(
    "server-metadata-stays-on-it",
    "Nothing but the server itself gets its role's credentials.",
    Severity.MEDIUM,
    well_architected("SEC02-BP02", "sec_identities_unique"),
    INSTANCE,
    LAUNCH_TEMPLATE,
    LAUNCH_CONFIGURATION,
)
def metadata_stays(server: Resource, _: Config) -> Iterator[str]:
    """One hop, the default, is the server: a container or an open proxy on it is the second."""
    if (hops := amount(server, "metadataOptions.httpPutResponseHopLimit", 1)) > 1:
        yield f"metadataOptions.httpPutResponseHopLimit is {hops}; 1 keeps credentials from containers and proxies"


@RULES.rule(
    "account-snapshots-not-public",
    "No snapshot or image of the account can be shared with everybody.",
    Severity.HIGH,
    security_hub("EC2.182"),
    EBS_SNAPSHOT_BLOCK,
    IMAGE_BLOCK,
)
def account_snapshots_not_public(setting: Resource, _: Config) -> Iterator[str]:
    """`block-new-sharing` leaves what is public already."""
    if (state := setting.get("state")) in ("unblocked", "block-new-sharing"):
        wanted = "block-all-sharing" if setting.type == EBS_SNAPSHOT_BLOCK else "block-new-sharing"
        if state != wanted:
            yield f"state is {state}; {wanted} is needed"


@RULES.rule(
    "account-requires-metadata-tokens",
    "New servers of the account ask for a token before they tell credentials.",
    Severity.MEDIUM,
    security_hub("EC2.8"),
    METADATA_DEFAULTS,
)
def account_requires_tokens(setting: Resource, _: Config) -> Iterator[str]:
    """A default for the region, which servers may still override."""
    if setting.get("httpTokens") in ("optional", "no-preference", None):
        yield f"httpTokens is {setting.get('httpTokens', 'not set')}; required is needed"
