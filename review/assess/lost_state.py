"""Lost state: resources with data, or with keys to data, that are replaced, deleted or forgotten."""

from dataclasses import dataclass

from review.plan.model import Operation, Plan, Step

HOLDS = {
    "aws:rds/cluster:Cluster": "data",
    "aws:rds/globalCluster:GlobalCluster": "data",
    "aws:rds/instance:Instance": "data",
    "aws:rds/snapshot:Snapshot": "backup",
    "aws:rds/clusterSnapshot:ClusterSnapshot": "backup",
    "aws:docdb/cluster:Cluster": "data",
    "aws:docdb/globalCluster:GlobalCluster": "data",
    "aws:neptune/cluster:Cluster": "data",
    "aws:redshift/cluster:Cluster": "data",
    "aws:redshiftserverless/namespace:Namespace": "data",
    "aws:dsql/cluster:Cluster": "data",
    "aws:keyspaces/table:Table": "data",
    "aws:timestreamwrite/table:Table": "data",
    "aws:dynamodb/table:Table": "data",
    "aws:dynamodb/globalTable:GlobalTable": "data",
    "aws:dynamodb/tableReplica:TableReplica": "replica",
    "aws:elasticache/replicationGroup:ReplicationGroup": "sessions",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": "sessions",
    "aws:elasticache/cluster:Cluster": "sessions",
    "aws:elasticache/serverlessCache:ServerlessCache": "sessions",
    "aws:memorydb/cluster:Cluster": "data",
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": "data",
    "aws:memorydb/snapshot:Snapshot": "backup",
    "aws:efs/fileSystem:FileSystem": "files",
    "aws:efs/replicationConfiguration:ReplicationConfiguration": "replica",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "files",
    "aws:fsx/ontapFileSystem:OntapFileSystem": "files",
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": "files",
    "aws:fsx/windowsFileSystem:WindowsFileSystem": "files",
    "aws:ebs/volume:Volume": "files",
    "aws:ebs/snapshot:Snapshot": "backup",
    "aws:ebs/snapshotCopy:SnapshotCopy": "backup",
    "aws:s3/bucket:Bucket": "objects",
    "aws:s3/bucketV2:BucketV2": "objects",
    "aws:s3/directoryBucket:DirectoryBucket": "objects",
    "aws:s3tables/tableBucket:TableBucket": "data",
    "aws:backup/vault:Vault": "backups",
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": "backups",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": "lock",
    "aws:kms/key:Key": "key",
    "aws:kms/replicaKey:ReplicaKey": "key",
    "aws:kms/externalKey:ExternalKey": "key",
    "aws:secretsmanager/secret:Secret": "secret",
    "aws:acmpca/certificateAuthority:CertificateAuthority": "certificates",
    "aws:cognito/userPool:UserPool": "users",
    "aws:ecr/repository:Repository": "images",
    "aws:codecommit/repository:Repository": "code",
    "aws:sqs/queue:Queue": "messages",
    "aws:kinesis/stream:Stream": "messages",
    "aws:msk/cluster:Cluster": "messages",
    "aws:mq/broker:Broker": "messages",
    "aws:opensearch/domain:Domain": "data",
    "aws:opensearch/serverlessCollection:ServerlessCollection": "data",
    "aws:elasticsearch/domain:Domain": "data",
    "aws:cloudwatch/logGroup:LogGroup": "logs",
    "aws:cloudwatch/eventArchive:EventArchive": "events",
    "aws:route53/zone:Zone": "names",
    "aws:route53domains/registeredDomain:RegisteredDomain": "names",
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": "names",
    "aws:transfer/server:Server": "files",
    "cloudflare:index/zone:Zone": "names",
    "cloudflare:index/r2Bucket:R2Bucket": "objects",
    "cloudflare:index/d1Database:D1Database": "data",
    "cloudflare:index/workersKvNamespace:WorkersKvNamespace": "data",
    "cloudflare:index/queue:Queue": "messages",
    "random:index/randomPassword:RandomPassword": "secret",
    "tls:index/privateKey:PrivateKey": "key",
}
"""Resource types that hold state, and what they hold, in a word. What is made anew from the program or
from other state is not among them: images, parameters, the instances of an Aurora cluster."""

MADE_ANEW = {
    "aws:ec2/amiCopy:AmiCopy",
    "aws:imagebuilder/component:Component",
    "aws:imagebuilder/image:Image",
    "aws:imagebuilder/imageRecipe:ImageRecipe",
}
"""Types that a program retains for the way back and makes anew with each release: an image is no loss."""


@dataclass(frozen=True)
class Loss:
    """State that a step takes away."""

    step: Step
    holds: str
    """The kind of state, in a word."""
    note: str
    """Mitigations, or how to avoid it; may be empty."""


def losses_of(plan: Plan) -> list[Loss]:
    """All state that the plan replaces, deletes or forgets: the worst first."""
    created = {(step.type, step.name) for step in plan.changed if step.operation is Operation.CREATE}
    types = {type_ for type_, _ in created}
    found = [
        Loss(step, holds, note_of(step, (step.type, step.name) in created, step.type in types))
        for step in plan.changed
        if step.operation.destroys and (holds := held_by(step))
    ]
    return sorted(found, key=lambda loss: (ORDER[loss.step.operation], loss.step.type, loss.step.name))


ORDER = {Operation.DELETE: 0, Operation.REPLACE: 1, Operation.FORGET: 2}


def held_by(step: Step) -> str:
    """The kind of state a resource holds, in a word; empty for none. Protected ones always count, and retained ones
    but for images."""
    old = step.old
    if old is None or not old.custom or old.external:
        return ""
    retained = old.retain and step.type not in MADE_ANEW
    return HOLDS.get(step.type) or ("protected" if old.protect else "retained" if retained else "")


def note_of(step: Step, created_again: bool, same_type: bool) -> str:
    """The note on one loss for its reviewer."""
    notes = []
    old = step.old
    if old and old.protect:
        notes.append("protected: the engine refuses to remove it")
    if step.operation is Operation.FORGET:
        notes.append("stays in the account, no longer managed")
    elif old and old.retain:
        notes.append("the old one stays in the account, no longer managed")
    if step.operation is Operation.REPLACE and step.keys:
        notes.append(f"because of {', '.join(step.keys)}")
    if step.operation is Operation.DELETE and created_again:
        notes.append("created again elsewhere in the program: an alias would keep it")
    elif step.operation is Operation.DELETE and same_type:
        notes.append("one of its type is created: if it was renamed, an alias would keep it")
    return "; ".join(notes)
