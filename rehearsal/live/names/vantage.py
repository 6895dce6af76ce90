"""From where Route 53 checks endpoints: its checkers' Regions, and an address of each.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-ip-addresses.html
The addresses are of the ranges that AWS publishes as ROUTE53_HEALTHCHECKS, so that bucket policies and security groups
that let only those in do: https://ip-ranges.amazonaws.com/ip-ranges.json
"""

CHECKERS: dict[str, str] = {
    "us-east-1": "54.243.31.200",
    "us-west-1": "54.241.32.70",
    "us-west-2": "54.244.52.200",
    "eu-west-1": "54.228.16.10",
    "ap-southeast-1": "54.251.31.130",
    "ap-southeast-2": "54.252.254.200",
    "ap-northeast-1": "54.248.220.10",
    "sa-east-1": "54.232.40.70",
}
"""One checker a Region here; AWS has several in each, with the same share of them needed."""


def vantage(regions: list[str]) -> dict[str, str]:
    """Return the checkers that a health check uses: those of its Regions, or all.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
    """
    return {region: address for region, address in CHECKERS.items() if not regions or region in regions}
