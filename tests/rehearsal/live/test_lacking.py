"""An account with something that the live plane can't run is told so, in a line that says what helps."""

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

from rehearsal.live.lacking import why_not


def told(*clusters: str) -> Callable[[str, str], Any]:
    """Clients of an account with these MemoryDB clusters, in one of its two Regions."""

    def client(_service: str, region: str) -> Any:
        found = [{"Name": name} for name in clusters] if region == "eu-west-1" else []
        made = Mock(spec=["describe_regions", "describe_clusters"])
        made.describe_regions.return_value = {"Regions": [{"RegionName": "eu-central-1"}, {"RegionName": "eu-west-1"}]}
        made.describe_clusters.return_value = {"Clusters": found}
        return made

    return client


def test_sessions_in_memorydb_are_not_brought_to_life() -> None:
    assert why_not(told()) == ""
    reason = why_not(told("primary-cluster"))
    assert "sessions are in MemoryDB (primary-cluster in eu-west-1)" in reason
    assert "ha-web:sessions.durable" in reason
