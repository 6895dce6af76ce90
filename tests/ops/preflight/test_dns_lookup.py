"""What DNS answers, with a resolver that the tests make up."""

from collections.abc import Mapping

import dns.exception
import dns.resolver
import pytest

from ops.preflight import dns_lookup
from ops.preflight.facts import Facts, Unanswered
from tests.ops.preflight import fakes

Answers = Mapping[tuple[str, str], list[str] | str]


def resolver(answers: Answers) -> dns_lookup.Resolver:
    """Answers by name and type; a text instead of a list is the reason why there is none."""

    def ask(name: str, kind: str) -> list[str]:
        found = answers.get((name, kind), [])
        if isinstance(found, str):
            raise Unanswered(found)
        return found

    return ask


def test_name_servers_are_written_alike_however_dns_writes_them() -> None:
    ask = resolver({("example.com", "NS"): ["NS-2.example.net.", "ns-1.example.net."]})
    assert dns_lookup.name_servers("example.com", ask)["servers"] == ["ns-1.example.net", "ns-2.example.net"]


def test_a_delegation_that_leads_nowhere_is_told_from_a_machine_without_dns() -> None:
    lame = resolver({("example.com", "NS"): "NoNameservers", ("com", "NS"): ["a.gtld-servers.net."]})
    assert dns_lookup.name_servers("example.com", lame) == {"servers": [], "served": False}
    offline = resolver({("example.com", "NS"): "LifetimeTimeout", ("com", "NS"): "LifetimeTimeout"})
    with pytest.raises(Unanswered, match="LifetimeTimeout"):
        dns_lookup.name_servers("example.com", offline)


def test_the_nearest_caa_records_count_and_only_those_that_name_issuers() -> None:
    above = {("com", "CAA"): ['0 issue "nobody.example"']}
    own = {("example.com", "CAA"): ['0 issue "amazon.com; x=y"', '0 iodef "mailto:a@b"']}
    found = dns_lookup.issuers("www.example.com", resolver({**above, **own}))
    assert found == {"name": "example.com", "issuers": ["amazon.com"], "restricted": True}
    mail = dns_lookup.issuers("www.example.com", resolver({("www.example.com", "CAA"): ['0 iodef "mailto:a@b"']}))
    assert not mail["restricted"]
    assert not dns_lookup.issuers("www.example.com", resolver({}))["restricted"]


def test_what_dns_does_not_answer_is_a_fact_too() -> None:
    facts, site = Facts(), fakes.site()
    dns_lookup.look_up(site, facts, resolver({("example.com", "NS"): "x", ("com", "NS"): "y"}))
    reason = facts.why_not("name servers")
    assert reason
    assert reason.code == "y"
    assert facts.of("issuers")["restricted"] is False


@pytest.mark.parametrize(
    ("error", "expected"),
    [(dns.resolver.NXDOMAIN, []), (dns.resolver.NoAnswer, []), (dns.exception.Timeout, "Timeout")],
)
def test_a_name_that_is_not_there_has_no_records_and_silence_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], expected: list[str] | str
) -> None:
    def resolve(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    if isinstance(expected, list):
        assert dns_lookup.ask("example.com", "NS") == expected
        return
    with pytest.raises(Unanswered, match=expected):
        dns_lookup.ask("example.com", "NS")
