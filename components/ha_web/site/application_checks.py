"""Checks of the application: that there is one, that servers can run it, and that it answers what users speak."""

import re

from ha_web.application.containers import container_problem
from ha_web.application.egress import egress_problem, groups
from ha_web.application.manifest import ManifestError, port_wanted
from ha_web.application.secrets import secret_problem
from ha_web.core.log_retention import log_retention_problem
from ha_web.core.wording import quoted
from ha_web.fleet.application import LONGEST_DRAIN_SECONDS, TLS_PORT
from ha_web.fleet.fleet import DEFAULT_TARGET_PORT
from ha_web.fleet.image import image_problems
from ha_web.fleet.user_data import name_problems
from ha_web.load_balancer.protocols import Protocol, tls_to_servers_problem, transport_of
from ha_web.site.application import KINDS, health_path_of, kinds_given, manifest_of, port_of, takes_tls
from ha_web.site.checks import needs, relay
from ha_web.site.model import Settings
from ha_web.site.reader import Problems, is_late, key_of

POLICY = re.compile(r"arn:[a-z-]+:iam::(\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+")


@needs("application")
def application_comes_from_one_place(site: Settings, problems: Problems) -> None:
    """Refuse an application that nothing says where it comes from, or two things do."""
    given = [key_of(kind) for kind in kinds_given(site)]
    if site.application is not None and len(given) != 1:
        found = f"has {' and '.join(given)}" if given else "says of nothing where it comes from"
        problems.add("application", f"{found}; give one of {', '.join(map(key_of, KINDS))}")


@needs("application", "servers")
def application_can_be_run(site: Settings, problems: Problems) -> None:
    """Refuse a package, an image or a port that no server could run."""
    own = site.application
    if own is None:
        return
    try:
        manifest = manifest_of(site)
    except ManifestError as error:
        for reason in error.problems:
            problems.add("application.package", f"is {quoted(own.package)}; {reason}")
        return
    relay(problems, "application.", [port_wanted(manifest, own.port, DEFAULT_TARGET_PORT)[1]])
    if own.container is not None:
        relay(problems, "application.", [container_problem(own.container)])
    if own.image is not None:
        relay(problems, "application.", image_problems(own.image, site.servers.instance_type))
        if site.servers.image is not None:
            problems.add("application.image", "and servers.image are both given; servers start from one image")


@needs("application", "protocol", "servers")
def application_speaks_the_protocol(site: Settings, problems: Problems) -> None:
    """Refuse a protocol that the package doesn't speak: no server would answer."""
    try:
        manifest = manifest_of(site)
    except ManifestError:
        return  # told already
    if manifest and site.protocol not in manifest.behind:
        spoken, behind = ", ".join(manifest.protocols), ", ".join(manifest.behind)
        problems.add("protocol", f"is {site.protocol}; the application speaks {spoken} (ha-web.yaml); use {behind}")


@needs("application", "standby")
def application_gets_what_it_needs(site: Settings, problems: Problems) -> None:
    """Refuse variables, secrets, rights and ways out that servers couldn't have."""
    own = site.application
    if own is None:
        return
    relay(problems, "application.", name_problems(own.environment))
    relay(problems, "application.", [secret_problem(name, arn) for name, arn in own.secrets.items()])
    relay(problems, "application.", [egress_problem(entry) for entry in own.egress])
    for number, arn in enumerate(own.policies):
        if not is_late(arn) and not POLICY.fullmatch(arn):
            problems.add(f"application.policies[{number}]", f"is {quoted(arn)}; it must be the ARN of an IAM policy")
    if groups(own.egress) and site.standby:
        reason = "a security group is of one region: write host:port or network:port, which hold in both"
        problems.add("application.egress", f"has {groups(own.egress)[0]}; {reason}")
    if own.drain_seconds > LONGEST_DRAIN_SECONDS:
        reason = f"it must be at most {LONGEST_DRAIN_SECONDS}"
        problems.add("application.drainSeconds", f"is {own.drain_seconds}; {reason}")
    relay(problems, "application.", [log_retention_problem("log_days", own.log_days)])


@needs("application", "protocol", "healthCheck", "tlsToServers")
def servers_can_take_tls(site: Settings, problems: Problems) -> None:
    """Refuse TLS to servers that nothing ends there, or that would hide that they are down."""
    if not takes_tls(site):
        return
    protocol = Protocol(site.protocol)
    try:
        asks, port = health_path_of(site) is not None, port_of(site)
    except ManifestError:
        return  # told already
    problem = tls_to_servers_problem(protocol, transport_of(protocol, certificate=True), asks=asks)
    if problem:
        reason = problem.partition("; ")[2].replace("health_check.path", "healthCheck.path")
        problems.add("tlsToServers", f"is {site.tls_to_servers}; {reason}")
    if site.application and site.application.start_script is not None:
        reason = "is given, and ends no TLS that we know of; give a package, a container or an image"
        problems.add("tlsToServers", f"is {site.tls_to_servers}; application.startScript {reason}")
    if port == TLS_PORT:
        problems.add(
            "tlsToServers", f"is {site.tls_to_servers}; servers take TLS on {TLS_PORT}, which is application.port"
        )


APPLICATION_CHECKS = [
    application_comes_from_one_place,
    application_can_be_run,
    application_speaks_the_protocol,
    application_gets_what_it_needs,
    servers_can_take_tls,
]
