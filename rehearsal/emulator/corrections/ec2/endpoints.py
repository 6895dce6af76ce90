"""EC2: gateway endpoints, whose routes moto makes at creation only."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import moto_models
from rehearsal.emulator.wire import Call, Response

SEE = "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing"


@corrects("ec2", "ModifyVpcEndpoint", see=SEE)
async def modify(call: Call) -> Response:
    """A route table that joins gets the endpoint's route, and one that leaves loses it.

    Without it moto cannot delete the endpoint any more: it looks for a route in each table that it knows.
    """
    response = await emulators.ask(call)
    backend, given = moto_models("ec2", call.region), call.parameters
    endpoint = backend.vpc_end_points[given["VpcEndpointId"]]
    destination = endpoint.destination_prefix_list_id
    for table_id in given.get("RemoveRouteTableIds", []):
        if destination in destinations(backend.get_route_table(table_id)):
            backend.delete_route(table_id, destination)
    for table_id in given.get("AddRouteTableIds", []):
        if destination not in destinations(backend.get_route_table(table_id)):
            backend.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=destination)
    return response


def destinations(table: Any) -> set[str]:
    """Prefix lists that a route table of moto's has routes to."""
    lists = (route.destination_prefix_list for route in table.routes)
    return {found.id for found in lists if found is not None}
