"""Session stores that nobody reads on the wire, on a disk, or without a password."""

from collections.abc import Iterator

from resilience.aws.stores import ENGINE, is_member, is_memcached, is_secondary
from resilience.aws.types import CACHE_CLUSTER, MEMORYDB_CLUSTER, REPLICATION_GROUP, SERVERLESS_CACHE
from resilience.aws.values import is_on
from resilience.known import has_items, is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

OPEN_ACCESS = "open-access"
"""MemoryDB's list that lets everybody in. https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html"""


@RULES.rule(
    "store-speaks-tls",
    "Clients reach a session store over TLS only.",
    Severity.HIGH,
    security_hub("ElastiCache.5"),
    REPLICATION_GROUP,
    MEMORYDB_CLUSTER,
    CACHE_CLUSTER,
)
def speaks_tls(store: Resource, _: Config) -> Iterator[str]:
    """A secondary has its primary's. A cluster of one node can't, which is for `store-is-replicated` to say."""
    if is_secondary(store) or (store.type == CACHE_CLUSTER and (is_member(store) or not is_memcached(store))):
        return
    if store.type == MEMORYDB_CLUSTER:
        if not is_on(store, "tlsEnabled", default=True):
            yield "tlsEnabled is off"
    elif not is_on(store, "transitEncryptionEnabled"):
        yield "transitEncryptionEnabled is off"
    elif store.get("transitEncryptionMode") == "preferred":
        yield 'transitEncryptionMode is "preferred", which lets plain text in; it should be "required"'


@RULES.rule(
    "store-is-encrypted",
    "A session store is encrypted at rest.",
    Severity.HIGH,
    security_hub("ElastiCache.4"),
    REPLICATION_GROUP,
)
def is_encrypted(store: Resource, _: Config) -> Iterator[str]:
    """MemoryDB and serverless caches always are, Valkey by default, Redis not."""
    if not is_secondary(store) and not encrypted(store):
        yield "atRestEncryptionEnabled is off"


def encrypted(group: Resource) -> bool:
    """Return whether a replication group is encrypted, by its own setting or by its engine's default."""
    path = "atRestEncryptionEnabled"
    return is_on(group, path) if group.has(path) else bool(group.get("engine", ENGINE) == "valkey")


@RULES.rule(
    "store-has-its-own-key",
    "A session store is encrypted with a key of the account's own.",
    Severity.MEDIUM,
    well_architected("SEC08-BP01", "sec_protect_data_rest_key_mgmt"),
    REPLICATION_GROUP,
    MEMORYDB_CLUSTER,
    SERVERLESS_CACHE,
)
def has_its_own_key(store: Resource, _: Config) -> Iterator[str]:
    """A key's policy says who may read snapshots, also in other accounts."""
    path = "kmsKeyArn" if store.type == MEMORYDB_CLUSTER else "kmsKeyId"
    if store.has(path) or (store.type == REPLICATION_GROUP and not is_secondary(store) and not encrypted(store)):
        return
    yield f"{path} is not set; the key is AWS's"


@RULES.rule(
    "store-asks-who-you-are",
    "A session store lets nobody in without a user or a password.",
    Severity.HIGH,
    well_architected("SEC09-BP03", "sec_protect_data_transit_authentication"),
    REPLICATION_GROUP,
    MEMORYDB_CLUSTER,
    SERVERLESS_CACHE,
)
def asks_who_you_are(store: Resource, _: Config) -> Iterator[str]:
    """A secondary is asked neither: it can have users of its own only."""
    if store.type == MEMORYDB_CLUSTER:
        if is_known(store, "aclName") and store.get("aclName") == OPEN_ACCESS:
            yield f'aclName is "{OPEN_ACCESS}"; everybody who reaches the nodes may read and write'
    elif store.type == SERVERLESS_CACHE:
        if not store.has("userGroupId") and not is_memcached(store):
            yield "userGroupId is not set; everybody who reaches the cache may read and write"
    elif not is_secondary(store) and not _has_users(store):
        yield "neither userGroupIds nor authToken is set; everybody who reaches the nodes may read and write"


def _has_users(group: Resource) -> bool:
    return has_items(group, "userGroupIds") or group.has("authToken") or group.has("authTokenWo")
