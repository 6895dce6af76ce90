"""Ways out: what a security group can say, and what it can't."""

import pytest
from ha_web.application.egress import WayOut, egress_problem, groups, ways_out


@pytest.mark.parametrize(
    "entry",
    ["smtp.example.com:587", "localhost:1", "10.0.0.0/8:5432", "192.0.2.7:53", "sg-0123456789abcdef0", "sg-01234567"],
)
def test_hosts_networks_and_groups_are_taken(entry: str) -> None:
    assert egress_problem(entry) is None


@pytest.mark.parametrize(
    "entry",
    [
        "smtp.example.com",
        "smtp.example.com:0",
        "smtp.example.com:70000",
        ":587",
        "-a.com:1",
        "2001:db8::/32:5",
        "sg-1",
        "",
    ],
)
def test_what_no_rule_can_be_made_of_is_refused(entry: str) -> None:
    assert f'egress has "{entry}"; write "host:port"' in str(egress_problem(entry))


def test_a_host_opens_its_port_everywhere_and_a_network_for_itself() -> None:
    assert ways_out(["smtp.example.com:587", "10.0.0.0/8:5432"]) == [
        WayOut("0.0.0.0/0", 587, ("smtp.example.com",)),
        WayOut("10.0.0.0/8", 5432),
    ]


def test_two_hosts_with_one_port_are_one_rule_which_ec2_would_refuse_twice() -> None:
    [way] = ways_out(["a.example.com:587", "b.example.com:587"])
    assert (way.role, way.description) == ("egress-587", "To a.example.com, b.example.com")


def test_https_is_open_already_and_gets_no_second_rule() -> None:
    assert ways_out(["api.example.com:443"]) == []
    assert ways_out(["10.1.0.0/16:443"]) == [WayOut("10.1.0.0/16", 443)]


def test_a_rules_name_and_text_are_such_as_aws_takes() -> None:
    assert WayOut("10.0.0.0/8", 5432).role == "egress-10-0-0-0-8-5432"
    assert len(WayOut("0.0.0.0/0", 25, tuple(f"host-{n}.example.com" for n in range(50))).description) == 255


def test_groups_are_no_rules() -> None:
    entries = ["sg-0123456789abcdef0", "a.example.com:25"]
    assert groups(entries) == ["sg-0123456789abcdef0"]
    assert len(ways_out(entries)) == 1
