"""Certificates for one domain in several regions, validated by DNS."""

import re
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.cloudflare.resources import create_proof
from ha_web.core.problems import Problems
from ha_web.core.tags import named
from ha_web.core.wording import quoted

MOST_NAMES = 10
"""Names in one certificate, ACM's default quota: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"""

RECORD_TTL = 300
"""Seconds."""

LONGEST_FIRST_NAME = 64
"""Characters of the first name on a certificate.
https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

NO_NAME = 'it is not a domain name like "www.example.com"'


class CertificatesArgs(TypedDict):
    """The domain names, the zone that they are in, and the regions that need a certificate."""

    domain: str
    """The site's name in lower case, such as `www.example.com`."""
    alternative_names: NotRequired[list[str]]
    """More names, also with a wildcard such as `*.example.com`; with `domain` at most ten. Default: none."""
    hosted_zone_id: NotRequired[pulumi.Input[str]]
    """Id of the Route 53 hosted zone that all of the names are in. Give this or `cloudflare_zone_id`."""
    cloudflare_zone_id: NotRequired[str]
    """Id of the Cloudflare zone that all of the names are in. Unlike in Route 53, the records must not exist yet."""
    regions: list[str]
    """AWS Regions that need a certificate: a load balancer can't use one of another Region."""
    tags: NotRequired[dict[str, str]]
    """Tags of every certificate, in addition to its Name."""


class Certificates(pulumi.ComponentResource):
    """An ACM certificate in each region, and the DNS records that prove to ACM that the domain is yours.

    ACM renews a certificate automatically while its records exist. A name's record is the same in all regions of an
    account (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html), so there is one for each name. When
    a name changes, the new certificate is created before the old one is deleted.

    Errors (ConfigurationError, at preview): an unknown key; a malformed, repeated or eleventh name; no region, or one
    twice; no zone, or both.
    """

    arns: pulumi.Output[dict[str, str]]
    """ARN of the certificate by region, known once it is issued."""

    def __init__(self, name: str, args: CertificatesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = _checked(name, args)
        super().__init__("ha-web:index:Certificates", name, None, opts)
        names, child = _names_of(args), pulumi.ResourceOptions(parent=self)
        certificates = {
            region: aws.acm.Certificate(
                f"{name}-{region}",
                domain_name=names[0],
                subject_alternative_names=names[1:] or None,
                validation_method="DNS",
                region=region,
                tags=named(f"{name}-{region}", args.get("tags")),
                opts=child,
            )
            for region in args["regions"]
        }
        proven = _create_records(name, args, certificates[args["regions"][0]], child)
        issued = {
            region: aws.acm.CertificateValidation(
                f"{name}-{region}-issued",
                certificate_arn=certificate.arn,
                validation_record_fqdns=proven,
                region=region,
                opts=child,
            ).certificate_arn
            for region, certificate in certificates.items()
        }

        self.arns = pulumi.Output.all(**issued).apply(dict)
        self.register_outputs({"arns": self.arns})


def _checked(name: str, args: CertificatesArgs) -> CertificatesArgs:
    problems = Problems(f'Certificates "{name}"')
    args = problems.checked(args, CertificatesArgs)
    problems.add(*name_problems(_names_of(args)), *region_problems(args["regions"]), _zone_problem(args))
    problems.raise_if_any()
    return args


def name_problems(names: Sequence[str]) -> list[str]:
    """Refuse malformed names, repeated names, a first one that is too long, and too many."""
    problems = [
        f"{'domain' if index == 0 else 'alternative_names'} is {quoted(name)}; {NO_NAME}"
        for index, name in enumerate(names)
        if not is_name(name.removeprefix("*."))
    ]
    if names and not problems and len(names[0]) > LONGEST_FIRST_NAME:
        problems.append(
            f"domain has {len(names[0])} characters; the first name on a certificate has at most {LONGEST_FIRST_NAME}"
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    problems += [f'alternative_names has "{name}", which is there already' for name in repeated]
    if len(names) > MOST_NAMES:
        problems.append(f"alternative_names makes {len(names)} names; ACM takes {MOST_NAMES}")
    return problems


def is_name(text: str) -> bool:
    """Return whether a text is a domain name of two parts or more, in lower case, without a final dot."""
    return len(text) <= 253 and bool(re.fullmatch(rf"({_LABEL}\.)+{_LABEL}", text))


def region_problems(regions: Sequence[str]) -> list[str]:
    """Refuse an empty list of regions, and a region twice."""
    problems = [] if regions else ["regions is empty; there would be no certificate"]
    problems += [f'regions has "{region}" twice' for region in dict.fromkeys(regions) if regions.count(region) > 1]
    return problems


def _zone_problem(args: CertificatesArgs) -> str | None:
    if "hosted_zone_id" in args and "cloudflare_zone_id" in args:
        return "hosted_zone_id and cloudflare_zone_id are both given; one zone has the records"
    if "hosted_zone_id" in args or "cloudflare_zone_id" in args:
        return None
    return "hosted_zone_id is missing, and so is cloudflare_zone_id; one of the two has the records"


def _names_of(args: CertificatesArgs) -> list[str]:
    return [args["domain"], *args.get("alternative_names", [])]


def _create_records(
    name: str, args: CertificatesArgs, certificate: aws.acm.Certificate, child: pulumi.ResourceOptions
) -> list[pulumi.Output[str]]:
    """Create a record for each name, where `*.x` and `x` share theirs; return the records' full names.

    In Route 53 a record may exist already, from another certificate of the account.
    """
    found = []
    for domain in dict.fromkeys(map(_without_wildcard, _names_of(args))):
        role, proof = f"{name}-proof-{domain}", _proof(certificate, domain)
        if "cloudflare_zone_id" in args:
            found.append(create_proof(role, args["cloudflare_zone_id"], proof, child))
            continue
        record = aws.route53.Record(
            role,
            zone_id=args["hosted_zone_id"],
            name=proof["name"],
            type=proof["type"],
            records=[proof["value"]],
            ttl=RECORD_TTL,
            allow_overwrite=True,
            opts=child,
        )
        found.append(record.fqdn)
    return found


def _without_wildcard(domain: str) -> str:
    return domain.removeprefix("*.")


def _proof(certificate: aws.acm.Certificate, domain: str) -> pulumi.Output[dict[str, str]]:
    """Return name, type and value of the record that ACM looks for to validate a domain."""

    def find(options: Sequence[aws.acm.outputs.CertificateDomainValidationOption]) -> dict[str, str]:
        for option in options:
            if _without_wildcard(option.domain_name or "") == domain:
                return {
                    "name": option.resource_record_name or "",
                    "type": option.resource_record_type or "",
                    "value": option.resource_record_value or "",
                }
        raise ValueError(f'Certificates: ACM gave no validation record for "{domain}"')

    return certificate.domain_validation_options.apply(find)
