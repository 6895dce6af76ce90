"""What a user sees: the region that DNS leads to, and an answer or none."""

import socket
from collections.abc import Sequence
from typing import Any

import pytest

from ops.core.stack import Cluster, Stack
from ops.status.outside import ask_site, dns_roles

CLUSTERS = {
    role: Cluster(role, region, "g", "tg", "lb", f"{role}.example", "store", ())
    for role, region in (("primary", "eu-west-1"), ("standby", "eu-central-1"))
}
STACK = Stack("www.example.com", CLUSTERS, hosted_zone="Z1")
ADDRESSES = {"primary.example": ["192.0.2.1", "192.0.2.2"], "standby.example": ["192.0.2.3"]}


@pytest.mark.parametrize(
    ("answered", "roles"),
    [
        (["192.0.2.2"], ("primary",)),
        (["192.0.2.3"], ("standby",)),
        (["192.0.2.1", "192.0.2.3"], ("primary", "standby")),
        (["198.51.100.1"], ()),
    ],
)
def test_dns_leads_to_the_balancers_whose_addresses_it_answers(answered: list[str], roles: tuple[str, ...]) -> None:
    assert dns_roles(STACK, lambda name: {**ADDRESSES, STACK.site: answered}[name]) == roles


def test_a_balancer_whose_name_is_gone_is_nobodys_answer() -> None:
    def resolver(name: str) -> Sequence[str]:
        if name == "primary.example":
            raise OSError("unknown")
        return {**ADDRESSES, STACK.site: ["192.0.2.3"]}[name]

    assert dns_roles(STACK, resolver) == ("standby",)


def test_behind_cloudflare_addresses_tell_nothing() -> None:
    assert dns_roles(Stack("www.example.com", CLUSTERS), lambda _: []) is None


def test_a_site_that_does_not_answer_is_not_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = ask_site(f"127.0.0.1:{port}")
    assert found.served is False
    assert found.text.startswith("doesn't answer from here")


@pytest.mark.parametrize(("status", "served"), [(200, True), (302, True), (404, True), (500, False), (503, False)])
def test_only_an_error_of_the_server_is_no_answer(status: int, served: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection:
        def __init__(self, *_: Any, **__: Any) -> None:
            self.status = status

        def request(self, *_: Any, **__: Any) -> None: ...

        def getresponse(self) -> "Connection":
            return self

        def close(self) -> None: ...

    monkeypatch.setattr("http.client.HTTPSConnection", Connection)
    assert ask_site("www.example.com").served is served
