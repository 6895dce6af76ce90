"""All readings, in the order in which they are begun: the slow ones first."""

from ops.core.policy import Call
from ops.status.readings import data, site, surroundings, zones

REGIONAL = (*zones.READINGS, *data.READINGS, *surroundings.READINGS)
"""Of each region."""

OF_SITE = site.READINGS
"""Of the whole site, in the standby's region."""

CALLS: tuple[Call, ...] = tuple(dict.fromkeys(call for reading in (*REGIONAL, *OF_SITE) for call in reading.calls))
"""For the policy."""
