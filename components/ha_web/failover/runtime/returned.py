"""A primary that is back while the standby serves: what it needs so that servers of both regions write."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import Config

NOT_YET = ("DBClusterNotFoundFault", "GlobalClusterNotFoundFault", "InvalidDBClusterStateFault")
"""Refusals while Aurora builds the returned cluster anew. The next run asks again."""

FORWARDS = ("enabled", "enabling")


def let_forward(config: Config, clients: Clients, primary: Clients | None) -> bool:
    """Let the former primary's cluster forward writes, once Aurora has it back as a secondary; return whether it did.

    AWS takes this setting from a secondary only, so that no `pulumi up` could make it before.
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding-apg.html
    """
    part = config.database or {}
    if primary is None or not part.get("forward"):
        return False
    try:
        found = clients("rds").describe_global_clusters(GlobalClusterIdentifier=part["global_id"])["GlobalClusters"][0]
        member = next((m for m in found["GlobalClusterMembers"] if m["DBClusterArn"] == part["source_arn"]), None)
        if member is None or member["IsWriter"] or member.get("GlobalWriteForwardingStatus") in FORWARDS:
            return False
        name = part["source_arn"].rsplit(":", 1)[-1]
        primary("rds").modify_db_cluster(DBClusterIdentifier=name, EnableGlobalWriteForwarding=True)
    except BotoCoreError:
        return False  # a region that doesn't answer has nothing that is back
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_YET:
            raise
        return False
    return True
