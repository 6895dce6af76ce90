"""Components for highly available web clusters on AWS.

Every name that another project may use is exported here; whatever is not is private and may change.
"""

from ha_web.alarm_rules import AlarmThresholdsArgs
from ha_web.alarms import Alarms, AlarmsArgs
from ha_web.backup_plan import BackupPlan, BackupPlanArgs
from ha_web.backup_rules import BackupLockArgs, BackupRuleArgs, usual_rules
from ha_web.certificates import Certificates, CertificatesArgs
from ha_web.errors import ConfigurationError
from ha_web.failover_args import (
    FailoverCapacityArgs,
    FailoverDatabaseArgs,
    FailoverProbeArgs,
    FailoverSessionsArgs,
    FailoverStorageArgs,
    FailoverSwitchRefArgs,
)
from ha_web.failover_automation import FailoverAutomation, FailoverAutomationArgs
from ha_web.failover_dns import DnsHealthCheckArgs, DnsRouting, DnsTargetArgs, FailoverDns, FailoverDnsArgs
from ha_web.failover_switch import FailoverSwitch, FailoverSwitchArgs
from ha_web.fleet import Fleet, FleetArgs
from ha_web.fleet_security import TargetProtocol
from ha_web.health_check import HealthCheckArgs
from ha_web.load_balancer import LoadBalancer, LoadBalancerArgs
from ha_web.network import Network, NetworkArgs
from ha_web.network_routes import Nat
from ha_web.protocols import BalancerType, Protocol
from ha_web.region_switch_plan import RegionSwitchPlan, RegionSwitchPlanArgs
from ha_web.session_store import SessionStore, SessionStoreArgs
from ha_web.tags import BACKUP_TAG, BACKUP_TAG_VALUE
from ha_web.web_acl import WafArgs
from ha_web.web_cluster import WebCluster
from ha_web.web_cluster_args import WebClusterArgs, WebFleetArgs, WebLoadBalancerArgs, WebNetworkArgs, WebSessionsArgs

__all__ = [
    "BACKUP_TAG",
    "BACKUP_TAG_VALUE",
    "AlarmThresholdsArgs",
    "Alarms",
    "AlarmsArgs",
    "BackupLockArgs",
    "BackupPlan",
    "BackupPlanArgs",
    "BackupRuleArgs",
    "BalancerType",
    "Certificates",
    "CertificatesArgs",
    "ConfigurationError",
    "DnsHealthCheckArgs",
    "DnsRouting",
    "DnsTargetArgs",
    "FailoverAutomation",
    "FailoverAutomationArgs",
    "FailoverCapacityArgs",
    "FailoverDatabaseArgs",
    "FailoverDns",
    "FailoverDnsArgs",
    "FailoverProbeArgs",
    "FailoverSessionsArgs",
    "FailoverStorageArgs",
    "FailoverSwitch",
    "FailoverSwitchArgs",
    "FailoverSwitchRefArgs",
    "Fleet",
    "FleetArgs",
    "HealthCheckArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "Nat",
    "Network",
    "NetworkArgs",
    "Protocol",
    "RegionSwitchPlan",
    "RegionSwitchPlanArgs",
    "SessionStore",
    "SessionStoreArgs",
    "TargetProtocol",
    "WafArgs",
    "WebCluster",
    "WebClusterArgs",
    "WebFleetArgs",
    "WebLoadBalancerArgs",
    "WebNetworkArgs",
    "WebSessionsArgs",
    "usual_rules",
]
