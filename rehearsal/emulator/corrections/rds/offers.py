"""RDS: what can be ordered where. The emulated AWS sells every class in every zone: what is scarce is not rehearsed."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.rds.state import API
from rehearsal.emulator.wire import Call


@implements("rds", "DescribeOrderableDBInstanceOptions", see=f"{API}DescribeOrderableDBInstanceOptions.html")
def orderable(call: Call) -> dict[str, Any]:
    """Offer the class that is asked for in each zone of the Region, and none to who asks for no class."""
    if "DBInstanceClass" not in call.parameters:
        return {"OrderableDBInstanceOptions": []}
    zones = emulators.listed("ec2", call.region, "describe_availability_zones", "AvailabilityZones")
    asked = {name: call.parameters[name] for name in ("Engine", "EngineVersion") if name in call.parameters}
    offer = {
        **asked,
        "DBInstanceClass": call.parameters["DBInstanceClass"],
        "AvailabilityZones": [{"Name": zone["ZoneName"]} for zone in zones],
        "Vpc": True,
        "SupportsClusters": True,
        "SupportsGlobalDatabases": True,
    }
    return {"OrderableDBInstanceOptions": [offer]}
