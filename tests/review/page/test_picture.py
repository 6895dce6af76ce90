import json
import re
from pathlib import Path

import pytest

from review.page.report import Options, review_of, whole
from review.plan.build import plan_of
from review.plan.dependencies import dependencies_in
from review.plan.events import UnreadableError, read
from tests.review.events import UNKNOWN, Stream

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"


def picture(stream: Stream) -> str:
    return stream.report().split("```mermaid\n")[1].split("```")[0]


def test_components_are_boxes_and_resources_are_coloured_by_what_happens() -> None:
    stream = Stream()
    web = stream.component("x:index:WebCluster", "primary")
    network = stream.component("x:index:Network", "primary", parent=web)
    stream.resource("create", VPC, "new", None, {}, parent=network)
    stream.resource("delete", VPC, "old", {}, parent=network)
    drawn = picture(stream)
    assert drawn.startswith("flowchart ")
    assert 'subgraph c1["WebCluster primary"]' in drawn
    assert 'subgraph c1_1["Network primary"]' in drawn
    assert drawn.count("subgraph") == drawn.count("end\n")
    for name, operation in (("new", "create"), ("old", "delete")):
        node = re.search(rf'(n\d+)\["{name}<br/>{operation} ec2.Vpc"\]', drawn)
        assert node
        assert f"class {node[1]} {operation}" in drawn
        assert f"classDef {operation} fill:" in drawn


def test_an_arrow_leads_from_what_is_used_to_what_uses_it_also_while_the_new_id_is_unknown() -> None:
    stream = Stream()
    stream.replacement(VPC, "vpc", {"cidrBlock": "a"}, {"cidrBlock": "b"}, id="vpc-1234567")
    stream.replacement(SUBNET, "subnet", {"vpcId": "vpc-1234567"}, {"vpcId": UNKNOWN}, id="subnet-123")
    drawn = picture(stream)
    vpc, subnet = (re.search(rf'(n\d+)\["{name}<', drawn) for name in ("vpc", "subnet"))
    assert vpc
    assert subnet
    assert f"{vpc[1]} --> {subnet[1]}" in drawn


def test_dependencies_that_the_engine_tells_are_arrows() -> None:
    stream = Stream()
    vpc = stream.resource("create", VPC, "vpc", None, {})
    stream.resource("create", SUBNET, "subnet", None, {"vpcId": UNKNOWN}, propertyDependencies={"vpcId": [vpc]})
    assert picture(stream).count("-->") == 1


def test_a_saved_plan_tells_the_arrows_between_new_resources(tmp_path: Path) -> None:
    stream = Stream()
    vpc = stream.resource("create", VPC, "vpc", None, {})
    subnet = stream.resource("create", SUBNET, "subnet", None, {"vpcId": UNKNOWN})
    route = stream.resource("create", "aws:ec2/route:Route", "route", None, {})
    goals = {vpc: {}, subnet: {"propertyDependencies": {"vpcId": [vpc]}}, route: {"dependencies": [subnet, vpc]}}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"resourcePlans": {urn: {"goal": goal} for urn, goal in goals.items()}}))
    plan = plan_of(read(stream.lines()), dependencies_in(file))
    drawn = whole(review_of(plan, Options("prod")))
    assert drawn.count("-->") == 3, "the marker's, and two arrows: that from vpc to route leads by way of subnet"


def test_a_plan_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("[]")
    with pytest.raises(UnreadableError, match="no plan"):
        dependencies_in(file)
    assert dependencies_in(tmp_path / "missing.json") == {}


def test_at_most_forty_resources_are_drawn_state_first_and_the_rest_is_counted() -> None:
    stream = Stream()
    for number in range(60):
        stream.resource("create", VPC, f"vpc-{number}", None, {})
    stream.resource("delete", "aws:rds/cluster:Cluster", "data", {})
    drawn = picture(stream)
    assert len(re.findall(r"^ *n\d+\[", drawn, re.MULTILINE)) == 40
    assert 'n0["data<br/>' in drawn
    assert "21 more resources change" in stream.report()


@pytest.mark.parametrize(
    "name", ['a"b', "a]b", "a`b", "end", "a;b", "<script>", "a|b", "a#b", "a\nb", "{x}", "(x)", "%%"]
)
def test_names_are_escaped_so_that_mermaid_reads_them_as_labels(name: str) -> None:
    stream = Stream()
    web = stream.component("x:index:Web", name)
    stream.resource("create", VPC, name, None, {}, parent=web)
    for label in re.findall(r'\["(.*)"\]$', picture(stream), re.MULTILINE):
        assert re.fullmatch(r"(?:[\w .:/-]|#\d+;|<br/>)+", label)


def test_when_nothing_changes_there_is_no_picture() -> None:
    stream = Stream()
    stream.resource("same", VPC, "vpc", {}, {})
    assert "mermaid" not in stream.report()
