"""Where a subnet's traffic goes: whether its route table leads to an internet gateway."""

from resilience.aws.types import INTERNET_GATEWAY, ROUTE, ROUTE_TABLE, ROUTE_TABLE_ASSOCIATION, SUBNET
from resilience.known import known
from resilience.resource import Resource, Stack


def tables_of(subnet: Resource, stack: Stack) -> list[Resource]:
    """The route tables of a subnet, as far as they are of this stack."""
    associations = stack.referring_to(subnet, ROUTE_TABLE_ASSOCIATION, "subnetId")
    return [table for each in associations for table in each.linked(ROUTE_TABLE, "routeTableId")]


def is_public(subnet: Resource, stack: Stack) -> bool | None:
    """Return whether a subnet's route tables lead to an internet gateway; None where none of them is of this stack.

    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types
    """
    tables = tables_of(subnet, stack)
    return any(_leads_to_a_gateway(table, stack) for table in tables) if tables else None


def _leads_to_a_gateway(table: Resource, stack: Stack) -> bool:
    routes = stack.referring_to(table, ROUTE, "routeTableId")
    if any(each.linked(INTERNET_GATEWAY, "gatewayId", far=1) or _named(each, "gatewayId") for each in routes):
        return True
    if any(each.type == INTERNET_GATEWAY for each in table.links.get("routes", ())):
        return True
    return any(_named(table, f"routes.{number}.gatewayId") for number in range(table.count("routes")))


def _named(resource: Resource, path: str) -> bool:
    return str(known(resource, path) or "").startswith("igw-")


def public_subnets(resource: Resource, stack: Stack, *properties: str) -> list[str]:
    """The names of the public subnets among those that these properties refer to."""
    subnets = dict.fromkeys(each for name in properties for each in resource.linked(SUBNET, name))
    return sorted(subnet.name for subnet in subnets if is_public(subnet, stack))
