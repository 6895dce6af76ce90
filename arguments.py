"""What the settings mean for each component: plain translation, no decisions and no resources."""

import pulumi
import pulumi_aws as aws
from ha_web import (
    Certificates,
    CertificatesArgs,
    WebClusterArgs,
)

from settings import Settings

TARGET_PORT = 8080


def hosted_zone_id(site: Settings) -> str:
    """The id of the hosted zone that the settings name. The engine stops here when the account has none."""
    return aws.route53.get_zone(name=site.zone, private_zone=False).zone_id


def certificates(site: Settings, zone_id: str) -> CertificatesArgs:
    """One certificate a region for the site's name."""
    return {
        "domain": site.domain,
        "hosted_zone_id": zone_id,
        "regions": [place.region for place in site.roles.values()],
    }


def cluster(site: Settings, role: str, requested: Certificates | None) -> WebClusterArgs:
    """The cluster of one region."""
    place = site.roles[role]
    certificate = site.certificates.get(place.region)
    if requested and not certificate:
        certificate = requested.arns[place.region]
    return {
        "region": place.region,
        "tags": {**site.tags, "ha-web:stack": pulumi.get_stack(), "ha-web:role": role},
        "network": {"cidr": place.cidr, "zones": site.zones, "nat": site.nat},
        "load_balancer": {"protocol": site.protocol},
        "fleet": {},
        "sessions": {},
    }
