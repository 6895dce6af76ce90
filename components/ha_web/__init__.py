"""Components for highly available web clusters on AWS.

Every name that another project may use is exported here; whatever is not is private and may change.
"""

from ha_web.alarm_rules import AlarmThresholdsArgs
from ha_web.alarms import Alarms, AlarmsArgs
from ha_web.assumptions import with_measured
from ha_web.backup_audit import BackupAudit, BackupAuditArgs
from ha_web.backup_guard import BackupGuard
from ha_web.backup_plan import BackupPlan, BackupPlanArgs
from ha_web.backup_rules import AirGapArgs, BackupLockArgs, BackupRuleArgs, usual_rules
from ha_web.certificates import Certificates, CertificatesArgs
from ha_web.client_certificates import ClientCertificatesArgs
from ha_web.cloudflare_edge import (
    CloudflareCertificateArgs,
    CloudflareEdge,
    CloudflareEdgeArgs,
    CloudflareMonitorArgs,
    CloudflareOriginArgs,
)
from ha_web.cloudflare_rules import CloudflareMode, CloudflarePlan, CloudflareSteering, origin_pull_ca
from ha_web.cloudflare_sdk import cloudflare_ranges
from ha_web.database import Database
from ha_web.database_args import DatabaseArgs, SecondaryDatabaseArgs
from ha_web.durable_session_store import DurableSecondaryArgs, DurableSessionStore, DurableSessionStoreArgs
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
from ha_web.global_database import GlobalDatabase, GlobalDatabaseArgs
from ha_web.global_session_store import GlobalSessionStore, GlobalSessionStoreArgs
from ha_web.health_check import HealthCheckArgs
from ha_web.image_copy import ImageCopy, ImageCopyArgs
from ha_web.load_balancer import LoadBalancer, LoadBalancerArgs
from ha_web.multi_region_key import MultiRegionKey, MultiRegionKeyArgs
from ha_web.multi_region_sessions import MultiRegionSessions, MultiRegionSessionsArgs
from ha_web.network import Network, NetworkArgs
from ha_web.network_routes import Nat
from ha_web.objectives import RecoveryObjectives
from ha_web.protocols import BalancerType, Protocol
from ha_web.recovery_facts import Facts
from ha_web.recovery_summary import recovery_summary
from ha_web.region_switch_plan import RegionSwitchPlan, RegionSwitchPlanArgs
from ha_web.restore_testing import RestoreTestArgs, RestoreTesting, RestoreTestingArgs
from ha_web.server_role import FileSystemAccessArgs
from ha_web.session_store import SecondarySessionsArgs, SessionStore, SessionStoreArgs
from ha_web.shared_storage import SharedStorage, SharedStorageArgs, StorageReplicaArgs
from ha_web.storage_replication import StorageReplication, StorageReplicationArgs
from ha_web.strategy import Strategy
from ha_web.strategy_table import recovery_table
from ha_web.tags import BACKUP_TAG, BACKUP_TAG_VALUE, NO_BACKUP
from ha_web.web_acl import WafArgs
from ha_web.web_cluster import WebCluster
from ha_web.web_cluster_args import WebClusterArgs, WebFleetArgs, WebLoadBalancerArgs, WebNetworkArgs
from ha_web.web_data_args import WebDatabaseArgs, WebDurableSessionsArgs, WebSessionsArgs, WebStorageArgs
from ha_web.worst_cases import Failure, worst_cases

__all__ = [
    "BACKUP_TAG",
    "BACKUP_TAG_VALUE",
    "NO_BACKUP",
    "AirGapArgs",
    "AlarmThresholdsArgs",
    "Alarms",
    "AlarmsArgs",
    "BackupAudit",
    "BackupAuditArgs",
    "BackupGuard",
    "BackupLockArgs",
    "BackupPlan",
    "BackupPlanArgs",
    "BackupRuleArgs",
    "BalancerType",
    "Certificates",
    "CertificatesArgs",
    "ClientCertificatesArgs",
    "CloudflareCertificateArgs",
    "CloudflareEdge",
    "CloudflareEdgeArgs",
    "CloudflareMode",
    "CloudflareMonitorArgs",
    "CloudflareOriginArgs",
    "CloudflarePlan",
    "CloudflareSteering",
    "ConfigurationError",
    "Database",
    "DatabaseArgs",
    "DnsHealthCheckArgs",
    "DnsRouting",
    "DnsTargetArgs",
    "DurableSecondaryArgs",
    "DurableSessionStore",
    "DurableSessionStoreArgs",
    "Facts",
    "FailoverAutomation",
    "FailoverAutomationArgs",
    "FailoverCapacityArgs",
    "FailoverDatabaseArgs",
    "FailoverDns",
    "FailoverDns",
    "FailoverDnsArgs",
    "FailoverDnsArgs",
    "FailoverProbeArgs",
    "FailoverSessionsArgs",
    "FailoverStorageArgs",
    "FailoverSwitch",
    "FailoverSwitchArgs",
    "FailoverSwitchRefArgs",
    "Failure",
    "FileSystemAccessArgs",
    "Fleet",
    "FleetArgs",
    "GlobalDatabase",
    "GlobalDatabaseArgs",
    "GlobalSessionStore",
    "GlobalSessionStoreArgs",
    "HealthCheckArgs",
    "ImageCopy",
    "ImageCopyArgs",
    "LoadBalancer",
    "LoadBalancerArgs",
    "MultiRegionKey",
    "MultiRegionKeyArgs",
    "MultiRegionSessions",
    "MultiRegionSessionsArgs",
    "Nat",
    "Network",
    "NetworkArgs",
    "Protocol",
    "RecoveryObjectives",
    "RegionSwitchPlan",
    "RegionSwitchPlan",
    "RegionSwitchPlanArgs",
    "RegionSwitchPlanArgs",
    "RestoreTestArgs",
    "RestoreTesting",
    "RestoreTestingArgs",
    "SecondaryDatabaseArgs",
    "SecondarySessionsArgs",
    "SessionStore",
    "SessionStore",
    "SessionStoreArgs",
    "SessionStoreArgs",
    "SharedStorage",
    "SharedStorageArgs",
    "StorageReplicaArgs",
    "StorageReplication",
    "StorageReplicationArgs",
    "Strategy",
    "TargetProtocol",
    "WafArgs",
    "WebCluster",
    "WebClusterArgs",
    "WebDatabaseArgs",
    "WebDurableSessionsArgs",
    "WebFleetArgs",
    "WebLoadBalancerArgs",
    "WebNetworkArgs",
    "WebSessionsArgs",
    "WebStorageArgs",
    "cloudflare_ranges",
    "origin_pull_ca",
    "recovery_summary",
    "recovery_table",
    "usual_rules",
    "with_measured",
    "worst_cases",
]
