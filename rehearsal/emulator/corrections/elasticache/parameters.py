"""ElastiCache: parameter groups, where ministack takes any name for a parameter."""

from ministack.services import elasticache as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.elasticache.users import groups
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_"


def _limits(kind: str) -> tuple[str, ...]:
    return tuple(f"client-output-buffer-limit-{kind}-{of}" for of in ("hard-limit", "soft-limit", "soft-seconds"))


VALKEY = frozenset(
    {
        *("acllog-max-len", "activedefrag", "active-defrag-cycle-max", "active-defrag-cycle-min"),
        *("active-defrag-ignore-bytes", "active-defrag-max-scan-fields", "active-defrag-threshold-lower"),
        *("active-defrag-threshold-upper", "activerehashing", "close-on-replica-write"),
        *_limits("normal"),
        *_limits("pubsub"),
        *_limits("replica"),
        *("cluster-allow-pubsubshard-when-down", "cluster-allow-reads-when-down", "cluster-enabled"),
        *("cluster-require-full-coverage", "commandlog-execution-slower-than", "commandlog-large-reply-max-len"),
        *("commandlog-large-request-max-len", "commandlog-reply-larger-than", "commandlog-request-larger-than"),
        *("commandlog-slow-execution-max-len", "databases", "hash-max-listpack-entries"),
        *("hash-max-listpack-value", "hll-sparse-max-bytes", "latency-tracking", "lazyfree-lazy-eviction"),
        *("lazyfree-lazy-expire", "lazyfree-lazy-server-del", "lazyfree-lazy-user-del"),
        *("lazyfree-lazy-user-flush", "lfu-decay-time", "lfu-log-factor", "list-compress-depth"),
        *("list-max-listpack-size", "lua-time-limit", "maxmemory-clients", "maxmemory-policy"),
        *("maxmemory-samples", "min-replicas-max-lag", "min-replicas-to-write", "notify-keyspace-events"),
        *("proto-max-bulk-len", "rename-commands", "repl-backlog-size", "repl-backlog-ttl", "repl-timeout"),
        *("reserved-memory", "reserved-memory-percent", "set-max-intset-entries", "set-max-listpack-entries"),
        *("set-max-listpack-value", "slowlog-log-slower-than", "slowlog-max-len", "stream-node-max-bytes"),
        *("stream-node-max-entries", "tcp-keepalive", "timeout", "tracking-table-max-keys"),
        *("zset-max-listpack-entries", "zset-max-listpack-value"),
    }
)
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""


@corrects("elasticache", "ModifyCacheParameterGroup", see=f"{API}ModifyCacheParameterGroup.html")
async def modify(call: Call) -> Response:
    """Refuse parameters that Valkey does not have, and values that a parameter does not allow."""
    name = call.parameters["CacheParameterGroupName"]
    group = store._param_groups.get_scoped(ACCOUNT, call.region, name) or {}
    valkey = str(group.get("CacheParameterGroupFamily", "")).startswith("valkey")
    known = store._param_group_params.get_scoped(ACCOUNT, call.region, name) or {}
    for wanted in call.parameters["ParameterNameValues"]:
        parameter, value = wanted["ParameterName"], wanted["ParameterValue"]
        if valkey and parameter not in VALKEY:
            raise AwsError("InvalidParameterValue", f"Invalid parameter name: {parameter}")
        allowed = known.get(parameter, {}).get("AllowedValues", "")
        if "," in allowed and value not in allowed.split(","):
            raise AwsError("InvalidParameterValue", f"{value} is not one of {allowed} for {parameter}")
    return await emulators.ask(call)


@corrects("elasticache", "DescribeCacheParameters", see=f"{API}DescribeCacheParameters.html")
async def describe(call: Call) -> Response:
    """Tell parameters that a user set from those of the system."""
    answer = call.read(await emulators.ask(call))
    source = call.parameters.get("Source")
    if source in (None, "all"):
        return call.answer(answer)
    return call.answer({**answer, "Parameters": [p for p in answer["Parameters"] if p["Source"] == source]})


@corrects("elasticache", "DeleteCacheParameterGroup", see=f"{API}DeleteCacheParameterGroup.html")
async def delete(call: Call) -> Response:
    """Refuse a parameter group that a replication group has."""
    name = call.parameters["CacheParameterGroupName"]
    for group in groups(call.region):
        if group["CacheParameterGroupName"] == name:
            raise AwsError("InvalidCacheParameterGroupState", f"{name} is in use by {group['ReplicationGroupId']}.")
    return await emulators.ask(call)
