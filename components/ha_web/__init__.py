"""Components for highly available web clusters on AWS.

Every name that another project may use is exported here; whatever is not is private and may change.
"""

from ha_web.alarms.alarms import Alarms, AlarmsArgs
from ha_web.alarms.rules import AlarmThresholdsArgs
from ha_web.backup.audit import BackupAudit, BackupAuditArgs
from ha_web.backup.guard import BackupGuard
from ha_web.backup.plan import BackupPlan, BackupPlanArgs
from ha_web.backup.restore_testing import RestoreTestArgs, RestoreTesting, RestoreTestingArgs
from ha_web.backup.rules import AirGapArgs, BackupLockArgs, BackupRuleArgs, usual_rules
from ha_web.cloudflare.edge import (
    CloudflareCertificateArgs,
    CloudflareEdge,
    CloudflareEdgeArgs,
    CloudflareMonitorArgs,
    CloudflareOriginArgs,
)
from ha_web.cloudflare.rules import CloudflareMode, CloudflarePlan, CloudflareSteering, origin_pull_ca
from ha_web.cloudflare.sdk import cloudflare_ranges
from ha_web.core.problems import ConfigurationError
from ha_web.core.tags import BACKUP_TAG, BACKUP_TAG_VALUE, NO_BACKUP
from ha_web.database.args import DatabaseArgs, SecondaryDatabaseArgs
from ha_web.database.database import Database
from ha_web.database.global_database import GlobalDatabase, GlobalDatabaseArgs
from ha_web.dns.failover_dns import DnsHealthCheckArgs, DnsRouting, DnsTargetArgs, FailoverDns, FailoverDnsArgs
from ha_web.encryption.certificates import Certificates, CertificatesArgs
from ha_web.encryption.multi_region_key import MultiRegionKey, MultiRegionKeyArgs
from ha_web.failover.automation import FailoverAutomation, FailoverAutomationArgs
from ha_web.failover.region_switch import RegionSwitchPlan, RegionSwitchPlanArgs
from ha_web.failover.switch import FailoverSwitch, FailoverSwitchArgs
from ha_web.failover.targets import (
    FailoverCapacityArgs,
    FailoverDatabaseArgs,
    FailoverProbeArgs,
    FailoverSessionsArgs,
    FailoverStorageArgs,
    FailoverSwitchRefArgs,
)
from ha_web.fleet.fleet import Fleet, FleetArgs
from ha_web.fleet.image_copy import ImageCopy, ImageCopyArgs
from ha_web.fleet.security_groups import TargetProtocol
from ha_web.fleet.server_role import FileSystemAccessArgs
from ha_web.load_balancer.client_certificates import ClientCertificatesArgs
from ha_web.load_balancer.health_check import HealthCheckArgs
from ha_web.load_balancer.load_balancer import LoadBalancer, LoadBalancerArgs
from ha_web.load_balancer.protocols import BalancerType, Protocol
from ha_web.load_balancer.web_acl import WafArgs
from ha_web.network.network import Network, NetworkArgs
from ha_web.network.routes import Nat
from ha_web.recovery.assumptions import with_measured
from ha_web.recovery.facts import Facts
from ha_web.recovery.objectives import RecoveryObjectives
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.summary import recovery_summary, recovery_table
from ha_web.recovery.worst_cases import Failure, worst_cases
from ha_web.sessions.elasticache import SecondarySessionsArgs, SessionStore, SessionStoreArgs
from ha_web.sessions.elasticache_global import GlobalSessionStore, GlobalSessionStoreArgs
from ha_web.sessions.memorydb import DurableSecondaryArgs, DurableSessionStore, DurableSessionStoreArgs
from ha_web.sessions.memorydb_multi_region import MultiRegionSessions, MultiRegionSessionsArgs
from ha_web.storage.replication import StorageReplication, StorageReplicationArgs
from ha_web.storage.shared_storage import SharedStorage, SharedStorageArgs, StorageReplicaArgs
from ha_web.web_cluster import WebCluster
from ha_web.web_cluster_args import (
    WebClusterArgs,
    WebDatabaseArgs,
    WebDurableSessionsArgs,
    WebFleetArgs,
    WebLoadBalancerArgs,
    WebNetworkArgs,
    WebSessionsArgs,
    WebStorageArgs,
)

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
