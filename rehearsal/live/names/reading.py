"""Read hosted zones, health checks and the alarms that checks follow from the account."""

from collections.abc import Mapping

from rehearsal.live.account import Account
from rehearsal.live.names.health import Config
from rehearsal.live.names.records import RecordSet, plain, read

GLOBAL = "us-east-1"
"""Where Route 53's API is: https://docs.aws.amazon.com/general/latest/gr/r53.html"""


async def zones(account: Account) -> dict[str, list[RecordSet]]:
    """Return the record sets of each public hosted zone, by the zone's name."""
    found = {}
    for zone in await account.ask_all("route53", GLOBAL, "list_hosted_zones", "HostedZones"):
        if not zone.get("Config", {}).get("PrivateZone"):
            records = await account.ask_all(
                "route53", GLOBAL, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
            )
            found[plain(zone["Name"])] = [read(record) for record in records]
    return found


async def checks(account: Account) -> dict[str, Config]:
    """Return the health checks by their ids."""
    found = await account.ask_all("route53", GLOBAL, "list_health_checks", "HealthChecks")
    return {check["Id"]: check["HealthCheckConfig"] for check in found}


async def alarms(account: Account, configs: Mapping[str, Config]) -> dict[tuple[str, str], str]:
    """Return the states of the alarms that checks follow, by Region and name."""
    states = {}
    for config in configs.values():
        watched = config.get("AlarmIdentifier")
        if config["Type"] == "CLOUDWATCH_METRIC" and watched:
            region, name = watched["Region"], watched["Name"]
            found = await account.ask("cloudwatch", region, "describe_alarms", AlarmNames=[name])
            states[region, name] = next((a["StateValue"] for a in found.get("MetricAlarms", [])), "INSUFFICIENT_DATA")
    return states
