"""A stack in the emulated account that has only what is backed up: a database and files, and vaults in two regions."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.conftest import Client, Network

NAMES = ("auto_scaling_group_name", "target_group_arn", "load_balancer_arn", "load_balancer_dns_name")

HOME, AWAY = "eu-west-1", "eu-central-1"
REGIONS = (HOME, AWAY)


@dataclass
class ProtectedStack:
    """What a site's stack has of backups; each part is made when it is first asked for."""

    aws: Client
    name: str
    network: Network

    @property
    def tags(self) -> list[dict[str, str]]:
        return [{"Key": "ha-web:backup", "Value": "true"}, {"Key": "ha-web:stack", "Value": self.name}]

    @cached_property
    def role(self) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn: str = self.aws("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        return arn

    @cached_property
    def vaults(self) -> dict[str, str]:
        for region in REGIONS:
            backup = self.aws("backup", region)
            backup.create_backup_vault(BackupVaultName=self.name, BackupVaultTags={"ha-web:stack": self.name})
            limits = {"MinRetentionDays": 7, "MaxRetentionDays": 365}
            backup.put_backup_vault_lock_configuration(BackupVaultName=self.name, **limits)
            rule = {"RuleName": "daily", "TargetBackupVaultName": self.name, "ScheduleExpression": "cron(0 5 * * ? *)"}
            plan = {"BackupPlanName": self.name, "Rules": [{**rule, "Lifecycle": {"DeleteAfterDays": 35}}]}
            made = backup.create_backup_plan(BackupPlan=plan)["BackupPlanId"]
            selected = {"SelectionName": "all", "IamRoleArn": self.role, "Resources": ["*"]}
            backup.create_backup_selection(BackupPlanId=made, BackupSelection=selected)
        return dict.fromkeys(REGIONS, self.name)

    @cached_property
    def files(self) -> str:
        made = self.aws("efs").create_file_system(CreationToken=self.name, Encrypted=True, Tags=self.tags)
        arn: str = made["FileSystemArn"]
        return arn

    @cached_property
    def database(self) -> str:
        rds = self.aws("rds")
        placed = {"DBSubnetGroupName": self.name, "VpcSecurityGroupIds": [self.network.group]}
        rds.create_db_subnet_group(
            DBSubnetGroupName=self.name, DBSubnetGroupDescription="test", SubnetIds=self.network.subnets
        )
        made = {"Engine": "aurora-postgresql", "MasterUsername": "u", "MasterUserPassword": "password"}
        cluster = rds.create_db_cluster(
            DBClusterIdentifier=self.name, StorageEncrypted=True, **made, **placed, Tags=self.tags
        )["DBCluster"]
        rds.create_db_instance(
            DBInstanceIdentifier=f"{self.name}-1",
            DBClusterIdentifier=self.name,
            DBInstanceClass="db.r7g.large",
            Engine="aurora-postgresql",
        )
        arn: str = cluster["DBClusterArn"]
        return arn

    @cached_property
    def records(self) -> dict[str, str]:
        made = {region: f"{self.name}-{region}" for region in REGIONS}
        for region, bucket in made.items():
            place = {"LocationConstraint": region}
            self.aws("s3", region).create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        return made

    def role_with(self, *documents: Any) -> dict[str, str]:
        """Environment variables of somebody who may do what policies say, and no more."""
        iam, name = self.aws("iam"), f"{self.name}-operator"
        trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        for number, each in enumerate(documents):
            iam.put_role_policy(RoleName=name, PolicyName=f"own-{number}", PolicyDocument=json.dumps(each))
        keys = self.aws("sts").assume_role(RoleArn=arn, RoleSessionName="operator")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def outputs(self, folder: Path, **more: Any) -> Path:
        """The stack's outputs, as a file. Everything is made by then."""
        cluster = {"session_store_id": "gone", **dict.fromkeys(NAMES, "gone")}
        data = {
            "database_endpoint": f"{self.database.rpartition(':')[2]}.cluster-x.{HOME}.rds.amazonaws.com",
            "file_system_id": self.files.rpartition("/")[2],
        }
        told = {
            "site": "www.example.com",
            "clusters": {"primary": {**cluster, "region": HOME, **data}, "standby": {**cluster, "region": AWAY}},
            "backup_vaults": self.vaults,
            "restore_role": self.role,
            "operations_buckets": self.records,
            "objectives": {"corruption": {"recovery": "2h", "data_loss": "1d4h"}},
            "strategy": "warm-standby",
            **more,
        }
        file = folder / "outputs.json"
        file.write_text(json.dumps(told))
        return file


def bare_outputs(folder: Path) -> Path:
    """The outputs of a stack that nobody has to ask for anything."""
    cluster = {"region": HOME, "session_store_id": "gone", **dict.fromkeys(NAMES, "gone")}
    told = {"site": "site", "clusters": {"primary": cluster}, "restore_role": "arn:role"}
    file = folder / "outputs.json"
    file.write_text(json.dumps({**told, "backup_vaults": dict.fromkeys(REGIONS, "vault")}))
    return file
