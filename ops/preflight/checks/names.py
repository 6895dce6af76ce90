"""The site's name: its hosted zone, the delegation to it, records in the way, and certificates. No SDK here."""

from collections.abc import Iterable

from ops.preflight.check import Check
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look
from ops.preflight.questions import has_certificate, zone_ids

AMAZON = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
"""Issuers that let ACM issue a certificate: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html"""


def hosted_zone(look: Look) -> Line | None:
    """Judge whether the account has the zone, and once: of two of the same name the provider takes none."""
    if not look.site.in_route53:
        return None
    found = zone_ids(look)
    if not found:
        return will_fail(
            f"the account has no public zone {look.site.zone}",
            f"aws route53 create-hosted-zone --name {look.site.zone} --caller-reference $(date +%s)",
        )
    if len(found) > 1:
        return will_fail(
            f"the account has {len(found)} public zones {look.site.zone}: {', '.join(found)}",
            f"aws route53 delete-hosted-zone --id {_unused(look, found)}",
        )
    return ok(f"{look.site.zone} is {found[0]}")


def _unused(look: Look, found: Iterable[str]) -> str:
    """Return the zone that DNS doesn't lead to, or what to look for where that isn't known."""
    if not look.why_not_account("name servers"):
        servers = look.account("name servers")["servers"]
        unused = [one for one in found if _servers(one, look) != servers]
        if len(unused) == 1:
            return unused[0]
    return "<the one that the domain doesn't use>"


def _servers(zone_id: str, look: Look) -> list[str]:
    servers = look.account("hosted zone", zone_id)["DelegationSet"]["NameServers"]
    return sorted(server.rstrip(".").lower() for server in servers)


def delegation(look: Look) -> Line | None:
    """Judge whether DNS leads to the account's zone: without that no certificate is issued, and no user arrives."""
    found = zone_ids(look) if look.site.in_route53 else []
    if len(found) != 1:
        return None
    own = _servers(found[0], look)
    if look.site.delegates:
        return ok("made by the program, in Cloudflare's zone above")
    answer = look.account("name servers")
    mend = f"at the registrar, or as NS records of {look.site.zone} in the zone above: {', '.join(own)}"
    if not answer["served"]:
        return will_fail(f"{look.site.zone} is delegated to servers that don't answer for it", mend)
    if not answer["servers"]:
        return will_fail(f"{look.site.zone} isn't delegated", mend)
    if not set(answer["servers"]) <= set(own):
        return will_fail(
            f"{look.site.zone} is delegated to {', '.join(answer['servers'])}, which isn't {found[0]}", mend
        )
    return ok(f"{look.site.zone} leads to {found[0]}")


def records(look: Look) -> Line | None:
    """Judge whether the name has records already: Route 53 creates no second set, and the program takes none over."""
    found = zone_ids(look) if look.site.in_route53 else []
    if len(found) != 1:
        return None
    sets = look.account("records", found[0])["ResourceRecordSets"]
    own = [one for one in sets if one["Name"].rstrip(".") == look.site.domain and one["Type"] in ("A", "AAAA", "CNAME")]
    if not own:
        return ok(f"{look.site.domain} has none yet")
    kinds = ", ".join(dict.fromkeys(one["Type"] for one in own))
    if all(
        "AliasTarget" in one and one["AliasTarget"]["DNSName"].rstrip(".").endswith(".amazonaws.com") for one in own
    ):
        return cant_tell(f"{look.site.domain} has {kinds} of a load balancer; well if this stack made them")
    return will_fail(
        f"{look.site.domain} has {kinds} already",
        f"delete them: aws route53 list-resource-record-sets --hosted-zone-id {found[0]} "
        f"--start-record-name {look.site.domain} --max-items {len(own)}",
    )


def issuer(look: Look) -> Line | None:
    """Judge whether CAA records let ACM issue the certificates that the program requests."""
    if not look.site.requests_certificates:
        return None
    answer = look.account("issuers")
    if not answer["restricted"]:
        return ok("no CAA record forbids ACM to issue them")
    if set(answer["issuers"]) & set(AMAZON):
        return ok(f"the CAA records of {answer['name']} allow Amazon")
    return will_fail(
        f"the CAA records of {answer['name']} allow only {', '.join(answer['issuers']) or 'nobody'}",
        f'add to {answer["name"]}: CAA 0 issue "{AMAZON[0]}"',
    )


def certificate(look: Look) -> Line | None:
    """Judge the certificate that the settings give for a Region: there, issued, and for the site's name."""
    if look.place.certificate is None:
        return None
    if not has_certificate(look.place):
        return cant_tell(f"{look.place.certificate} is not one of ACM's; IAM tells no names of it")
    request = (
        f"aws acm request-certificate --domain-name {look.site.domain} --validation-method DNS "
        f"--region {look.place.region}"
    )
    reason = look.why_not_here("certificate")
    if reason and reason.code == "ResourceNotFoundException":
        return will_fail(f"{look.place.certificate} isn't there", request)
    found = look.here("certificate")["Certificate"]
    names = [found["DomainName"], *found.get("SubjectAlternativeNames", [])]
    if not any(covers(name, look.site.domain) for name in names):
        return will_fail(f"is for {', '.join(dict.fromkeys(names))}, not for {look.site.domain}", request)
    if found["Status"] != "ISSUED":
        show = f"aws acm describe-certificate --certificate-arn {look.place.certificate} --region {look.place.region}"
        mend = show if found["Status"] == "PENDING_VALIDATION" else request
        return will_fail(f"is {found['Status']}, not ISSUED", mend)
    until = found.get("NotAfter")
    return ok(f"issued for {look.site.domain}" + (f", until {until:%Y-%m-%d}" if until else ""))


def covers(name: str, domain: str) -> bool:
    """Return whether a certificate's name is for a domain: the same, or a wildcard for its first label."""
    return name == domain or (name.startswith("*.") and name[2:] == domain.partition(".")[2])


CHECKS = (
    Check("hosted zone", hosted_zone, of_account=True),
    Check("delegation", delegation, of_account=True),
    Check("records", records, of_account=True),
    Check("certificates", issuer, of_account=True),
    Check("certificate", certificate),
)
