"""Resources of Certificates."""

from typing import Any, cast

import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.encryption.certificates import Certificates, CertificatesArgs

from tests.components.made import Made, make

CERTIFICATE = "aws:acm/certificate:Certificate"
ISSUED = "aws:acm/certificateValidation:CertificateValidation"
RECORD = "aws:route53/record:Record"


def proof(domain: str) -> dict[str, str]:
    bare = domain.removeprefix("*.")
    return {
        "domainName": domain,
        "resourceRecordName": f"_x.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{bare}.acm-validations.aws.",
    }


def certificates(**args: Any) -> Made[Certificates]:
    full = cast(
        CertificatesArgs,
        {"domain": "www.example.com", "hosted_zone_id": "Z1", "regions": ["eu-west-1", "us-east-1"], **args},
    )
    names = [full["domain"], *(full.get("alternative_names") or [])]
    outputs: dict[str, dict[str, Any]] = {
        CERTIFICATE: {"domainValidationOptions": [proof(name) for name in names]},
        RECORD: {"fqdn": "proof"},
    }
    return make(lambda: Certificates("site", full), outputs=outputs)


def test_each_region_has_its_own_certificate_validated_by_dns() -> None:
    made = certificates(alternative_names=["example.com"])
    assert [c["region"] for c in made.all(CERTIFICATE)] == ["eu-west-1", "us-east-1"]
    for certificate in made.all(CERTIFICATE):
        assert certificate["domainName"] == "www.example.com"
        assert certificate["subjectAlternativeNames"] == ["example.com"]
        assert certificate["validationMethod"] == "DNS"
        assert certificate.options["delete_before_replace"] is False


def test_a_name_has_one_record_for_all_regions() -> None:
    made = certificates(alternative_names=["example.com"])
    records = {record["name"]: record for record in made.all(RECORD)}
    assert set(records) == {"_x.www.example.com.", "_x.example.com."}
    record = records["_x.example.com."]
    assert record["records"] == ["_example.com.acm-validations.aws."]
    assert (record["type"], record["zoneId"], record["allowOverwrite"]) == ("CNAME", "Z1", True)


def test_a_wildcard_shares_the_record_of_its_domain() -> None:
    made = certificates(domain="example.com", alternative_names=["*.example.com"])
    assert made.one(RECORD)["name"] == "_x.example.com."


def test_arns_are_known_only_once_the_certificates_are_issued() -> None:
    made = certificates()
    assert [(v["region"], v["validationRecordFqdns"]) for v in made.all(ISSUED)] == [
        ("eu-west-1", ["proof"]),
        ("us-east-1", ["proof"]),
    ]
    assert made.outputs["arns"] == {
        certificate["region"]: certificate.state["arn"] for certificate in made.all(CERTIFICATE)
    }
    assert made.registered[made.outputs["urn"]] == {"arns": made.outputs["arns"]}


def test_another_region_leaves_what_is_there_alone() -> None:
    before = {r.name: r.inputs for r in certificates(regions=["eu-west-1"]).children}
    after = {r.name: r.inputs for r in certificates(regions=["eu-west-1", "us-east-1"]).children}
    assert before.items() <= after.items()


def test_every_child_is_its_own_and_certificates_carry_the_tags() -> None:
    made = certificates(tags={"team": "shop"})
    assert {child.parent for child in made.children} == {made.outputs["urn"]}
    assert all(c["tags"] == {"team": "shop", "Name": c.name} for c in made.all(CERTIFICATE))


def test_it_previews_before_anything_exists() -> None:
    args: CertificatesArgs = {"domain": "example.com", "hosted_zone_id": "Z1", "regions": ["eu-west-1"]}
    made = make(lambda: Certificates("site", args), preview=True)
    assert made.outputs["arns"] is None
    assert made.one(RECORD)["zoneId"] == "Z1"


def test_a_record_that_acm_does_not_ask_for_is_an_error() -> None:
    args: CertificatesArgs = {"domain": "www.example.org", "hosted_zone_id": "Z1", "regions": ["eu-west-1"]}
    with pytest.raises(Exception, match=r'ACM gave no validation record for "www\.example\.org"'):
        make(lambda: Certificates("site", args))


def test_where_cloudflare_has_the_zone_it_has_the_proofs_and_does_not_proxy_them() -> None:
    made = certificates(hosted_zone_id=None, cloudflare_zone_id="b" * 32, alternative_names=["example.com"])
    assert made.all(RECORD) == []
    records = {record["name"]: record for record in made.all("cloudflare:index/dnsRecord:DnsRecord")}
    assert set(records) == {"_x.www.example.com", "_x.example.com"}
    record = records["_x.example.com"]
    assert (record["type"], record["content"]) == ("CNAME", "_example.com.acm-validations.aws")
    assert (record["zoneId"], record["proxied"]) == ("b" * 32, False)
    assert {tuple(sorted(v["validationRecordFqdns"])) for v in made.all(ISSUED)} == {tuple(sorted(records))}


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"domain": "Example.com"}, 'Certificates "site": domain is "Example.com"; it is not a domain name'),
        ({"domain": "example"}, 'domain is "example"; it is not a domain name'),
        ({"domain": "a..b.com"}, 'domain is "a..b.com"; it is not a domain name'),
        ({"alternative_names": ["x_y.example.com"]}, 'alternative_names is "x_y.example.com"; it is not'),
        ({"alternative_names": ["www.example.com"]}, 'alternative_names has "www.example.com", which is there already'),
        ({"alternative_names": [f"n{n}.example.com" for n in range(10)]}, "makes 11 names; ACM takes 10"),
        ({"hosted_zone_id": None}, "hosted_zone_id is missing, and so is cloudflare_zone_id"),
        ({"cloudflare_zone_id": "b" * 32}, "hosted_zone_id and cloudflare_zone_id are both given"),
        ({"regions": []}, "regions is empty; there would be no certificate"),
        ({"regions": ["eu-west-1", "eu-west-1"]}, 'regions has "eu-west-1" twice'),
        ({"region": "eu-west-1"}, "region is unknown; the nearest known one is regions"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        certificates(**args)
    assert line in str(error.value)
