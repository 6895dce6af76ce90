"""The application of a fleet: the release that its servers fetch, and what it needs of role, network and log."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, cast

import pulumi
import pulumi_aws as aws

from ha_web.application.boot import Boot, boot_commands
from ha_web.application.commands import Artifact
from ha_web.application.egress import egress_problem
from ha_web.application.rights import pulling, reading_release, reading_secrets, writing_log
from ha_web.application.secrets import missing_secrets, secret_problem
from ha_web.core.log_retention import log_retention_problem
from ha_web.core.policy_documents import document
from ha_web.core.problems import Problems
from ha_web.core.regions import partition_of, region_of
from ha_web.core.scope import Scope
from ha_web.core.wording import quoted
from ha_web.fleet.launch_template import stand_in
from ha_web.fleet.server_role import ApplicationRights
from ha_web.fleet.user_data import build_release_data
from ha_web.load_balancer.protocols import port_problem

DEFAULT_DRAIN_SECONDS = 30
LONGEST_DRAIN_SECONDS = 3600
"""The load balancer's longest deregistration delay.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html"""

DEFAULT_HEALTH_PATH = "/healthz"
DEFAULT_LOG_RETENTION_DAYS = 30
DEFAULT_METADATA_HOPS = 1
TLS_PORT = 8443
"""Port on which the servers of a site take TLS."""

DEFAULT_ALPN = "http/1.1"
ALPN = (DEFAULT_ALPN, "h2")
"""https://www.iana.org/assignments/tls-extensiontype-values/tls-extensiontype-values.xhtml#alpn-protocol-ids"""

MOST_METADATA_HOPS = 64
"""https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html"""


class FleetApplicationArgs(TypedDict):
    """The application as a release, and what it needs: outputs of ApplicationArtifacts, and settings of its own."""

    bucket_name: pulumi.Input[str]
    """Name of the bucket of this region that has the release."""
    object_key: pulumi.Input[str]
    """Key of the release."""
    version_id: pulumi.Input[str]
    """Id of the release's version."""
    digest: pulumi.Input[str]
    """SHA-256 of the release, which servers check."""
    container: NotRequired[pulumi.Input[str]]
    """Container image that the servers run, by digest. Default: none."""
    repository_arn: NotRequired[pulumi.Input[str]]
    """ARN of the image's repository in ECR, which servers may pull from. Default: none."""
    health_path: NotRequired[str]
    """Path that has to answer before a server's boot is done; empty to wait for the port alone. Default `/healthz`."""
    secrets: NotRequired[dict[str, pulumi.Input[str]]]
    """ARNs of secrets (of Secrets Manager, with `:key::` for one key) or of SSM parameters, by the name of the variable
    that has the value; a file has it too, at the path in `<name>_FILE`. Servers read their own region's replicas.
    Default: none."""
    policy_arns: NotRequired[list[pulumi.Input[str]]]
    """ARNs of IAM policies for the servers' role. With any, the application may fetch the role's credentials. Default:
    none."""
    egress: NotRequired[list[str]]
    """Ways out besides HTTPS: `host:port` (opens the port everywhere: a security group knows no names), `network:port`,
    or ids of security groups. Default: none."""
    tls_port: NotRequired[int]
    """Port on which servers take TLS from the load balancer, besides the application's own: a proxy on the server
    (HAProxy) ends it, with a certificate that each server makes at its boot, and hands on to the application. Default:
    none."""
    tls_alpn: NotRequired[str]
    """What the proxy agrees on with the load balancer (ALPN): `h2` behind `http2` and `grpc`. Default `http/1.1`."""
    drain_seconds: NotRequired[int]
    """Seconds that requests under way have when a server stops, 0 to 3600; the unit has 60 more. Default 30."""
    credentials: NotRequired[bool]
    """True to let the application fetch the credentials of the servers' role. Default: true with `policy_arns`."""
    metadata_hops: NotRequired[int]
    """Network hops that answers of the metadata service may take, 1 to 64. Default 1; 2 for a container that may fetch
    credentials."""
    log_retention_days: NotRequired[int]
    """Days that CloudWatch Logs keeps the servers' logs. Default 30."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """ARN of a KMS key of this region that encrypts the logs; its policy lets CloudWatch Logs use it. Default: AWS's
    own key."""


@dataclass(frozen=True)
class Applied:
    """What a fleet takes over from its application."""

    user_data: pulumi.Output[str]
    log_group: aws.cloudwatch.LogGroup
    rights: ApplicationRights
    metadata_hops: int


def application_problems(
    args: FleetApplicationArgs, environment: Mapping[str, pulumi.Input[str]], port: int
) -> list[str]:
    """Return what is wrong with an application that listens on a port."""
    drain = args.get("drain_seconds", DEFAULT_DRAIN_SECONDS)
    hops = args.get("metadata_hops", DEFAULT_METADATA_HOPS)
    retention = log_retention_problem("log_retention_days", args.get("log_retention_days", DEFAULT_LOG_RETENTION_DAYS))
    secrets = args.get("secrets", {})
    problems = [
        *(secret_problem(name, arn) for name, arn in secrets.items()),
        *(egress_problem(entry) for entry in args.get("egress", [])),
        *(f"secrets has {name}, which environment has, too" for name in secrets if name in environment),
        retention,
    ]
    if not 0 <= drain <= LONGEST_DRAIN_SECONDS:
        problems.append(f"drain_seconds is {drain}; it must be 0 to {LONGEST_DRAIN_SECONDS}")
    if not 1 <= hops <= MOST_METADATA_HOPS:
        problems.append(f"metadata_hops is {hops}; it must be 1 to {MOST_METADATA_HOPS}")
    problems += _tls_problems(args, port)
    path = args.get("health_path", "")
    if path and not path.startswith("/"):
        problems.append(f"health_path is {quoted(path)}; it must begin with /")
    return [*(f"application.{problem}" for problem in problems if problem), *_user_data_problems(args, environment)]


def _tls_problems(args: FleetApplicationArgs, port: int) -> list[str]:
    """Return what is wrong with the port on which a server takes TLS."""
    taken, alpn = args.get("tls_port"), args.get("tls_alpn", DEFAULT_ALPN)
    problems = [line for line in [port_problem("tls_port", taken)] if line]
    if taken == port:
        problems.append(f"tls_port is {taken}, the application's own port; give another one")
    if alpn not in ALPN:
        problems.append(f"tls_alpn is {quoted(alpn)}; it must be {' or '.join(ALPN)}")
    return problems


def refuse_missing_secrets(scope: Scope, args: FleetApplicationArgs) -> None:
    """Raise ConfigurationError for secrets that a look-up doesn't find in the fleet's region."""
    secrets = args.get("secrets", {})
    if secrets:
        problems = Problems(f'Fleet "{scope.name}"')
        found = missing_secrets(secrets, region_of(scope.region, scope.parent), scope.invoke_opts())
        problems.add(*(f"application.{problem}" for problem in found))
        problems.raise_if_any()


def _user_data_problems(args: FleetApplicationArgs, environment: Mapping[str, pulumi.Input[str]]) -> list[str]:
    """Return what is wrong with user data, counting generous lengths for what is known only after deployment."""
    known = {name: value if isinstance(value, str) else stand_in(name) for name, value in environment.items()}
    secrets = {name: value if isinstance(value, str) else "x" * 160 for name, value in args.get("secrets", {}).items()}
    boot = Boot(8080, DEFAULT_HEALTH_PATH, 1, 1, secrets, "x" * 100, container="x" * 300)
    try:
        build_release_data(known, boot.description, boot_commands(Artifact(*("x" * 64,) * 5), boot))
    except ValueError as error:
        return [str(error)]
    return []


def create_application(
    scope: Scope,
    args: FleetApplicationArgs,
    environment: Mapping[str, pulumi.Input[str]],
    *,
    port: int,
    boot_seconds: int,
    udp: bool,
    storage: bool,
) -> Applied:
    """Create the servers' log, and write their user data."""
    log_group = aws.cloudwatch.LogGroup(
        f"{scope.name}-servers",
        retention_in_days=args.get("log_retention_days", DEFAULT_LOG_RETENTION_DAYS),
        kms_key_id=args.get("log_key_arn"),
        **scope.regional_args("servers"),
    )
    credentials = may_fetch_credentials(args)
    told = pulumi.Output.all(
        environment=dict(environment),
        secrets=dict(args.get("secrets", {})),
        container=args.get("container", ""),
        log_group=log_group.name,
        bucket=args["bucket_name"],
        key=args["object_key"],
        version=args["version_id"],
        digest=args["digest"],
    )
    region = region_of(scope.region, scope.parent)

    def encoded(known: Mapping[str, Any]) -> str:
        boot = Boot(
            port=port,
            health=args.get("health_path", DEFAULT_HEALTH_PATH),
            boot_seconds=boot_seconds,
            drain_seconds=args.get("drain_seconds", DEFAULT_DRAIN_SECONDS),
            secrets=known["secrets"],
            log_group=known["log_group"],
            storage=storage,
            container=known["container"],
            credentials=credentials,
            udp=udp,
            tls_port=args.get("tls_port"),
            tls_alpn=args.get("tls_alpn", DEFAULT_ALPN),
        ).in_region(region)
        artifact = Artifact(region, known["bucket"], known["key"], known["version"], known["digest"])
        text = build_release_data(known["environment"], boot.description, boot_commands(artifact, boot))
        return base64.b64encode(text.encode()).decode()

    rights = _rights(scope, args, log_group)
    return Applied(told.apply(encoded), log_group, rights, _metadata_hops(args, credentials=credentials))


def may_fetch_credentials(args: FleetApplicationArgs) -> bool:
    """Return whether the application may fetch the credentials of the servers' role."""
    return args.get("credentials", bool(args.get("policy_arns")))


def _metadata_hops(args: FleetApplicationArgs, *, credentials: bool) -> int:
    usual = 2 if credentials and "container" in args else DEFAULT_METADATA_HOPS
    return args.get("metadata_hops", usual)


def _rights(scope: Scope, args: FleetApplicationArgs, log_group: aws.cloudwatch.LogGroup) -> ApplicationRights:
    """Return what the servers' role may do for this application."""
    region, partition = region_of(scope.region, scope.parent), partition_of(scope.region)
    names = pulumi.Output.all(
        bucket=args["bucket_name"],
        key=args["object_key"],
        log=log_group.arn,
        repository=args.get("repository_arn", ""),
        secrets=list(args.get("secrets", {}).values()),
    )

    def policy(known: Mapping[str, Any]) -> str:
        secrets = dict.fromkeys(cast(Sequence[str], known["secrets"]), "")
        here = Boot(0, "", 0, 0, {arn: arn for arn in secrets}).in_region(region).secrets
        statements = [
            reading_release(known["bucket"], known["key"], partition),
            writing_log(known["log"]),
            *(pulling(known["repository"]) if known["repository"] else []),
            *reading_secrets([*here.values()]),
        ]
        return json.dumps(document(*statements))

    return ApplicationRights(names.apply(policy), args.get("policy_arns", []))
