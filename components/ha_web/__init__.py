"""Components for highly available web clusters on AWS.

Every name that another project may use is exported here; whatever is not is private and may change.
"""

from ha_web.errors import ConfigurationError
from ha_web.network import Network, NetworkArgs
from ha_web.network_routes import Nat
from ha_web.tags import BACKUP_TAG, BACKUP_TAG_VALUE

__all__ = [
    "BACKUP_TAG",
    "BACKUP_TAG_VALUE",
    "ConfigurationError",
    "Nat",
    "Network",
    "NetworkArgs",
]
