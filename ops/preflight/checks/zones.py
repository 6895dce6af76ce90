"""The zones that the program would choose, and what is offered in them."""

from collections.abc import Collection, Iterable, Mapping

from ha_web.database.rules import ENGINE_VERSION
from ha_web.network.address_plan import slot_of, slot_problem
from ha_web.network.zones import default_zones

from ops.preflight.check import Check
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look
from ops.preflight.needs import Place


def usable_zones(look: Look) -> dict[str, str]:
    """Return the zones that a network may be in, by id, with their names. Raises `Unanswered`."""
    found = [
        zone
        for zone in look.here("zones")["AvailabilityZones"]
        if zone.get("OptInStatus", "opt-in-not-required") == "opt-in-not-required" and not slot_problem(zone["ZoneId"])
    ]
    return {zone["ZoneId"]: zone["ZoneName"] for zone in sorted(found, key=lambda zone: slot_of(zone["ZoneId"]))}


def chosen_zones(look: Look) -> dict[str, str]:
    """Return the zones that the program would choose: those that are given, else the first. Raises `Unanswered`."""
    usable, pinned = usable_zones(look), look.place.pinned
    chosen = default_zones(usable) if pinned is None else [zone for zone in usable if zone in pinned]
    return {zone: usable[zone] for zone in chosen[: look.place.zones]}


def zones(look: Look) -> Line:
    """Judge whether there are enough zones, and those that are given."""
    usable, chosen = usable_zones(look), chosen_zones(look)
    if look.place.pinned and set(look.place.pinned) - set(chosen):
        wrong = ", ".join(sorted(set(look.place.pinned) - set(chosen)))
        return will_fail(f"{wrong} is not among {', '.join(usable)}", set_zones(look.place, usable))
    if len(chosen) < look.place.zones:
        return will_fail(
            f"{look.place.zones} needed; there are {', '.join(usable)}", f"pulumi config set ha-web:zones {len(usable)}"
        )
    return ok(", ".join(f"{zone} ({name})" for zone, name in chosen.items()))


def set_zones(place: Place, good: Iterable[str]) -> str:
    """Return the commands that have the program use these zones, or a sentence where they are too few."""
    found = list(good)[: place.zones]
    if len(found) < 2:
        return f"choose another type, or another Region for ha-web:{place.role}"
    return " && ".join(
        f"pulumi config set --path 'ha-web:{place.role}.zoneIds[{number}]' {zone}" for number, zone in enumerate(found)
    )


def _offered(
    what: str, place: Place, wanted: Collection[str], offering: Collection[str], usable: Iterable[str]
) -> Line:
    """Judge zones that something is wanted in against those that offer it."""
    missing = [zone for zone in wanted if zone not in offering]
    if not missing:
        return ok(f"{what} in {', '.join(wanted)}")
    return will_fail(
        f"{what} isn't offered in {', '.join(missing)}", set_zones(place, [z for z in usable if z in offering])
    )


def _offering(instance_type: str, look: Look) -> set[str]:
    return {
        offer["Location"]
        for offer in look.here("offered zones")["InstanceTypeOfferings"]
        if offer["InstanceType"] == instance_type
    }


def instance_type(look: Look) -> Line:
    """Judge whether EC2 offers the servers' type in each zone; an Auto Scaling group takes all of its zones."""
    offering, usable = _offering(look.place.instance_type, look), usable_zones(look)
    return _offered(look.place.instance_type, look.place, list(chosen_zones(look)), offering, usable)


def database_class(look: Look) -> Line | None:
    """Judge whether Aurora offers the database's class in the zones of its instances."""
    if look.place.database_class is None:
        return None
    offers = look.here("database class")["OrderableDBInstanceOptions"]
    names = {zone["Name"] for offer in offers for zone in offer["AvailabilityZones"]}
    what = f"{look.place.database_class} with Aurora PostgreSQL {ENGINE_VERSION}"
    if not names:
        return will_fail(
            f"{what} isn't offered in this Region",
            "choose of: aws rds describe-orderable-db-instance-options --engine aurora-postgresql "
            f"--engine-version {ENGINE_VERSION} --region {look.place.region} "
            "--query 'OrderableDBInstanceOptions[].DBInstanceClass'",
        )
    if len(look.site.places) > 1 and not any(offer.get("SupportsGlobalDatabases", True) for offer in offers):
        return will_fail(
            f"{what} can't be in a global database here", "pulumi config set --path ha-web:database.instanceClass …"
        )
    usable = usable_zones(look)
    wanted = list(chosen_zones(look))[: look.place.serving_instances]
    return _offered(what, look.place, wanted, {zone for zone, name in usable.items() if name in names}, usable)


def node_type(look: Look) -> Line:
    """Judge whether the session nodes' type is sold in the Region; that EC2 has it in each zone tells the rest."""
    question, listed = NODE_OFFERS[look.place.durable]
    sold = bool(look.facts.of(question, look.place.region)[listed])
    wanted = list(chosen_zones(look))
    offering = _offering(look.place.node_instance_type, look)
    missing = [zone for zone in wanted if zone not in offering]
    if not sold and not offering:
        return will_fail(
            f"{look.place.node_type} is not sold in this Region", "pulumi config set --path ha-web:sessions.nodeType …"
        )
    if not sold or missing:
        why = f"EC2 doesn't have it in {', '.join(missing)}" if missing else "the Region sells no reserved nodes of it"
        return cant_tell(f"{look.place.node_type}: {why}, and no API tells the zones of nodes")
    return ok(f"{look.place.node_type} is sold in the Region, and EC2 has its instance type in each zone")


NODE_OFFERS: Mapping[bool, tuple[str, str]] = {
    False: ("cache node type", "ReservedCacheNodesOfferings"),
    True: ("durable node type", "ReservedNodesOfferings"),
}
"""The question, and the list in its answer, by whether sessions are durable."""

CHECKS = (
    Check("zones", zones, of_cluster=True),
    Check("instance type", instance_type, of_cluster=True),
    Check("database class", database_class, of_cluster=True),
    Check("session nodes", node_type, of_cluster=True),
)
