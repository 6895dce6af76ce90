"""ElastiCache: global replication groups (global datastores)."""

from rehearsal.aws_plugin.entry import Call, Read, Type

GLOBAL = {"GlobalReplicationGroupId": "{id}", "ApplyImmediately": True}

TYPES = [
    Type(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
        "elasticache",
        create=Call(
            "CreateGlobalReplicationGroup",
            takes=("globalReplicationGroupIdSuffix", "globalReplicationGroupDescription", "primaryReplicationGroupId"),
        ),
        id="GlobalReplicationGroup.GlobalReplicationGroupId",
        then=(
            Call(
                "ModifyGlobalReplicationGroup",
                GLOBAL,
                rename={"parameterGroupName": "CacheParameterGroupName"},
                takes=("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "parameterGroupName"),
                along={
                    "engine": ("engineVersion", "parameterGroupName"),
                    "engineVersion": ("engine", "parameterGroupName"),
                },
            ),
            Call(
                "IncreaseNodeGroupsInGlobalReplicationGroup",
                {**GLOBAL, "NodeGroupCount": "{numNodeGroups}"},
                takes=("numNodeGroups",),
                when="{!old.numNodeGroups || numNodeGroups > old.numNodeGroups}",
                recorded=True,
            ),
        ),
        update=(
            Call(
                "ModifyGlobalReplicationGroup",
                GLOBAL,
                takes=("globalReplicationGroupDescription",),
                cleared={"globalReplicationGroupDescription": ""},
            ),
            Call(
                "DecreaseNodeGroupsInGlobalReplicationGroup",
                {**GLOBAL, "NodeGroupCount": "{numNodeGroups}"},
                takes=("numNodeGroups",),
                when="{numNodeGroups < old.numNodeGroups}",
                recorded=True,
            ),
        ),
        read=Read(
            "DescribeGlobalReplicationGroups",
            {"GlobalReplicationGroupId": "{id}", "ShowMemberInfo": True},
            "GlobalReplicationGroups[0]",
            {
                "primaryReplicationGroupId": "Members[?Role=='PRIMARY'].ReplicationGroupId | [0]",
                "engineVersionActual": "EngineVersion",
            },
        ),
        delete=Call(
            "DeleteGlobalReplicationGroup",
            {"GlobalReplicationGroupId": "{id}", "RetainPrimaryReplicationGroup": True},
        ),
        outputs={"arn": "ARN", "globalReplicationGroupId": "GlobalReplicationGroupId"},
        unread=("globalReplicationGroupIdSuffix", "numNodeGroups", "parameterGroupName", "engineVersion"),
        computed=("automaticFailoverEnabled", "cacheNodeType", "engine", "engineVersion", "numNodeGroups"),
    ),
]
