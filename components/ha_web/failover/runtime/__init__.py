"""The failover itself, without Pulumi: the code of the function in the standby region, which operators invoke, too.

Python's standard library and boto3 only, and imports within this folder only: the folder is put into the function's
archive as it is. `plan` says what is to be done (pure), `observe` checks, `apply` carries out, `notes` keeps what runs
share, `handler` decides when.

Everything is asked of the standby region. No call needs the primary region, or a control plane in us-east-1:

| Call (standby region) | Why it works with the primary region down |
|---|---|
| DNS lookup of the beacon | Route 53 answers queries from its edge: data plane |
| HTTP(S) or TCP connection to the primary's balancer | it is meant to fail then |
| autoscaling Describe-, UpdateAutoScalingGroup(s) | regional; the group is in the standby |
| elasticloadbalancing DescribeTargetHealth | regional; the balancer is in the standby |
| elasticache DescribeReplicationGroups | regional; the standby's own replication group says its role |
| elasticache FailoverGlobalReplicationGroup | made for it; called in the region that is to become primary |
| elasticache DisassociateGlobalReplicationGroup | if that doesn't make the store a primary within two minutes |
| rds DescribeGlobalClusters, FailoverGlobalCluster | made for it; called in the secondary's region |
| elasticfilesystem Describe-, DeleteReplicationConfiguration(s) | the destination's side of it; deleted there alone \
if both sides can't be |
| s3 HeadObject, GetObject, PutObject, DeleteObject | the switch's bucket is in the standby region: data plane |
| sns Publish | the topic is in the standby region: data plane |

One more call goes to the primary region while that is healthy: autoscaling DescribeAutoScalingGroups, to note how many
servers it runs. If it isn't answered, the last note stays.
"""
