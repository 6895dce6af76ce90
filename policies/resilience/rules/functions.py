"""Lambda functions: their zones, runtimes, failures, and who may call them."""

from collections.abc import Iterator

from resilience.aws.parts import parts
from resilience.aws.placement import count_of_zones
from resilience.aws.types import FUNCTION, FUNCTION_EVENTS, FUNCTION_PERMISSION, FUNCTION_URL
from resilience.known import known, known_items
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource, Stack
from resilience.rule import Config, Domain, Setting, Severity
from resilience.rules import table

RULES = Domain("Functions", table.FUNCTIONS)

FEWEST_ZONES = 2
ENDED = [
    *("nodejs", "nodejs4.3", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x"),
    *("nodejs18.x", "nodejs20.x", "python2.7", "python3.6", "python3.7", "python3.8", "python3.9"),
    *("java8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7"),
    *("go1.x", "ruby2.5", "ruby2.7", "ruby3.2", "provided"),
]
"""Runtimes that get no security fixes any more.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated"""
PUBLIC = well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account")


@RULES.stack_rule(
    "function-spans-zones",
    "A function in a VPC is in two zones at least.",
    Severity.HIGH,
    security_hub("Lambda.5"),
    FUNCTION,
)
def spans_zones(function: Resource, _: Stack, __: Config) -> Iterator[str]:
    """Outside of a VPC it is in all of them."""
    zones = count_of_zones(function, "vpcConfig.subnetIds") if function.count("vpcConfig.subnetIds") else None
    if zones is None:
        zones = count_of_zones(function, "vpcConfig") if known(function, "vpcConfig") else None
    if zones is not None and zones < FEWEST_ZONES:
        yield f"vpcConfig.subnetIds are in {zones} zone(s); with it, the function is gone: {FEWEST_ZONES} at least"


@RULES.rule(
    "function-runtime-supported",
    "A function's runtime gets security fixes.",
    Severity.MEDIUM,
    security_hub("Lambda.2"),
    FUNCTION,
    ended=Setting(ENDED, "runtimes that are out of support", {"items": {"type": "string"}}),
)
def runtime_supported(function: Resource, config: Config) -> Iterator[str]:
    """AWS also stops creating, and later updating, functions of an ended runtime. An image brings its own."""
    if function.get("runtime") in config["ended"]:
        yield f"runtime is {function.get('runtime')}, which is out of support"


@RULES.stack_rule(
    "function-failure-goes-somewhere",
    "An event that a function fails on goes somewhere.",
    Severity.LOW,
    well_architected("REL06-BP03", "rel_monitor_aws_resources_notification_monitor"),
    FUNCTION,
)
def failure_goes_somewhere(function: Resource, stack: Stack, _: Config) -> Iterator[str]:
    """To a dead-letter queue, or to the destination of failures; after two retries it is lost otherwise."""
    if known(function, "deadLetterConfig"):
        return
    settings = parts(stack, function, (FUNCTION_EVENTS,), "functionName", "name", "arn")
    if not any(each.has("destinationConfig.onFailure.destination") for each in settings):
        yield "deadLetterConfig is missing, and no destination of failures; an event it fails on is lost"


@RULES.rule(
    "function-permission-closed",
    "Nobody unnamed may call a function.",
    Severity.CRITICAL,
    security_hub("Lambda.1"),
    FUNCTION_PERMISSION,
)
def permission_closed(permission: Resource, _: Config) -> Iterator[str]:
    """An organization, an account or a resource closes it. A function's public URL is told by its own rule."""
    closed = any(permission.has(path) for path in ("principalOrgId", "sourceAccount", "sourceArn"))
    if permission.get("principal") == "*" and not closed:
        yield "principal is *; name an account or a service, or set principalOrgId"


@RULES.rule(
    "function-permission-names-its-source",
    "A service that may call a function does so for a named resource or account.",
    Severity.MEDIUM,
    PUBLIC,
    FUNCTION_PERMISSION,
)
def permission_names_its_source(permission: Resource, _: Config) -> Iterator[str]:
    """A service calls for whoever asks it to. https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html"""
    principal = str(permission.get("principal"))
    if principal.endswith(".amazonaws.com") and not (permission.has("sourceArn") or permission.has("sourceAccount")):
        yield f"sourceArn and sourceAccount are missing; {principal} may call for any account"


@RULES.rule(
    "function-url-origins-named",
    "A function's URL names the sites whose pages may call it.",
    Severity.MEDIUM,
    PUBLIC,
    FUNCTION_URL,
)
def url_origins_named(url: Resource, _: Config) -> Iterator[str]:
    """Without `cors`, no other site's page may."""
    if "*" in known_items(url, "cors.allowOrigins"):
        yield "cors.allowOrigins has *; name the sites"


@RULES.rule(
    "function-has-its-share",
    "A function has a share of the account's concurrency of its own.",
    Severity.LOW,
    well_architected("REL05-BP02", "rel_mitigate_interaction_failure_throttle_requests"),
    FUNCTION,
)
def has_its_share(function: Resource, _: Config) -> Iterator[str]:
    """Others can then not use it up, nor it theirs. A new account has nothing to give away."""
    if not function.has("reservedConcurrentExecutions") or function.get("reservedConcurrentExecutions") == -1:
        yield "reservedConcurrentExecutions is not set; any other function can use up the account's"
