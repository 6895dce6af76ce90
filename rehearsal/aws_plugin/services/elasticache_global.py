"""ElastiCache: global replication groups (global datastores), which nobody emulates: they are recorded only."""

from rehearsal.aws_plugin.entry import Call, Type

TYPES = [
    Type(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        "elasticache",
        create=Call(
            "CreateGlobalReplicationGroup",
            rename={"globalReplicationGroupIdSuffix": "GlobalReplicationGroupIdSuffix"},
            recorded=True,
        ),
        id="recorded-{globalReplicationGroupIdSuffix}",  # AWS's prefix is its own to choose
        then=(
            Call(
                "ModifyGlobalReplicationGroup",
                {"GlobalReplicationGroupId": "{id}", "ApplyImmediately": True},
                rename={"parameterGroupName": "CacheParameterGroupName"},
                takes=(
                    *("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "parameterGroupName"),
                    "globalReplicationGroupDescription",
                ),
                cleared={"globalReplicationGroupDescription": ""},
                recorded=True,
            ),
            Call(
                "IncreaseNodeGroupsInGlobalReplicationGroup",
                {"GlobalReplicationGroupId": "{id}", "NodeGroupCount": "{numNodeGroups}", "ApplyImmediately": True},
                takes=("numNodeGroups",),
                when="{!old.numNodeGroups || numNodeGroups > old.numNodeGroups}",
                recorded=True,
            ),
        ),
        update=(
            Call(
                "DecreaseNodeGroupsInGlobalReplicationGroup",
                {"GlobalReplicationGroupId": "{id}", "NodeGroupCount": "{numNodeGroups}", "ApplyImmediately": True},
                takes=("numNodeGroups",),
                when="{numNodeGroups < old.numNodeGroups}",
                recorded=True,
            ),
        ),
        delete=Call(
            "DeleteGlobalReplicationGroup",
            {"GlobalReplicationGroupId": "{id}", "RetainPrimaryReplicationGroup": True},
            recorded=True,
        ),
        outputs={
            "arn": "arn:{partition}:elasticache::{account}:globalreplicationgroup:{id}",
            "globalReplicationGroupId": "{id}",
        },
        computed=("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "numNodeGroups"),
    ),
]
