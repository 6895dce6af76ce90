"""Roles, users and policies."""

import re
from collections.abc import Iterator

from resilience.aws.conditions import SOURCE_KEYS, Condition
from resilience.aws.policy_documents import WHOLE, Statement, everyone, statements
from resilience.aws.types import (
    ACCESS_KEY,
    BUCKET_POLICY,
    GROUP_POLICY,
    GROUP_POLICY_ATTACHMENT,
    POLICIES,
    POLICY_ATTACHMENT,
    QUEUE,
    QUEUE_POLICY,
    ROLE,
    ROLE_POLICY_ATTACHMENT,
    TOPIC,
    TOPIC_POLICY,
    USER,
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
)
from resilience.known import is_known
from resilience.reference import security_hub, well_architected
from resilience.resource import Resource
from resilience.rule import Config, Domain, Setting, Severity

RULES = Domain("IAM")

GRANTING = (*POLICIES, GROUP_POLICY, ROLE)
ATTACHMENTS = (ROLE_POLICY_ATTACHMENT, USER_POLICY_ATTACHMENT, GROUP_POLICY_ATTACHMENT, POLICY_ATTACHMENT)
LEAST_PRIVILEGE = well_architected("SEC03-BP02", "sec_permissions_least_privileges")
PUBLIC_ACCESS = well_architected("SEC03-BP07", "sec_permissions_analyze_cross_account")


def documents(resource: Resource) -> Iterator[str]:
    """Paths of the policies in a resource: a policy's own document, a role's inline policies."""
    if resource.type == ROLE:
        yield from (f"inlinePolicies.{number}.policy" for number in range(resource.count("inlinePolicies")))
    else:
        yield "policy"


def granted(resource: Resource) -> Iterator[tuple[str, Statement]]:
    """The statements that allow something, as far as they are known; `policy-not-everything` reports unknown ones."""
    for path in documents(resource):
        if is_known(resource, path):
            yield from ((path, each) for each in statements(resource.get(path)) if each.allows)


@RULES.rule(
    "policy-not-everything",
    "No policy allows everything on everything.",
    Severity.HIGH,
    security_hub("IAM.1"),
    *GRANTING,
)
def not_everything(resource: Resource, _: Config) -> Iterator[str]:
    """Whoever gets hold of such a role can delete the site and its backups."""
    for path in documents(resource):
        for each in statements(resource.get(path)):
            if each.allows and each.on_everything and WHOLE & {*each.actions}:
                yield f"{path} allows Action * on Resource *; name what is needed"


@RULES.rule(
    "policy-not-whole-services",
    "No policy allows all actions of a service on all its resources.",
    Severity.MEDIUM,
    security_hub("IAM.21"),
    *GRANTING,
)
def not_whole_services(resource: Resource, _: Config) -> Iterator[str]:
    """Prefixes such as `ec2:Describe*` are fine, and so is a service on named resources."""
    for path, each in granted(resource):
        if not each.on_everything:
            continue
        for action in each.actions:
            if action.endswith(":*") and action not in WHOLE:
                yield f"{path} allows {action} on Resource *; name the actions or the resources"
        if each.everything_but:
            yield f"{path} allows all but {', '.join(each.everything_but)}; name what is allowed"


@RULES.rule(
    "policy-passes-named-roles",
    "Only named roles can be passed to a service.",
    Severity.HIGH,
    LEAST_PRIVILEGE,
    *GRANTING,
)
def passes_named_roles(resource: Resource, _: Config) -> Iterator[str]:
    """Passing any role to a server of one's own gives that role's rights. A condition on the service limits it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    for path, each in granted(resource):
        roles = [arn for arn in each.resources if arn == "*" or arn.endswith((":role/*", ":iam::*", ":*"))]
        if roles and each.grants("iam:PassRole") and not each.narrowed_by("iam:passedtoservice"):
            yield f"{path} allows iam:PassRole on Resource {roles[0]}; name the roles"


@RULES.rule(
    "policy-decrypts-with-named-keys",
    "Only data of named keys can be decrypted.",
    Severity.MEDIUM,
    security_hub("KMS.2"),
    *GRANTING,
)
def decrypts_with_named_keys(resource: Resource, _: Config) -> Iterator[str]:
    """KMS.1 says the same of policies that stand by themselves. A condition, as on the service used, bounds it."""
    for path, each in granted(resource):
        keys = [arn for arn in each.resources if arn == "*" or arn.endswith((":key/*", ":kms:*"))]
        bounded = any(condition.names for condition in each.conditions)
        if keys and not bounded and (each.grants("kms:Decrypt") or each.grants("kms:ReEncryptFrom")):
            yield f"{path} allows kms:Decrypt on {keys[0]}; name the keys"


@RULES.rule(
    "role-not-for-everybody",
    "A role can't be taken on by everybody.",
    Severity.CRITICAL,
    PUBLIC_ACCESS,
    ROLE,
)
def not_for_everybody(role: Resource, _: Config) -> Iterator[str]:
    """Everybody is anybody with an AWS account. An external id names nobody: it is no secret."""
    if any(everyone(each) for each in statements(role.get("assumeRolePolicy"))):
        yield "assumeRolePolicy trusts Principal *; name accounts, roles or services"


@RULES.rule(
    "role-names-the-workload",
    "A role for an identity provider says which of its workloads may take it on.",
    Severity.CRITICAL,
    PUBLIC_ACCESS,
    ROLE,
)
def names_the_workload(role: Resource, _: Config) -> Iterator[str]:
    """A provider such as GitHub speaks for all its users: without its `sub`, any of their workflows gets the role.

    That a policy can't be read yet is told by `role-not-for-everybody`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    trust = role.get("assumeRolePolicy") if is_known(role, "assumeRolePolicy") else None
    for each in statements(trust):
        providers = [name for kind, name in each.principals if kind == "Federated" and ":oidc-provider/" in name]
        if each.allows and providers and not any(map(_names_a_workload, each.conditions)):
            provider = providers[0].partition(":oidc-provider/")[2]
            yield f"assumeRolePolicy trusts all of {provider}; a condition on its sub is needed"


def _names_a_workload(condition: Condition) -> bool:
    return condition.key.endswith(":sub") and condition.names and all(map(_narrows, condition.values))


def _narrows(subject: str) -> bool:
    """Return whether a pattern such as `repo:owner/site:*` names a part of its own before the first wildcard."""
    written = re.split(r"[*?]", subject, maxsplit=1)[0]
    return written == subject or bool(re.match(r"[^:]+:[^:/]+[:/]", written))


@RULES.rule(
    "service-acts-for-its-account",
    "A service of AWS that a policy lets in acts for the account that owns the resource.",
    Severity.MEDIUM,
    PUBLIC_ACCESS,
    TOPIC,
    TOPIC_POLICY,
    QUEUE,
    QUEUE_POLICY,
    BUCKET_POLICY,
)
def acts_for_its_account(resource: Resource, _: Config) -> Iterator[str]:
    """A service calls for whoever asks it to: without a condition, for other accounts too.

    Where not every service says for whom it calls, `IfExists` will do; so will a path that has the account in it, as
    those of access logs have. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    if not resource.has("policy"):
        return
    for each in statements(resource.get("policy")):
        if each.allows and each.services and not _says_for_whom(each):
            who = ", ".join(each.services)
            yield f"policy lets {who} in for any account; set a condition on aws:SourceAccount or aws:SourceArn"


def _says_for_whom(statement: Statement) -> bool:
    closed = any(each.if_there().closes(SOURCE_KEYS) for each in statement.conditions)
    return closed or all(re.search(r"/\d{12}/", resource) for resource in statement.resources)


@RULES.rule(
    "policy-not-administrator",
    "Nobody gets AWS's policy for administrators.",
    Severity.HIGH,
    LEAST_PRIVILEGE,
    ROLE,
    *ATTACHMENTS,
    policies=Setting(
        ["AdministratorAccess"], "names of AWS's policies that nobody gets", {"items": {"type": "string"}}
    ),
)
def not_administrator(resource: Resource, config: Config) -> Iterator[str]:
    """A policy whose ARN is not known yet is of this program, and judged where it is made."""
    paths = [f"managedPolicyArns.{number}" for number in range(resource.count("managedPolicyArns"))]
    for path in paths if resource.type == ROLE else ["policyArn"]:
        arn = resource.get(path) if is_known(resource, path) else ""
        if ":iam::aws:policy/" in arn and arn.rsplit("/", 1)[-1] in config["policies"]:
            yield f"{path} is {arn}; allow what is needed"


@RULES.rule(
    "user-rights-come-from-groups",
    "A user has no policies of its own.",
    Severity.LOW,
    security_hub("IAM.2"),
    USER_POLICY,
    USER_POLICY_ATTACHMENT,
    POLICY_ATTACHMENT,
)
def rights_come_from_groups(resource: Resource, _: Config) -> Iterator[str]:
    """Groups and roles show at one place who may do what."""
    if resource.type != POLICY_ATTACHMENT or resource.count("users"):
        yield "gives a policy to a user; give it to a group or a role"


@RULES.rule(
    "user-has-no-access-key",
    "Programs sign in with temporary credentials.",
    Severity.MEDIUM,
    well_architected("SEC02-BP02", "sec_identities_unique"),
    ACCESS_KEY,
)
def no_access_key(_: Resource, __: Config) -> Iterator[str]:
    """The key is valid until somebody deletes it, and its secret lies in the stack's state."""
    yield "makes an access key that never ends; a role gives temporary ones"


@RULES.rule(
    "role-has-boundary",
    "Roles and users have the permissions boundary that the organization asks for.",
    Severity.MEDIUM,
    well_architected("SEC03-BP05", "sec_permissions_define_guardrails"),
    ROLE,
    USER,
    boundary=Setting("", "ARN of the permissions boundary; `*` takes any, and by default none is asked for"),
)
def has_boundary(resource: Resource, config: Config) -> Iterator[str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
    wanted = config["boundary"]
    if not wanted:
        return
    if not resource.has("permissionsBoundary"):
        yield f"permissionsBoundary is missing; {'one' if wanted == '*' else wanted} is needed"
    elif wanted != "*" and resource.get("permissionsBoundary") != wanted:
        yield f"permissionsBoundary is {resource.get('permissionsBoundary')}; {wanted} is needed"
