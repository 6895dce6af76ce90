"""Certificates for one domain in several regions, validated by DNS."""

import re
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ha_web.cloudflare.sdk import require_sdk
from ha_web.core.problems import Problems
from ha_web.core.tags import named

MOST_NAMES = 10
"""ACM's default quota: https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"""

RECORD_TTL = 300

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


class CertificatesArgs(TypedDict):
    """Arguments of Certificates."""

    domain: str
    """Name of the site, like `www.example.com`, in lower case."""
    alternative_names: NotRequired[list[str]]
    """More names, also with a wildcard like `*.example.com`; ten in all. Default: none."""
    hosted_zone_id: NotRequired[pulumi.Input[str]]
    """Route 53 zone that holds all of these names. It or `cloudflare_zone_id`."""
    cloudflare_zone_id: NotRequired[str]
    """Cloudflare's id of the zone that holds them. The records must not be there yet, unlike in Route 53."""
    regions: list[str]
    """Regions that need a certificate: a load balancer takes none from another region."""
    tags: NotRequired[dict[str, str]]
    """Tags of every certificate, besides its Name."""


class Certificates(pulumi.ComponentResource):
    """An ACM certificate in each region, and the records that prove the domain is ours, for as long as they stand.

    ACM renews a certificate by itself while its record is there. The record of a name is the same in all regions of an
    account (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html), so there is one for each name. A
    changed name makes a new certificate before the old one goes.
    """

    arns: pulumi.Output[dict[str, str]]
    """ARN by region, known once the certificate is issued."""

    def __init__(self, name: str, args: CertificatesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = Problems(f'Certificates "{name}"')
        args = problems.checked(args, CertificatesArgs)
        names = [args["domain"], *args.get("alternative_names", [])]
        problems.add(*name_problems(names), *region_problems(args["regions"]), _zone_problem(args))
        problems.raise_if_any()

        super().__init__("ha-web:index:Certificates", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
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
        proven = self._create_records(name, args, names, certificates[args["regions"][0]], child)
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

    def _create_records(
        self,
        name: str,
        args: CertificatesArgs,
        names: Sequence[str],
        certificate: aws.acm.Certificate,
        child: pulumi.ResourceOptions,
    ) -> list[pulumi.Output[str]]:
        """Full names of the records: one for each name; `*.x` and `x` share theirs.

        In Route 53 it may be there already, from another certificate.
        """
        found = []
        for domain in dict.fromkeys(map(_without_wildcard, names)):
            role, proof = f"{name}-proof-{domain}", _proof(certificate, domain)
            if "cloudflare_zone_id" in args:
                require_sdk()
                from ha_web.cloudflare.resources import create_proof  # noqa: PLC0415 - it loads the SDK

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


def _zone_problem(args: CertificatesArgs) -> str | None:
    given = [key for key in ("hosted_zone_id", "cloudflare_zone_id") if key in args]
    if len(given) == 1:
        return None
    return (
        "hosted_zone_id and cloudflare_zone_id are both given; one zone has the records"
        if given
        else ("hosted_zone_id is missing, and so is cloudflare_zone_id; one of the two has the records")
    )


def _without_wildcard(domain: str) -> str:
    return domain.removeprefix("*.")


def _proof(certificate: aws.acm.Certificate, domain: str) -> pulumi.Output[dict[str, str]]:
    """Name, type and value of the record that ACM wants to see for a domain."""

    def find(options: Sequence[aws.acm.outputs.CertificateDomainValidationOption]) -> dict[str, str]:
        for option in options:
            if _without_wildcard(option.domain_name or "") == domain:
                return {
                    "name": option.resource_record_name or "",
                    "type": option.resource_record_type or "",
                    "value": option.resource_record_value or "",
                }
        raise ValueError(f'Certificates: ACM asks for no record for "{domain}"')

    return certificate.domain_validation_options.apply(find)


def name_problems(names: Sequence[str]) -> list[str]:
    """Texts that are no domain names, repeated names, or too many."""
    problems = [
        f'{"domain" if index == 0 else "alternative_names"} is "{name}"; it is not a domain name like "www.example.com"'
        for index, name in enumerate(names)
        if len(name) > 253 or not re.fullmatch(rf"(\*\.)?({_LABEL}\.)+{_LABEL}", name)
    ]
    repeated = sorted({name for name in names if names.count(name) > 1})
    problems += [f'alternative_names has "{name}", which is there already' for name in repeated]
    if len(names) > MOST_NAMES:
        problems.append(f"alternative_names makes {len(names)} names; ACM takes {MOST_NAMES}")
    return problems


def region_problems(regions: Sequence[str]) -> list[str]:
    """No region, or one twice."""
    problems = [] if regions else ["regions is empty; there would be no certificate"]
    problems += [f'regions has "{region}" twice' for region in dict.fromkeys(regions) if regions.count(region) > 1]
    return problems
