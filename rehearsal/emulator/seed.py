"""The account of a user before the first `pulumi up`, beyond what AWS itself puts into every account."""

from rehearsal.emulator.emulators import client

PUBLIC_ZONE = "example.com"
"""The hosted zone that a user with a domain has: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/CreatingHostedZone.html"""


def seed() -> None:
    """Fill the empty account."""
    client("route53", "us-east-1").create_hosted_zone(
        Name=PUBLIC_ZONE, CallerReference="rehearsal", HostedZoneConfig={"Comment": "", "PrivateZone": False}
    )
