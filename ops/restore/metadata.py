"""What AWS Backup must know to restore something beside its source. No SDK here."""

import json
from collections.abc import Mapping
from typing import Any


def changed(known: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return metadata of a recovery point with values of our own: keys differ in case from page to page of AWS."""
    names = {key.lower() for key in own}
    return {**{key: value for key, value in known.items() if key.lower() not in names}, **own}


def of_cluster(known: Mapping[str, str], source: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the metadata of a cluster beside its source: in its subnets, behind its security groups.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-aur.html

    Args:
        known: what AWS Backup keeps of the recovery point.
        source: the source's description.
    """
    groups = [each["VpcSecurityGroupId"] for each in source.get("VpcSecurityGroups", [])]
    own = {"DBClusterIdentifier": name, "DBSubnetGroupName": str(source["DBSubnetGroup"])}
    return changed(known, {**own, "VpcSecurityGroupIds": json.dumps(groups)})


def of_file_system(known: Mapping[str, str], source: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return the metadata of a new file system with the source's key.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html
    """
    own = {"newFileSystem": "true", "CreationToken": name, "Encrypted": "true"}
    own |= {"file-system-id": str(source["FileSystemId"]), "PerformanceMode": str(source["PerformanceMode"])}
    own |= {"KmsKeyId": str(source["KmsKeyId"])} if source.get("KmsKeyId") else {}
    return changed(known, own)


def into_own_file_system(known: Mapping[str, str], identity: str) -> dict[str, str]:
    """Return the metadata of a restore into a directory of the file system that was backed up (same page)."""
    return changed(known, {"newFileSystem": "false", "file-system-id": identity, "Encrypted": "true"})
