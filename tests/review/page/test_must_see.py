from typing import Any

import pytest

from review.assess.interruptions import interruptions_of
from review.assess.lost_state import HOLDS, MADE_ANEW, losses_of
from review.assess.openings import openings_of
from review.plan.model import Operation
from tests.review.events import UNKNOWN, Stream, urn

GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
DATABASE = "aws:rds/cluster:Cluster"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
REFRESH = {"strategy": "Rolling", "preferences": {"minHealthyPercentage": 100}}


@pytest.mark.parametrize("type_", HOLDS)
def test_each_type_that_holds_state_is_told_when_it_is_replaced_or_deleted(type_: str) -> None:
    stream = Stream()
    stream.replacement(type_, "replaced", {}, {}, keys=["engine"])
    stream.resource("delete", type_, "deleted", {})
    assert {loss.step.name for loss in losses_of(stream.plan())} == {"replaced", "deleted"}


def test_state_that_stays_created_or_updated_is_no_loss() -> None:
    stream = Stream()
    for op in ("same", "create", "update"):
        stream.resource(op, DATABASE, op, {}, {})
    assert losses_of(stream.plan()) == []


@pytest.mark.parametrize(
    "type_",
    [
        "aws:ec2/route:Route",
        "aws:ec2/amiCopy:AmiCopy",
        "aws:ssm/parameter:Parameter",
        "aws:rds/clusterInstance:ClusterInstance",
    ],
)
def test_what_holds_no_state_or_only_what_is_made_anew_is_no_loss(type_: str) -> None:
    stream = Stream()
    stream.resource("delete", type_, "it", {})
    assert losses_of(stream.plan()) == []


@pytest.mark.parametrize("option", ["protect", "retainOnDelete"])
def test_what_the_program_protects_or_retains_counts_as_state_whatever_it_is(option: str) -> None:
    stream = Stream()
    kept: Any = {option: True}
    stream.resource("delete", "aws:ec2/eip:Eip", "address", {}, **kept)
    assert [loss.step.name for loss in losses_of(stream.plan())] == ["address"]


@pytest.mark.parametrize("kind", sorted(MADE_ANEW))
def test_an_image_that_stays_for_the_way_back_is_no_loss_when_the_next_is_made(kind: str) -> None:
    stream = Stream()
    stream.resource("replace", kind, "image", {"a": "1"}, {"a": "2"}, retainOnDelete=True)
    assert losses_of(stream.plan()) == []
    guarded = Stream()
    guarded.resource("replace", kind, "image", {"a": "1"}, {"a": "2"}, protect=True)
    assert [loss.step.name for loss in losses_of(guarded.plan())] == ["image"]


def test_a_retained_resource_is_forgotten_not_deleted() -> None:
    stream = Stream()
    stream.resource("delete", DATABASE, "db", {}, retainOnDelete=True)
    (loss,) = losses_of(stream.plan())
    assert loss.step.operation is Operation.FORGET
    assert "stays in the account" in loss.note
    assert "1 to forget" in stream.report()


def test_the_property_that_forces_the_replacement_is_told() -> None:
    stream = Stream()
    stream.replacement(
        DATABASE, "db", {"engine": "a"}, {"engine": "b"}, diff={"engine": "update-replace"}, keys=["engine"]
    )
    assert "because of engine" in stream.report()
    assert "`engine` `a` → `b` (forces replacement)" in stream.report()


def test_state_that_only_moves_in_the_program_gets_the_hint_of_an_alias() -> None:
    stream = Stream()
    old, new = stream.component("x:index:Web", "old", op="delete"), stream.component("x:index:Web", "new", op="create")
    stream.resource("delete", DATABASE, "old-db", {}, parent=old)
    stream.resource("create", DATABASE, "new-db", None, {}, parent=new)
    assert "an alias would keep it" in losses_of(stream.plan())[0].note


def test_a_new_template_that_is_refreshed_replaces_every_server_even_while_its_version_is_unknown() -> None:
    stream = Stream()
    stream.resource("update", TEMPLATE, "template", {"imageId": "a"}, {"imageId": "b"}, diff={"imageId": "update"})
    old, new = ({"launchTemplate": {"version": v}, "instanceRefresh": REFRESH} for v in ("3", UNKNOWN))
    stream.resource("update", GROUP, "group", old, new, diff={"launchTemplate.version": "update"})
    told = {each.step.name: each.reasons for each in interruptions_of(stream.plan())}
    assert told["group"] == ["instance refresh: every server is replaced, at least 100% of them healthy"]
    assert told["template"] == ["new version of the launch template"]
    assert "Noise" not in stream.report()


def test_a_new_template_without_refresh_says_that_it_reaches_only_new_servers() -> None:
    stream = Stream()
    old, new = ({"launchTemplate": {"version": v}} for v in ("3", "4"))
    stream.resource("update", GROUP, "group", old, new, diff={"launchTemplate.version": "update"})
    assert "only by servers started from now on" in interruptions_of(stream.plan())[0].reasons[0]


def test_a_release_replaces_every_server_and_another_parameters_value_nothing() -> None:
    stream = Stream()
    for chain in ("ha-web:index:Release$aws:ssm/parameter:Parameter", "aws:ssm/parameter:Parameter"):
        values = {"insecureValue": "1"}, {"insecureValue": "2"}
        stream.resource("update", chain, "release-web", *values, diff={"insecureValue": "update"})
    [found] = interruptions_of(stream.plan())
    assert "ha-web:index:Release" in found.step.urn
    assert "every server is replaced" in found.reasons[0]


@pytest.mark.parametrize(("before", "after", "told"), [(3, 2, True), (2, 3, False)])
def test_a_fleet_that_gets_smaller_is_told_and_one_that_grows_is_not(before: int, after: int, told: bool) -> None:
    stream = Stream()
    stream.resource("update", GROUP, "group", {"minSize": before}, {"minSize": after}, diff={"minSize": "update"})
    assert bool(interruptions_of(stream.plan())) == told


def test_a_fleet_that_loses_a_subnet_is_told() -> None:
    stream = Stream()
    old, new = {"vpcZoneIdentifiers": ["a", "b"]}, {"vpcZoneIdentifiers": ["a"]}
    stream.resource("update", GROUP, "group", old, new, diff={"vpcZoneIdentifiers[1]": "delete"})
    assert interruptions_of(stream.plan())[0].reasons == ["subnets lost: b"]


@pytest.mark.parametrize(
    "type_",
    [
        GROUP,
        "aws:lb/listener:Listener",
        "aws:alb/listener:Listener",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/targetGroup:TargetGroup",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/natGateway:NatGateway",
        "aws:route53/record:Record",
    ],
)
def test_a_replacement_in_the_way_of_requests_is_told(type_: str) -> None:
    stream = Stream()
    stream.replacement(type_, "it", {"a": 1}, {"a": 2})
    assert [each.step.name for each in interruptions_of(stream.plan())] == ["it"]


def test_resources_to_which_the_same_happens_share_a_row() -> None:
    stream = Stream()
    for number in range(9):
        stream.resource("delete", "aws:ec2/subnet:Subnet", f"subnet-{number}", {})
    assert "| `subnet-0`, `subnet-1`, `subnet-2` and 6 more |" in stream.report()


def test_a_listener_that_is_created_interrupts_nothing() -> None:
    stream = Stream()
    stream.resource("create", "aws:lb/listener:Listener", "https", None, {"port": 443})
    assert interruptions_of(stream.plan()) == []


def test_nodes_that_are_exchanged_say_when() -> None:
    stream = Stream()
    old, new = {"nodeType": "a"}, {"nodeType": "b", "applyImmediately": True}
    stream.resource(
        "update", "aws:elasticache/replicationGroup:ReplicationGroup", "s", old, new, diff={"nodeType": "update"}
    )
    assert interruptions_of(stream.plan())[0].reasons == ["nodes are replaced, at once"]


def openings(type_: str, old: dict[str, Any] | None, new: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    stream = Stream()
    stream.resource("create" if old is None else "update", type_, "it", old, new, **more)
    return [(each.rule.source, each.rule.ports) for each in openings_of(stream.plan())]


def inline(*cidrs: str, first: int = 443, last: int = 443) -> dict[str, Any]:
    return {"ingress": [{"protocol": "tcp", "fromPort": first, "toPort": last, "cidrBlocks": [*cidrs]}]}


def test_a_new_rule_from_everywhere_is_told_as_everyone() -> None:
    stream = Stream()
    rule = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
    stream.resource("create", INGRESS, "v4", None, {**rule, "cidrIpv4": "0.0.0.0/0"})
    stream.resource("create", INGRESS, "v6", None, {**rule, "cidrIpv6": "::/0"})
    assert stream.report().count("(everyone)") == 2


def test_a_rule_widened_by_addresses_is_told() -> None:
    assert openings(SECURITY_GROUP, inline("10.0.0.0/24"), inline("10.0.0.0/16")) == [("10.0.0.0/16", "tcp 443")]


def test_a_rule_widened_by_ports_is_told() -> None:
    assert openings(SECURITY_GROUP, inline("10.0.0.0/24"), inline("10.0.0.0/24", last=500)) == [
        ("10.0.0.0/24", "tcp 443-500")
    ]


@pytest.mark.parametrize(
    "narrower",
    [inline("10.0.0.0/24"), inline("10.0.0.0/16", first=443, last=443), inline("10.0.3.0/24"), {"ingress": []}],
)
def test_a_rule_that_is_narrowed_is_not_told(narrower: dict[str, Any]) -> None:
    assert openings(SECURITY_GROUP, inline("10.0.0.0/16", first=400, last=500), narrower) == []


def test_all_protocols_cover_one_and_one_does_not_cover_all() -> None:
    everything = {"ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/8"]}]}
    assert openings(SECURITY_GROUP, everything, inline("10.0.0.0/24")) == []
    assert openings(SECURITY_GROUP, inline("10.0.0.0/8"), everything) == [("10.0.0.0/8", "everything")]


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", inline("0.0.0.0/0")),
        (
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            {"type": "ingress", "protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]},
        ),
        (
            "aws:ec2/networkAcl:NetworkAcl",
            {"ingress": [{"action": "allow", "protocol": "6", "fromPort": 22, "toPort": 22, "cidrBlock": "0.0.0.0/0"}]},
        ),
        ("aws:ec2/networkAclRule:NetworkAclRule", {"ruleAction": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}),
    ],
)
def test_every_kind_of_rule_is_looked_at(type_: str, properties: dict[str, Any]) -> None:
    assert [source for source, _ in openings(type_, None, properties)] == ["0.0.0.0/0"]


def test_what_goes_out_and_what_is_denied_opens_nothing() -> None:
    out = {"type": "egress", "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}
    denied = {"ruleAction": "deny", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
    assert openings("aws:ec2/securityGroupRule:SecurityGroupRule", None, out) == []
    assert openings("aws:ec2/networkAclRule:NetworkAclRule", None, denied) == []


def test_a_rule_that_is_only_renamed_opens_nothing() -> None:
    stream = Stream()
    rule = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"}
    stream.resource("delete", INGRESS, "old", rule)
    stream.resource("create", INGRESS, "new", None, rule)
    assert openings_of(stream.plan()) == []


def test_a_source_that_is_not_known_yet_is_told_as_such() -> None:
    rule = {"securityGroupId": UNKNOWN, "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    assert openings(INGRESS, None, {**rule, "cidrIpv4": UNKNOWN}) == [("known after deployment", "tcp 443")]
    assert openings(INGRESS, None, {**rule, "referencedSecurityGroupId": "sg-9"}) == [("sg-9", "tcp 443")]
    another = {**rule, "referencedSecurityGroupId": UNKNOWN}
    assert openings(INGRESS, None, another) == [("another security group", "tcp 443")]


def test_the_widest_opening_comes_first() -> None:
    cidrs = [source for source, _ in openings(SECURITY_GROUP, None, inline("10.0.0.0/8", "0.0.0.0/0", "10.9.0.0/24"))]
    assert cidrs == ["0.0.0.0/0", "10.0.0.0/8", "10.9.0.0/24"]


def test_where_nothing_must_be_looked_at_the_report_says_what_was_looked_for() -> None:
    stream = Stream()
    stream.resource("create", "aws:ec2/route:Route", "r", None, {})
    assert (
        "Nothing that holds state is replaced, deleted or forgotten; nothing that runs is interrupted"
        in stream.report()
    )


def test_no_more_than_thirty_rows_stand_in_a_table_on_top_and_the_rest_is_counted() -> None:
    stream = Stream()
    for number in range(45):
        stream.resource("delete", DATABASE, f"db-{number}", {})
    top = stream.report().split("### Changes by component")[0]
    assert top.count("| rds.Cluster |") == 30
    assert "... and 15 more." in top


def test_urns_lead_to_the_component_that_a_resource_is_in() -> None:
    stream = Stream()
    web = stream.component("x:index:WebCluster", "primary")
    data = stream.component("x:index:Database", "primary", parent=web)
    stream.resource("delete", DATABASE, "db", {}, parent=data)
    assert "`WebCluster primary > Database primary`" in stream.report()
    assert losses_of(stream.plan())[0].step.urn == urn(DATABASE, "db")


def test_a_type_is_plain_text_though_its_author_wrote_a_mention_into_it() -> None:
    stream = Stream()
    stream.resource("create", "acme:index:@octocat", "one", None, {"size": 1})
    stream.resource("delete", "aws:rds/instance:<b>", "two", {"size": 1}, None)
    report = stream.report()
    assert "@octocat" not in report
    assert "<b>" not in report
