"""Which node types MemoryDB sells: all that there are, in every Region."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.memorydb.clusters import NODE_TYPE
from rehearsal.emulator.wire import Call

YEAR = 365 * 24 * 3600

SEE = "https://docs.aws.amazon.com/memorydb/latest/APIReference/API_DescribeReservedNodesOfferings.html"


@implements("memorydb", "DescribeReservedNodesOfferings", see=SEE)
def offerings(call: Call) -> dict[str, Any]:
    """Offer a node type for a year, if there is such a type."""
    wanted = call.parameters.get("NodeType", "")
    offer = {
        "ReservedNodesOfferingId": f"rehearsal-{wanted}",
        "NodeType": wanted,
        "Duration": YEAR,
        "OfferingType": "No Upfront",
    }
    return {"ReservedNodesOfferings": [offer] if NODE_TYPE.fullmatch(wanted) else []}
