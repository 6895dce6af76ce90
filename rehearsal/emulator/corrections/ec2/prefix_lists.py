"""EC2: the prefix lists that AWS manages for Route 53's health checkers, which moto lacks."""

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import moto_models
from rehearsal.emulator.wire import Call, Response

CHECKERS = {
    "IPv4": (
        *("15.177.0.0/18", "54.183.255.128/26", "54.228.16.0/26", "54.232.40.64/26", "54.241.32.64/26"),
        *("54.243.31.192/26", "54.244.52.192/26", "54.245.168.0/26", "54.248.220.0/26", "54.250.253.192/26"),
        *("54.251.31.128/26", "54.252.79.128/26", "54.252.254.192/26", "54.255.254.192/26", "107.23.255.0/26"),
        *("176.34.159.192/26", "177.71.207.128/26"),
    ),
    "IPv6": (
        *("2406:da14:7ff:f800::/56", "2406:da14:fff:f800::/56", "2406:da18:7ff:f800::/56", "2406:da18:fff:f800::/56"),
        *("2406:da1c:7ff:f800::/56", "2406:da1c:fff:f800::/56", "2600:1f14:7ff:f800::/56", "2600:1f14:fff:f800::/56"),
        *("2600:1f18:3fff:f800::/56", "2600:1f18:7fff:f800::/56", "2600:1f1c:7ff:f800::/56"),
        *("2600:1f1c:fff:f800::/56", "2600:1f1e:7ff:f800::/56", "2600:1f1e:fff:f800::/56"),
        *("2a05:d018:7ff:f800::/56", "2a05:d018:fff:f800::/56"),
    ),
}
"""ROUTE53_HEALTHCHECKS in the address ranges that AWS publishes, those of the commercial regions:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-ip-addresses.html"""

NAMES = {
    "IPv4": "com.amazonaws.{region}.route53-healthchecks",
    "IPv6": "com.amazonaws.{region}.ipv6.route53-healthchecks",
}


@corrects(
    "ec2",
    "DescribeManagedPrefixLists",
    "GetManagedPrefixListEntries",
    see="https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html",
)
async def with_checkers(call: Call) -> Response:
    """Let the region have the lists, and answer."""
    models = moto_models("ec2", call.region)
    there = {each.prefix_list_name for each in models.managed_prefix_lists.values()}
    for family, name in NAMES.items():
        if name.format(region=call.region) not in there:
            entries = [{"Cidr": cidr, "Description": ""} for cidr in CHECKERS[family]]
            models._create_aws_managed_prefix_list(name.format(region=call.region), family, entries)
    return await emulators.ask(call)
