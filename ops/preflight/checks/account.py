"""Who calls, whether the Regions are open to the account, and service-linked roles. No SDK here."""

from collections.abc import Iterable

from ops.preflight import service_roles
from ops.preflight.check import DENIED, Check
from ops.preflight.facts import Unanswered
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look

REFUSED = (
    *("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "IncompleteSignature"),
    *("ExpiredToken", "ExpiredTokenException", "AuthFailure", "RequestExpired"),
)
"""Codes of AWS for credentials that don't hold: wrong, expired, or of a machine whose clock is wrong. A Region that is
not enabled answers so, too."""

ENABLED = ("opt-in-not-required", "opted-in")


def identity(look: Look) -> Line:
    """Judge the credentials, and the account against those that the provider may work in."""
    reasons = [look.facts.why_not("caller", region) for region in look.site.regions]
    if all(reason and reason.code in REFUSED for reason in reasons):
        codes = ", ".join(sorted({reason.code for reason in reasons if reason}))
        return will_fail(f"AWS refuses the credentials: {codes}", "sign in again, then: aws sts get-caller-identity")
    caller = look.anywhere("caller")
    if look.site.accounts and caller["Account"] not in look.site.accounts:
        expected = ", ".join(look.site.accounts)
        return will_fail(
            f"account {caller['Account']}; aws:allowedAccountIds allows {expected}",
            f"sign in to {expected}, then: aws sts get-caller-identity",
        )
    return ok(f"account {caller['Account']}, {caller['Arn'].split(':', 5)[5]}")


def region_access(look: Look) -> Line:
    """Judge whether a Region is enabled for the account, answers, and isn't closed by its organization."""
    found = look.anywhere("regions")["Regions"]
    status = {region["RegionName"]: region["OptInStatus"] for region in found}.get(look.place.region)
    if status is None:
        return will_fail(
            "AWS has no such Region for this account", f"pulumi config set --path 'ha-web:{look.place.role}.region' …"
        )
    if status not in ENABLED:
        return will_fail("is not enabled", f"aws account enable-region --region-name {look.place.region}")
    reason = look.why_not_here("zones")
    if reason and reason.code in DENIED and "service control policy" in reason.message:
        return will_fail("a service control policy of the organization denies it", "let the policy except this Region")
    if reason:
        raise reason
    return ok("enabled, and answers")


def roles(look: Look) -> Line:
    """Judge whether each service that acts through a role of its own has it, or may be given it."""
    missing = service_roles.missing(look)
    if not missing:
        return ok("all exist")
    names = ", ".join(missing.values())
    if service_roles.is_root(look.anywhere("caller")):
        return ok(f"{names}: made with the first resource")
    denied, unknown = [], dict[str, Unanswered]()
    for principal in missing:
        reason = look.why_not_account("role creation", principal)
        if reason:
            unknown[principal] = reason
        elif any(
            result["EvalDecision"] != "allowed"
            for result in look.account("role creation", principal)["EvaluationResults"]
        ):
            denied.append(principal)
    if denied:
        return will_fail(
            f"{', '.join(missing[each] for each in denied)}: missing, and the caller may not {service_roles.CREATE}",
            create_roles(denied),
        )
    if unknown:
        why = next(iter(unknown.values()))
        return cant_tell(
            f"{', '.join(missing[each] for each in unknown)}: missing, and whether the caller may have them made isn't "
            f"known ({why.code})",
            create_roles(unknown),
        )
    return ok(f"{names}: made with the first resource, which the caller may")


def create_roles(principals: Iterable[str]) -> str:
    """Return the command with which an administrator creates services' roles."""
    first, *more = principals
    if not more:
        return f"aws iam create-service-linked-role --aws-service-name {first}"
    names = " ".join([first, *more])
    return f"for name in {names}; do aws iam create-service-linked-role --aws-service-name $name; done"


CHECKS = (
    Check("identity", identity, of_account=True),
    Check("Region", region_access),
    Check("service-linked roles", roles, of_account=True),
)
