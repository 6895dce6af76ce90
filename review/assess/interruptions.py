"""Interruptions: changes that users or servers may notice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from review.assess.changes import Change, changes_of
from review.plan import paths
from review.plan.model import Operation, Plan, Step
from review.plan.values import ABSENT, Mark, shown

Reason = Callable[[Step, Change], str]


@dataclass(frozen=True)
class Interrupts:
    """The effects of replacing, deleting or changing one type of resource."""

    replaced: str
    deleted: str
    changes: dict[str, str | Reason] = field(default_factory=dict)
    """Property (or the beginning of its path) to what a change of it does; a function may find it harmless."""


@dataclass(frozen=True)
class Interruption:
    """A step that users or servers may notice."""

    step: Step
    reasons: list[str]


def interruptions_of(plan: Plan) -> list[Interruption]:
    """All interruptions: replaced and deleted first."""
    found = [
        Interruption(step, reasons)
        for step in plan.changed
        if step.operation is not Operation.CREATE and (reasons := [*reasons_of(step)])
    ]
    return sorted(found, key=lambda each: (not each.step.operation.destroys, each.step.type, each.step.name))


def reasons_of(step: Step) -> Iterator[str]:
    """Why a step interrupts."""
    known = INTERRUPTS.get(kind_of(step.type))
    if known is None or (step.old and step.old.external):
        return
    if step.operation is Operation.REPLACE and known.replaced:
        yield known.replaced
    elif step.operation in (Operation.DELETE, Operation.FORGET) and known.deleted:
        yield known.deleted
    if step.operation is Operation.UPDATE:
        reasons = [reason for change in changes_of(step) if (reason := reason_of(known, step, change))]
        yield from dict.fromkeys(reasons)


def reason_of(known: Interrupts, step: Step, change: Change) -> str:
    """Why one change interrupts; empty if it doesn't."""
    for beginning, reason in known.changes.items():
        path = paths.parsed(beginning)
        if change.path[: len(path)] == path or path[: len(change.path)] == change.path:
            return reason if isinstance(reason, str) else reason(step, change)
    return ""


def kind_of(type_: str) -> str:
    """The type without its older names."""
    module, _, rest = type_.removeprefix("aws:").partition("/")
    return f"{ALIASES.get(module, module)}/{rest}"


ALIASES = {"alb": "lb", "elasticloadbalancingv2": "lb", "elasticloadbalancing": "elb"}


def rolls_out(step: Step, change: Change) -> str:
    """The effect of a new template on a group: an instance refresh, or none until a server is replaced."""
    if change.before == change.after and not isinstance(change.after, Mark):
        return ""
    refresh = paths.found(step.after, ("instanceRefresh",))
    if refresh is ABSENT or not refresh:
        return "new template: used only by servers started from now on, because the group has no instance refresh"
    healthy = paths.found(refresh, ("preferences", "minHealthyPercentage"))
    keeps = "" if healthy is ABSENT else f", at least {shown(healthy)}% of them healthy"
    return f"instance refresh: every server is replaced{keeps}"


def released(step: Step, _: Change) -> str:
    """The effect of another version in the parameter of a Release; any other parameter's value interrupts nothing."""
    if "ha-web:index:Release$" not in step.urn:
        return ""
    return "release: every server is replaced, each by a new one that serves first, or the version before serves again"


def lowered(what: str) -> Reason:
    """The reason of a number that goes down."""

    def reason(_: Step, change: Change) -> str:
        before, after = change.before, change.after
        if isinstance(before, int | float) and isinstance(after, int | float) and after < before:
            return f"{what}: {shown(before)} → {shown(after)}"
        return ""

    return reason


def shrunk(what: str) -> Reason:
    """The reason of a list that loses something. Paths may lead to the list or into it."""

    def reason(step: Step, change: Change) -> str:
        before, after = step.before.get(str(change.path[0])), step.after.get(str(change.path[0]))
        if not isinstance(before, list) or not isinstance(after, list):
            return f"{what} change" if isinstance(after, Mark) else ""
        gone = [each for each in before if each not in after]
        return f"{what} lost: {', '.join(map(shown, gone))}" if gone else ""

    return reason


def restarts(what: str) -> Reason:
    """The reason of a change that is made at once or in the next maintenance window."""

    def reason(step: Step, _: Change) -> str:
        when = "at once" if step.after.get("applyImmediately") is True else "in the next maintenance window"
        return f"{what}, {when}"

    return reason


def template_version(_: Step, change: Change) -> str:
    """A change of a launch template, unless it is only tags or a description."""
    return "" if change.noise or change.path[0] in ("description", "name") else "new version of the launch template"


TEMPLATE_PARTS = [
    *("imageId", "instanceType", "userData", "securityGroupNames", "vpcSecurityGroupIds", "iamInstanceProfile"),
    *("blockDeviceMappings", "metadataOptions", "networkInterfaces", "keyName", "instanceRequirements", "monitoring"),
    *("placement", "cpuOptions", "creditSpecification", "instanceMarketOptions", "ebsOptimized"),
]

NODES: dict[str, str | Reason] = {
    "nodeType": restarts("nodes are replaced"),
    "engineVersion": restarts("nodes are upgraded"),
    "instanceClass": restarts("the instance restarts"),
    "numCacheClusters": lowered("nodes"),
    "replicasPerNodeGroup": lowered("replicas per shard"),
    "automaticFailoverEnabled": lowered("automatic failover"),
    "multiAzEnabled": lowered("Multi-AZ"),
}

INTERRUPTS: dict[str, Interrupts] = {
    "autoscaling/group:Group": Interrupts(
        "all servers of the group are terminated",
        "all servers of the group are terminated",
        {
            "launchTemplate": rolls_out,
            "mixedInstancesPolicy": rolls_out,
            "launchConfiguration": rolls_out,
            "minSize": lowered("minimum size"),
            "maxSize": lowered("maximum size"),
            "desiredCapacity": lowered("desired size"),
            "instanceRefresh.preferences.minHealthyPercentage": lowered(
                "healthy servers during an instance refresh, %"
            ),
            "instanceMaintenancePolicy.minHealthyPercentage": lowered("healthy servers during maintenance, %"),
            "vpcZoneIdentifiers": shrunk("subnets"),
            "availabilityZones": shrunk("zones"),
            "targetGroupArns": shrunk("target groups"),
            "trafficSources": shrunk("traffic sources"),
        },
    ),
    "ssm/parameter:Parameter": Interrupts("", "", {"insecureValue": released}),
    "ec2/launchTemplate:LaunchTemplate": Interrupts(
        "a new launch template: groups that use it replace their servers",
        "groups that use it cannot start servers",
        dict.fromkeys(TEMPLATE_PARTS, template_version),
    ),
    "ec2/instance:Instance": Interrupts(
        "the server is replaced",
        "the server is terminated",
        {"instanceType": "the server stops and starts", "userData": "the server stops and starts"},
    ),
    "lb/loadBalancer:LoadBalancer": Interrupts(
        "a new load balancer with a new address",
        "nothing answers at its address",
        {
            "subnets": shrunk("subnets"),
            "subnetMappings": shrunk("subnets"),
            "securityGroups": shrunk("security groups"),
        },
    ),
    "lb/listener:Listener": Interrupts(
        "connections to its port are refused until the new one is ready",
        "connections to its port are refused",
        {
            "port": "clients must use another port",
            "protocol": "clients must use another protocol",
            "certificateArn": "another certificate",
            "sslPolicy": "other TLS versions and ciphers",
            "defaultActions": "requests go elsewhere",
        },
    ),
    "lb/listenerRule:ListenerRule": Interrupts(
        "its requests go elsewhere until the new one is ready", "its requests go elsewhere"
    ),
    "lb/listenerCertificate:ListenerCertificate": Interrupts(
        "its names have no certificate until the new one is ready", "its names have no certificate"
    ),
    "lb/targetGroup:TargetGroup": Interrupts("servers are registered again", "servers get no requests"),
    "lb/targetGroupAttachment:TargetGroupAttachment": Interrupts(
        "the target is registered again", "the target gets no requests"
    ),
    "autoscaling/attachment:Attachment": Interrupts("servers are registered again", "servers get no requests"),
    "autoscaling/trafficSourceAttachment:TrafficSourceAttachment": Interrupts(
        "servers are registered again", "servers get no requests"
    ),
    "elb/loadBalancer:LoadBalancer": Interrupts(
        "a new load balancer with a new address", "nothing answers at its address"
    ),
    "ecs/service:Service": Interrupts(
        "all tasks of the service stop",
        "all tasks of the service stop",
        {"taskDefinition": "a deployment replaces every task", "desiredCount": lowered("tasks wanted")},
    ),
    "eks/nodeGroup:NodeGroup": Interrupts(
        "all nodes of the group are terminated", "all nodes of the group are terminated", NODES
    ),
    "elasticache/replicationGroup:ReplicationGroup": Interrupts("", "", NODES),
    "memorydb/cluster:Cluster": Interrupts("", "", NODES),
    "rds/cluster:Cluster": Interrupts("", "", NODES),
    "rds/instance:Instance": Interrupts("", "", NODES),
    "rds/clusterInstance:ClusterInstance": Interrupts(
        "its connections break; a writer fails over", "its connections break; a writer fails over", NODES
    ),
    "ec2/vpc:Vpc": Interrupts("everything in the VPC goes with it", "everything in the VPC goes with it"),
    "ec2/subnet:Subnet": Interrupts("everything in the subnet goes with it", "everything in the subnet goes with it"),
    "ec2/natGateway:NatGateway": Interrupts(
        "servers cannot reach the internet until the new one is ready; new IP address",
        "servers cannot reach the internet through it",
    ),
    "ec2/internetGateway:InternetGateway": Interrupts(
        "no traffic goes in or out of the VPC", "no traffic goes in or out of the VPC"
    ),
    "ec2/routeTable:RouteTable": Interrupts(
        "its subnets have no routes until the new one is ready", "its subnets fall back to the main route table"
    ),
    "ec2/route:Route": Interrupts("the route is missing until the new one is ready", "the route is missing"),
    "route53/record:Record": Interrupts(
        "the name may not resolve until the new one is ready", "the name doesn't resolve"
    ),
    "route53/healthCheck:HealthCheck": Interrupts(
        "failover relies on a new check without history", "failover has no health check"
    ),
    "cloudflare:index/loadBalancer:LoadBalancer": Interrupts(
        "the name may not resolve until the new one is ready", "the name doesn't resolve"
    ),
    "cloudflare:index/dnsRecord:DnsRecord": Interrupts(
        "the name may not resolve until the new one is ready", "the name doesn't resolve"
    ),
}
