"""Which node types ElastiCache sells: all that there are, in every Region."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.elasticache.groups import API, NODE_TYPE
from rehearsal.emulator.wire import Call

YEAR = 365 * 24 * 3600


@implements("elasticache", "DescribeReservedCacheNodesOfferings", see=f"{API}DescribeReservedCacheNodesOfferings.html")
def offerings(call: Call) -> dict[str, Any]:
    """Offer a node type for a year, if there is such a type."""
    wanted = call.parameters.get("CacheNodeType", "")
    offer = {
        "ReservedCacheNodesOfferingId": f"rehearsal-{wanted}",
        "CacheNodeType": wanted,
        "Duration": YEAR,
        "OfferingType": "No Upfront",
    }
    return {"ReservedCacheNodesOfferings": [offer] if NODE_TYPE.fullmatch(wanted) else []}
