"""Checks that a standby region has what a failover needs, before it is needed.

Keys, secrets, images and certificates belong to one region, and creating them needs AWS's control planes, which a
failover should not depend on.
https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS = {"keys": "a key", "secrets": "a secret", "certificates": "a certificate"}


@dataclass(frozen=True)
class RegionFacts:
    """Keys, secrets, certificates and image of one region, from the settings or created by the program."""

    region: str
    """Name of the region: `eu-west-1`."""
    setting: str
    """Prefix of its settings in messages: `standby`."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """KMS keys by purpose (`sessions`): a given ARN, or `MADE`."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Secrets by purpose: a given ARN, or `MADE` for a replica that the program creates."""
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Certificates by purpose: a given ARN, or `MADE` for one that the program requests."""
    image: str | None = None
    """Id of an image, or path of an SSM parameter; None for the default image, which AWS has in every region."""
    image_is_copied: bool = False
    """True if the program copies the primary's image here (ImageCopy)."""


MADE = "made"
"""In place of the ARN of a resource that the program itself creates in the region."""


def readiness_problems(primary: RegionFacts, standby: RegionFacts) -> list[str]:
    """Return a line for each thing that the standby lacks, or that belongs to another region."""
    problems: list[str] = []
    for kind in KINDS:
        problems += _misplaced(primary, kind)
        problems += _misplaced(standby, kind)
        problems += _missing(primary, standby, kind)
    return problems + _image_problems(primary, standby)


def _declared(facts: RegionFacts, kind: str) -> Mapping[str, str]:
    declared: Mapping[str, str] = getattr(facts, kind)
    return declared


def _misplaced(facts: RegionFacts, kind: str) -> Iterator[str]:
    for purpose, arn in _declared(facts, kind).items():
        region = region_of_arn(arn)
        if region and region != facts.region:
            yield (
                f'{facts.setting}.{kind}.{purpose} is "{arn}", {KINDS[kind]} of {region}; '
                f"{facts.region} cannot use it: {_remedy(kind, facts.region)}"
            )


def _missing(primary: RegionFacts, standby: RegionFacts, kind: str) -> Iterator[str]:
    for purpose in _declared(primary, kind):
        if purpose not in _declared(standby, kind):
            yield (
                f"{standby.setting}.{kind}.{purpose} is missing; {primary.setting} has {KINDS[kind]} for it in "
                f"{primary.region} only, and {standby.region} needs its own before a failover: "
                f"{_remedy(kind, standby.region)}"
            )


def _remedy(kind: str, region: str) -> str:
    return {
        "keys": f"give the ARN of its replica in {region} (multi-region key), or of another key there",
        "secrets": f"replicate the secret to {region} and give the replica's ARN",
        "certificates": f"request one in {region} and give its ARN, or let the program request both",
    }[kind]


def _image_problems(primary: RegionFacts, standby: RegionFacts) -> list[str]:
    """Return a line for an image id of the other region; the path of an SSM parameter may be the same in both."""
    given, here = primary.image, standby.image
    remedy = "copy it (ImageCopy), or name an SSM parameter that each region has"
    if here and _is_id(here) and here == given:
        return [
            f'{standby.setting}.image is "{here}", an image of {primary.region}; '
            f"ids differ from region to region: {remedy}"
        ]
    if given and _is_id(given) and not here and not standby.image_is_copied:
        return [
            f'{standby.setting}.image is missing; "{given}" is an image of {primary.region}, '
            f"and {standby.region} could start no server from it: {remedy}"
        ]
    return []


def _is_id(image: str) -> bool:
    return image.startswith("ami-")


def region_of_arn(arn: str) -> str | None:
    """Return the region in an ARN; None for an ARN without one (IAM), and for any other string."""
    parts = arn.split(":")
    return (parts[3] or None) if len(parts) > 5 and parts[0] == "arn" else None
