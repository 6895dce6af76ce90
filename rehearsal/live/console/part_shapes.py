"""What the console reads of each part's `describe()`.

A part may leave out what it doesn't know: the page shows a dash. Times are seconds since 1970 by the machine's clock,
durations are seconds as AWS counts them (`Pace.aws`), shares between 0 and 1.

| `describe()` of | gives |
|---|---|
| `servers` | `Servers` |
| `balancers` | `Balancers` |
| `stores` | `Stores` |
| `databases` | `Databases` |
| `files` | `Files` |
| `names` | `Names` |
| `functions` | `Functions` |
| `watch` | `Watch` |

Each of them may have `simulated`: one plain sentence on what is not as at AWS. The page shows it with the part's name.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

# --- servers


class Server(TypedDict, total=False):
    """An instance of the account and what runs for it."""

    id: str
    region: str
    zone: str
    """By name: `eu-west-1a`."""
    address: str
    type: str
    image: str
    version: str
    """The release that it serves, as a person would name it: the short version of the application's package."""
    state: str
    """`booting`, `running`, `draining`, `stopping`, `frozen`, `leaking`, `lost`, `failed`, or EC2's own word."""
    lifecycle: str
    """The Auto Scaling group's: `Pending`, `InService`, `Terminating`…"""
    health: str
    """The target group's: `initial`, `healthy`, `unhealthy`, `draining`, `unused`, `unavailable`."""
    since: float
    cpu: float
    """Of one core: 0.5 is half a core."""
    memory: int
    """Bytes."""
    note: str
    """Anything else worth a line: why it isn't served."""


class Group(TypedDict, total=False):
    """An Auto Scaling group."""

    name: str
    region: str
    desired: int
    minimum: int
    maximum: int
    refresh: str
    """What an instance refresh is at, if one runs: `60 %, 1 server draining`."""


class Servers(TypedDict, total=False):
    """Of the part `servers`."""

    servers: Sequence[Server]
    groups: Sequence[Group]
    simulated: str


# --- balancers


class BalancerNode(TypedDict, total=False):
    """A load balancer's node in one zone."""

    zone: str
    address: str
    state: str
    """`serving`, `no healthy target`, `failing open`, `down`."""
    healthy: int
    targets: int
    rate: float
    """Requests a second of real time."""


class Balancer(TypedDict, total=False):
    """A load balancer of the account."""

    name: str
    region: str
    dns: str
    nodes: Sequence[BalancerNode]


class Balancers(TypedDict, total=False):
    """Of the part `balancers`."""

    balancers: Sequence[Balancer]
    simulated: str


# --- stores, databases, files


class DataNode(TypedDict, total=False):
    """A node of a session store, or an instance of a database."""

    id: str
    zone: str
    address: str
    role: str
    """`primary` or `replica` of a store, `writer` or `reader` of a database."""
    state: str
    """`available`, `promoting`, `syncing`, `frozen`, `lost`, or the account's own word."""
    lag: float
    """Seconds behind what it follows; none on the one that takes writes."""


class Store(TypedDict, total=False):
    """A session store of one region: a replication group, or a MemoryDB cluster."""

    id: str
    region: str
    engine: str
    """`Valkey 9.1`."""
    role: str
    """In the global datastore: `primary` or `secondary`; `alone` without one; in a multi-Region cluster, whose members
    all take writes, `one of several`."""
    status: str
    """The account's: `available`, `modifying`, `promoting`…"""
    waiting: Mapping[str, float]
    """In a multi-Region cluster: seconds that its changes have been waiting for the way to others, by region."""
    writes: bool
    """Whether it takes writes now."""
    nodes: Sequence[DataNode]


class Stores(TypedDict, total=False):
    """Of the part `stores`."""

    stores: Sequence[Store]
    simulated: str


class Database(TypedDict, total=False):
    """A database cluster of one region."""

    id: str
    region: str
    engine: str
    """`PostgreSQL 18.6`."""
    role: str
    """In the global database: `primary` or `secondary`; `alone` without one."""
    status: str
    writes: bool
    instances: Sequence[DataNode]


class Databases(TypedDict, total=False):
    """Of the part `databases`."""

    databases: Sequence[Database]
    simulated: str


class FileSystem(TypedDict, total=False):
    """An EFS file system."""

    id: str
    region: str
    writes: bool
    copies_to: str
    """The region that it is replicated to."""
    lag: float


class Files(TypedDict, total=False):
    """Of the part `files`."""

    files: Sequence[FileSystem]
    simulated: str


# --- names


class Record(TypedDict, total=False):
    """One record set of a hosted zone that routes users."""

    name: str
    type: str
    routing: str
    """`failover PRIMARY`, `weighted 10`, `latency eu-west-1`, `simple`."""
    target: str
    check: str
    """The health check's id, if it has one."""
    healthy: bool
    chosen: bool
    """Whether it is what the name answers with now."""


class Answer(TypedDict, total=False):
    """What a name answers a user now."""

    name: str
    type: str
    answer: Sequence[str]
    ttl: float
    leads_to: str
    """The region that the addresses are in."""


class HealthCheck(TypedDict, total=False):
    """A health check of Route 53."""

    id: str
    what: str
    """`HTTPS /healthz of primary-lb…`, `2 of 3 checks`."""
    status: str
    """`healthy`, `unhealthy`, `unknown`, `disabled`."""
    healthy_checkers: int
    checkers: int
    inverted: bool


class Names(TypedDict, total=False):
    """Of the part `names`."""

    records: Sequence[Record]
    answers: Sequence[Answer]
    checks: Sequence[HealthCheck]
    simulated: str


# --- functions, alarms


class Function(TypedDict, total=False):
    """A Lambda function that something invokes."""

    name: str
    region: str
    schedule: str
    """`rate(1 minute)`, or empty."""
    running: bool
    invocations: int
    errors: int
    last_at: float
    last_ok: bool
    last_said: str
    """Its last line of log, or its answer, short."""


class Switch(TypedDict, total=False):
    """The object by which the failover's health check sends users to the standby."""

    bucket: str
    region: str
    object: str
    set: bool
    """Whether the object is there: the standby serves."""


class Functions(TypedDict, total=False):
    """Of the part `functions`."""

    functions: Sequence[Function]
    switch: Switch
    simulated: str


class Alarm(TypedDict, total=False):
    """An alarm of CloudWatch."""

    name: str
    region: str
    state: Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
    reason: str
    since: float


class Watch(TypedDict, total=False):
    """Of the part `watch`."""

    alarms: Sequence[Alarm]
    simulated: str
