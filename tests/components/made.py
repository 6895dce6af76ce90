"""The one test seam for components: what a component registers, recorded without an engine.

    made = make(lambda: Network("web", {"cidr": "10.0.0.0/16", "region": "eu-west-1"}))
    made.one("aws:ec2/vpc:Vpc")["cidrBlock"]        # an input, as the engine would get it (camelCase)
    made.all("aws:ec2/subnet:Subnet")               # by name
    made.named("web-vpc")                           # by logical name
    made.outputs["vpc_id"]                          # the component's public attributes, resolved

`build` may also return a dict of outputs, which `made.outputs` then has resolved. With `preview=True` nothing
has an id or an ARN yet, as in the first `pulumi preview`.

Ids are `<logical name>-id`, ARNs real in shape; `answers` says what functions (invokes) answer, `outputs`
what a type's resources answer beyond their inputs. Import it as `from tests.components.made import make`.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from unittest import mock

import pulumi
from pulumi import resource_hooks
from pulumi.runtime import mocks, rpc
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import wait_for_rpcs

T = TypeVar("T")
Answer = Mapping[str, Any] | Callable[[dict[str, Any]], Mapping[str, Any]]
ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"
REGION_CODES = {"us-east-1": "use1", "us-west-2": "usw2", "eu-west-1": "euw1", "eu-central-1": "euc1"}


ZONES_OF_REGIONS = {"us-east-1": 6}
"""Regions with more zones than three."""


def zones_of(region: str, count: int = 0) -> dict[str, Any]:
    """Answer of `aws.get_availability_zones`; zone ids run against the names, as in some accounts."""
    count = count or ZONES_OF_REGIONS.get(region, 3)
    numbers = list(range(count, 0, -1))
    return {
        "id": region,
        "names": [f"{region}{chr(ord('a') + i)}" for i in range(count)],
        "zoneIds": [f"{REGION_CODES.get(region, region)}-az{number}" for number in numbers],
        "groupNames": [region],
    }


def offerings_of(args: Mapping[str, Any]) -> dict[str, Any]:
    """Answer of `aws.ec2.get_instance_type_offerings`: each zone that a region may have offers each type."""
    [wanted] = args["filters"]
    zones = zones_of(args.get("region", DEFAULT_REGION), 8)["zoneIds"]
    offers = [(each, zone) for each in wanted["values"] for zone in zones]
    return {"instanceTypes": [each for each, _ in offers], "locations": [zone for _, zone in offers]}


ANSWERS: dict[str, Answer] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": lambda a: zones_of(a.get("region", DEFAULT_REGION)),
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": offerings_of,
    "aws:index/getRegion:getRegion": lambda a: {"region": a.get("region", DEFAULT_REGION)},
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/rehearsal",
        "userId": "u",
        "id": "i",
    },
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws"},
    "aws:ec2/getSubnet:getSubnet": lambda a: {"availabilityZone": f"{a.get('region', DEFAULT_REGION)}{a['id'][-1:]}"},
    "aws:ssm/getParameter:getParameter": {"value": "ami-0123456789abcdef0", "type": "String"},
    "aws:ssm/getParametersByPath:getParametersByPath": {"arns": [], "names": [], "types": [], "values": []},
    "aws:ec2/getAmi:getAmi": {
        "id": "ami-0123456789abcdef0",
        "architecture": "arm64",
        "rootDeviceName": "/dev/xvda",
    },
}

OUTPUTS: dict[str, Mapping[str, Any]] = {
    "aws:ec2/vpc:Vpc": {
        "ipv6CidrBlock": "2001:db8:1234:1a00::/56",
        "defaultRouteTableId": "rtb-default",
        "defaultSecurityGroupId": "sg-default",
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "dnsName": "web-1234567890.us-east-1.elb.amazonaws.com",
        "zoneId": "Z35SXDOTRQ7X7K",
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1, "defaultVersion": 1},
    "aws:ec2/eip:Eip": {"publicIp": "203.0.113.7"},
    "aws:secretsmanager/secretVersion:SecretVersion": {
        "secretArn": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:web-secret-AbCdEf"
    },
    "aws:kms/key:Key": {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
    "aws:acm/certificate:Certificate": {
        "domainValidationOptions": [
            {
                "domainName": "example.com",
                "resourceRecordName": "_x1.example.com.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_x2.acm-validations.aws.",
            }
        ]
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "primaryEndpointAddress": "master.sessions.abc.use1.cache.amazonaws.com",
        "readerEndpointAddress": "replica.sessions.abc.use1.cache.amazonaws.com",
        "memberClusters": ["sessions-001", "sessions-002"],
    },
    "aws:imagebuilder/image:Image": {
        "outputResources": [
            {"amis": [{"region": region, "image": f"ami-{code:0>17}"} for region, code in REGION_CODES.items()]}
        ]
    },
    "aws:memorydb/cluster:Cluster": {
        "clusterEndpoints": [{"address": "clustercfg.sessions.abc.memorydb.us-east-1.amazonaws.com", "port": 6379}]
    },
    "aws:rds/cluster:Cluster": {
        "endpoint": "data.cluster-abc.us-east-1.rds.amazonaws.com",
        "readerEndpoint": "data.cluster-ro-abc.us-east-1.rds.amazonaws.com",
    },
}


@dataclass(frozen=True)
class Resource:
    """One registered resource: `resource["minSize"]` is an input, `"x" in resource` whether it was given."""

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]
    parent: str = ""
    """URN of the parent."""
    options: dict[str, Any] = field(default_factory=dict)
    """protect, ignore_changes, delete_before_replace, depends_on (URNs), aliases, hooks, as registered."""
    secrets: frozenset[str] = frozenset()
    """Names of top-level inputs that are secret."""

    def __getitem__(self, key: str) -> Any:
        return self.inputs[key]

    def __contains__(self, key: str) -> bool:
        return key in self.inputs

    def get(self, key: str, default: Any = None) -> Any:
        """An input, or the default."""
        return self.inputs.get(key, default)

    @property
    def is_component(self) -> bool:
        """Return whether this is a component and no resource of a provider."""
        return not self.type.startswith(("aws:", "cloudflare:", "pulumi:", "random:"))


@dataclass(frozen=True)
class Call:
    """One call of a provider function."""

    token: str
    args: dict[str, Any]


class Recorder(mocks.Mocks):
    """Answers like a provider would."""

    def __init__(
        self, answers: Mapping[str, Answer], outputs: Mapping[str, Mapping[str, Any]], *, preview: bool
    ) -> None:
        self.preview = preview
        self.answers = {**ANSWERS, **answers}
        self.outputs = {**OUTPUTS, **outputs}
        self.calls: list[Call] = []

    def call(self, args: mocks.MockCallArgs) -> Any:
        """Answer a function; one that nobody taught is an error, not an empty answer."""
        self.calls.append(Call(args.token, dict(args.args)))
        if args.token not in self.answers:
            raise LookupError(f"no answer for {args.token}: pass answers={{...}} to make()")
        answer = self.answers[args.token]
        return {**args.args, **(answer(args.args) if callable(answer) else answer)}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Echo the inputs, with an id, an ARN and what the type is known to answer."""
        inputs = {key: plain(value) for key, value in args.inputs.items()}
        if self.preview or not args.custom:
            return "", inputs
        identity = args.resource_id or f"{args.name}-id"
        state = {"arn": arn_of(args.typ, args.name, inputs), "name": args.name, **inputs}
        if args.typ in ("aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"):
            state["arnSuffix"] = state["arn"].split(":", 5)[5].removeprefix("loadbalancer/")
        if args.typ == "aws:s3/bucket:Bucket":
            state = {"bucket": args.name, **state}
        return identity, {**state, **self.outputs.get(args.typ, {})}


def arn_of(type_: str, name: str, inputs: Mapping[str, Any]) -> str:
    """An ARN of the right shape for a resource."""
    service, kind = type_.split(":")[1].split("/")[0], type_.split(":")[2]
    region = inputs.get("region", DEFAULT_REGION)
    if service == "s3":
        return f"arn:aws:s3:::{inputs.get('bucket', name)}"
    if service == "iam":
        return f"arn:aws:iam::{ACCOUNT}:{kind.lower()}/{inputs.get('name', name)}"
    if kind == "LoadBalancer":
        letters = "net" if inputs.get("loadBalancerType") == "network" else "app"
        return f"arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:loadbalancer/{letters}/{name}/50dc6c495c0c9188"
    if kind == "TargetGroup":
        return f"arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:targetgroup/{name}/943f017f100becff"
    slug = re.sub(r"(?<!^)([A-Z])", r"-\1", kind).lower()
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{slug}/{name}"


class Monitor(mocks.MockMonitor):
    """Keeps what the SDK's own monitor throws away: parents, options, order, and which inputs are secret."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.recorded: list[Resource] = []
        self.registered_outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:
        """Register, and write down."""
        raw = rpc.deserialize_properties(request.object)
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's mocks have no types
        if request.type != "pulumi:pulumi:Stack":
            state = self.resources[answer.urn].state
            self.recorded.append(
                Resource(
                    type=request.type,
                    name=request.name,
                    id=answer.id,
                    inputs={k: plain(v) for k, v in raw.items()},
                    state=state,
                    parent=request.parent,
                    options=options_of(request),
                    secrets=frozenset(k for k, v in raw.items() if rpc.is_rpc_secret(v)),
                )
            )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Write down that (and what) a component registered as its outputs."""
        outputs = rpc.deserialize_properties(request.outputs)
        self.registered_outputs[request.urn] = {k: plain(v) for k, v in outputs.items()}
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # likewise


def plain(value: Any) -> Any:
    """A value with its secret wrapper taken off, whole numbers as int (the wire knows only floats)."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def options_of(request: Any) -> dict[str, Any]:
    """The resource options worth asserting on."""
    return {
        "protect": request.protect,
        "ignore_changes": list(request.ignoreChanges),
        "delete_before_replace": request.deleteBeforeReplace,
        "depends_on": list(request.dependencies),
        "aliases": [alias.spec.name for alias in request.aliases],
        "provider": request.provider,
        "retain_on_delete": request.retainOnDelete,
        "replace_on_changes": list(request.replaceOnChanges),
        "before_create": list(request.hooks.before_create),
        "before_update": list(request.hooks.before_update),
    }


@dataclass(frozen=True)
class Made(Generic[T]):
    """Registered resources, in order."""

    result: T
    resources: list[Resource]
    calls: list[Call]
    outputs: dict[str, Any]
    """The public attributes of the component (or the dict) that `build` returned, resolved."""
    registered: dict[str, dict[str, Any]]
    """By URN: what each component passed to register_outputs."""

    def all(self, type_: str) -> list[Resource]:
        """Every resource of a type, by name."""
        return sorted((r for r in self.resources if r.type == type_), key=lambda r: r.name)

    def one(self, type_: str) -> Resource:
        """The only resource of a type."""
        found = self.all(type_)
        assert len(found) == 1, f"{len(found)} of {type_}: {[r.name for r in found]}; made {self.types}"
        return found[0]

    def named(self, name: str) -> Resource:
        """The only resource with this logical name (components left aside if a resource has it too)."""
        found = [r for r in self.resources if r.name == name]
        found = [r for r in found if not r.is_component] or found
        assert len(found) == 1, f"{len(found)} named {name}; made {sorted(r.name for r in self.resources)}"
        return found[0]

    @property
    def types(self) -> list[str]:
        """The types that were made."""
        return sorted({r.type for r in self.resources})

    @property
    def children(self) -> list[Resource]:
        """All provider resources: no components, no stack."""
        return [r for r in self.resources if not r.is_component]


def make(
    build: Callable[[], T],
    *,
    answers: Mapping[str, Answer] | None = None,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    preview: bool = False,
) -> Made[T]:
    """Run `build` (which makes one component, or a program's worth of them) and wait for all it registers.

    answers: by function token. outputs: by type token. preview=True runs as `pulumi preview` does.
    Errors that `build` raises, or that a registration raises, come out as they are.
    """
    recorder = Recorder(answers or {}, outputs or {}, preview=preview)
    monitor = Monitor(recorder)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    mocks.set_mocks(recorder, project="test", stack="test", preview=preview, monitor=monitor)
    attributes: dict[str, Any] = {}

    async def run() -> T:
        SETTINGS.outputs.clear()
        try:
            result = build()
        finally:
            await wait_for_rpcs()
        shown = vars(result) if isinstance(result, pulumi.ComponentResource) else result
        if isinstance(shown, dict):
            for key, value in shown.items():
                if not key.startswith("_") and not isinstance(value, pulumi.Resource):
                    attributes[key] = await resolve(value)
        return result

    try:
        # the SDK sends each resource's Python stack to the engine: a fifth of a test's time, and nobody reads it here
        # the SDK's mocks have no server that an engine could call back for a hook
        with (
            mock.patch.object(registration, "_get_stack_trace", source_pb2.StackTrace),
            mock.patch.object(resource_hooks, "register_resource_hook", registered),
        ):
            result = loop.run_until_complete(run())
    finally:
        loop.close()
        asyncio.set_event_loop(asyncio.new_event_loop())  # the next test may make an Output without us
    return Made(result, monitor.recorded, recorder.calls, attributes, monitor.registered_outputs)


def registered(_hook: pulumi.ResourceHook) -> asyncio.Future[None]:
    """The answer to the registration of a hook."""
    done: asyncio.Future[None] = asyncio.get_event_loop().create_future()
    done.set_result(None)
    return done


async def resolve(value: Any) -> Any:
    """An output's value, also inside lists and dicts."""
    if isinstance(value, pulumi.Output):
        return plain(await pulumi.Output.from_input(value).future())
    if isinstance(value, list):
        return [await resolve(item) for item in value]
    if isinstance(value, dict):
        return {key: await resolve(item) for key, item in value.items()}
    return value
