"""List prices in US dollars, as known to the authors in November 2026 and not fetched from AWS.

Rounded, on demand, without tax, savings plans and free tiers. Check them with https://calculator.aws/.
"""

import re
from dataclasses import dataclass

AS_OF = "November 2026"
HOURS = 730
"""Hours in a month, as in AWS's calculator."""


@dataclass(frozen=True)
class Price:
    """A price in Ireland (eu-west-1) and in Frankfurt (eu-central-1), and its source."""

    eu_west_1: float
    eu_central_1: float
    source: str

    def in_region(self, region: str) -> float:
        """Return the price in a region; for one that the table doesn't have, Frankfurt's, the higher of the two."""
        return self.eu_west_1 if region == "eu-west-1" else self.eu_central_1


EC2 = "https://aws.amazon.com/ec2/pricing/on-demand/"
ELASTICACHE = "https://aws.amazon.com/elasticache/pricing/"
MEMORYDB = "https://aws.amazon.com/memorydb/pricing/"
AURORA = "https://aws.amazon.com/rds/aurora/pricing/"
BACKUP = "https://aws.amazon.com/backup/pricing/"

LARGE_AN_HOUR = {
    ("server", "t4g"): Price(0.0736, 0.0768, EC2),
    ("server", "t3"): Price(0.0912, 0.0960, EC2),
    ("server", "c7g"): Price(0.0774, 0.0832, EC2),
    ("server", "m6g"): Price(0.0860, 0.0920, EC2),
    ("server", "m7g"): Price(0.0911, 0.0978, EC2),
    ("server", "r7g"): Price(0.1199, 0.1293, EC2),
    ("cache", "t4g"): Price(0.1120, 0.1180, ELASTICACHE),
    ("cache", "m6g"): Price(0.1320, 0.1420, ELASTICACHE),
    ("cache", "m7g"): Price(0.1408, 0.1512, ELASTICACHE),
    ("cache", "r7g"): Price(0.1955, 0.2096, ELASTICACHE),
    ("memory", "t4g"): Price(0.1200, 0.1290, MEMORYDB),
    ("memory", "r7g"): Price(0.2500, 0.2680, MEMORYDB),
    ("database", "t4g"): Price(0.1620, 0.1720, AURORA),
    ("database", "r6g"): Price(0.2900, 0.3130, AURORA),
    ("database", "r7g"): Price(0.3070, 0.3290, AURORA),
}
"""Price an hour of size `large` by kind and family; ElastiCache and MemoryDB with Valkey, Aurora standard."""

SIZES = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0}
"""Price of a size relative to `large`; `xlarge` costs twice as much, `2xlarge` four times, and so on."""

AN_HOUR = {
    "nat": Price(0.048, 0.052, "https://aws.amazon.com/vpc/pricing/"),
    "balancer": Price(0.0252, 0.027, "https://aws.amazon.com/elasticloadbalancing/pricing/"),
    "capacity unit": Price(0.008, 0.008, "https://aws.amazon.com/elasticloadbalancing/pricing/"),
    "address": Price(0.005, 0.005, "https://aws.amazon.com/vpc/pricing/"),
    "endpoint": Price(0.011, 0.012, "https://aws.amazon.com/privatelink/pricing/"),
}
"""Price an hour of a NAT gateway, a load balancer without capacity units, a reserved unit, a public IPv4 address, an
interface endpoint in a zone."""

A_MONTH = {
    "disk": Price(0.088, 0.0952, "https://aws.amazon.com/ebs/pricing/"),
    "monitoring": Price(2.10, 2.10, "https://aws.amazon.com/cloudwatch/pricing/"),
    "alarm": Price(0.10, 0.10, "https://aws.amazon.com/cloudwatch/pricing/"),
    "dashboard": Price(3.0, 3.0, "https://aws.amazon.com/cloudwatch/pricing/"),
    "waf": Price(9.0, 9.0, "https://aws.amazon.com/waf/pricing/"),
    "key": Price(1.0, 1.0, "https://aws.amazon.com/kms/pricing/"),
    "secret": Price(0.40, 0.40, "https://aws.amazon.com/secrets-manager/pricing/"),
    "check": Price(2.50, 2.50, "https://aws.amazon.com/route53/pricing/"),
    "files": Price(0.33, 0.36, "https://aws.amazon.com/efs/pricing/"),
    "rows": Price(0.11, 0.119, AURORA),
    "files-backup": Price(0.055, 0.060, BACKUP),
    "rows-backup": Price(0.023, 0.0245, BACKUP),
    "image": Price(0.05, 0.054, "https://aws.amazon.com/ebs/pricing/"),
    "transfer": Price(0.02, 0.02, EC2),
    "requests": Price(0.60, 0.60, "https://aws.amazon.com/waf/pricing/"),
    "automation": Price(35.04, 35.04, "https://aws.amazon.com/lambda/pricing/"),
    "plan": Price(70.0, 70.0, "https://aws.amazon.com/application-recovery-controller/pricing/"),
}
"""Price a month of a GiB of disk, file system, database, their backups and an image's snapshot; a server's detailed
metrics; an alarm; a dashboard; a web ACL with our four rules; a key; a secret; a fast HTTPS health check; a GiB that
goes to another region; a million requests at a web ACL; a GiB of a function's memory on Graviton that is always in use;
a plan of Region switch."""


def of_type(kind: str, type_name: str, region: str) -> float | None:
    """Return the price an hour of a server, cache node, MemoryDB node or database instance; None without one.

    Args:
        kind: server, cache, memory or database.
        type_name: such as `m7g.large`, `cache.m7g.large` or `db.r7g.large`.
    """
    match = re.fullmatch(r"(?:cache\.|db\.)?(\w+)\.(micro|small|medium|large|(\d*)xlarge)", type_name)
    price = LARGE_AN_HOUR.get((kind, match[1])) if match else None
    if not match or not price:
        return None
    factor = SIZES.get(match[2]) or 2.0 * int(match[3] or 1)
    return price.in_region(region) * factor
