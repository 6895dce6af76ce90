"""measured.json: times that a drill measured, in place of assumed ones (docs/recovery.md), with where and when."""

import json
import time
from pathlib import Path
from typing import Any

from rehearsal.drill.report.shape import Drill

FILE = "measured.json"
TERMS = {
    "session-primary-killed": "sessions.failover",
    "session-primary-frozen": "sessions.failover",
    "database-writer-killed": "database.failover",
    "zone": "client.next-address",
}
"""The term of the worst cases that a scenario measures: all of its recovery is that term."""


def accept(file: Path, drill: Drill) -> str:
    """Write the longest time that was measured of each term; what is there of other terms stays. Return what was done.

    Nothing is taken from a drill that is void, or had mistakes made on purpose.
    """
    if drill["verdict"] == "void" or drill["mistakes"]:
        why = "is void" if drill["verdict"] == "void" else "had mistakes on purpose"
        return f"{FILE} is left as it is: the drill {why}"
    found: dict[str, float] = {}
    for result in drill["results"]:
        recovered = result["service"].get("recovered") if result["service"] else None
        if (term := TERMS.get(result["name"])) and recovered and result["verdict"] != "void":
            found[term] = max(found.get(term, 0.0), round(recovered, 1))
    if not found:
        return f"{FILE} is left as it is: no scenario was run that measures an assumed time"
    content: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    content["measured"] = content.get("measured", {}) | found
    content["drill"] = {
        "where": f"{drill['site']} on one machine: {drill['machine']}",
        "when": time.strftime("%Y-%m-%d", time.gmtime(drill["at"])),
        "seed": drill["seed"],
        "speed": {each["name"]: each["speed"] for each in drill["results"] if each["name"] in TERMS},
    }
    file.write_text(json.dumps(content, indent=2) + "\n")
    terms = ", ".join(f"{name} {seconds:g} s" for name, seconds in sorted(found.items()))
    return f"{FILE} has what was measured: {terms}. The sums call it measured; a real account may take longer"
