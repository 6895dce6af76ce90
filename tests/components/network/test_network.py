"""Network: its resources and refusals."""

import json
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.network.network import Network, NetworkArgs
from ha_web.network.zones import node_type_warnings

from tests.components.made import Made, make, zones_of
from tests.components.regional import assert_region_reaches_everything

ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"
OFFERS = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"
SIX_ZONES = {ZONES: zones_of("eu-west-1", 6)}


def network(answers: Any = None, **args: Any) -> Made[Network]:
    full = cast(NetworkArgs, {"cidr": "10.0.0.0/16", "region": "eu-west-1", **args})
    return make(lambda: Network("web", full), answers=answers)


def offers(instance_type: str, *numbers: int) -> dict[str, Any]:
    """Answer of EC2: the zones of eu-west-1, by number, that offer the type."""
    return {"instanceTypes": [instance_type] * len(numbers), "locations": [f"euw1-az{number}" for number in numbers]}


def subnets(made: Made[Network]) -> dict[str, str]:
    return {subnet.name: subnet["cidrBlock"] for subnet in made.all("aws:ec2/subnet:Subnet")}


def table_of(made: Made[Network], subnet: str) -> str:
    [found] = [
        a["routeTableId"]
        for a in made.all("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if a["subnetId"] == f"{subnet}-id"
    ]
    return cast(str, found)


def routes(made: Made[Network], table: str) -> list[dict[str, Any]]:
    return [r.inputs for r in made.all("aws:ec2/route:Route") if r["routeTableId"] == table]


def test_three_zones_have_three_subnets_each_in_their_reserved_slots() -> None:
    assert subnets(network()) == {
        "web-public-euw1-az1": "10.0.0.0/21",
        "web-public-euw1-az2": "10.0.8.0/21",
        "web-public-euw1-az3": "10.0.16.0/21",
        "web-servers-euw1-az1": "10.0.64.0/21",
        "web-servers-euw1-az2": "10.0.72.0/21",
        "web-servers-euw1-az3": "10.0.80.0/21",
        "web-data-euw1-az1": "10.0.128.0/21",
        "web-data-euw1-az2": "10.0.136.0/21",
        "web-data-euw1-az3": "10.0.144.0/21",
    }


def test_subnets_are_placed_by_zone_id_because_names_differ_between_accounts() -> None:
    for subnet in network().all("aws:ec2/subnet:Subnet"):
        assert subnet.name.endswith(subnet["availabilityZoneId"])
        assert "availabilityZone" not in subnet


def test_adding_a_zone_moves_no_other_and_removing_the_first_neither() -> None:
    three = network(SIX_ZONES, zone_ids=["euw1-az1", "euw1-az2", "euw1-az4"])
    four = network(SIX_ZONES, zone_ids=["euw1-az1", "euw1-az2", "euw1-az3", "euw1-az4"])
    two = network(SIX_ZONES, zone_ids=["euw1-az2", "euw1-az4"])
    assert subnets(three).items() <= subnets(four).items()
    assert subnets(two).items() <= subnets(three).items()
    kept = {r.name: r.inputs for r in three.children if r.type != "aws:ec2/vpcEndpoint:VpcEndpoint"}
    grown = {r.name: r.inputs for r in four.children}
    assert {name for name, inputs in kept.items() if grown[name] != inputs} == set()


def test_the_count_picks_the_first_zones_by_id_not_by_name() -> None:
    made = network(SIX_ZONES, zones=2)
    assert made.outputs["zone_ids"] == ["euw1-az1", "euw1-az2"]
    assert made.outputs["zone_names"] == ["eu-west-1f", "eu-west-1e"]


def test_zones_are_chosen_whatever_their_state_today_so_that_an_outage_moves_nothing() -> None:
    [call] = [call for call in network().calls if call.token == ZONES]
    assert "state" not in call.args
    assert call.args["filters"] == [{"name": "opt-in-status", "values": ["opt-in-not-required"]}]


def test_the_order_in_which_zones_are_pinned_does_not_matter() -> None:
    made = network(zone_ids=["euw1-az3", "euw1-az1"])
    assert made.outputs["zone_ids"] == ["euw1-az1", "euw1-az3"]
    assert made.outputs["public_subnet_ids"] == ["web-public-euw1-az1-id", "web-public-euw1-az3-id"]


def test_a_zone_that_aws_no_longer_extends_is_taken_only_if_it_is_named() -> None:
    six = {ZONES: zones_of("us-east-1", 6)}
    assert network(six, region="us-east-1").outputs["zone_ids"] == ["use1-az1", "use1-az2", "use1-az4"]
    pinned = network(six, region="us-east-1", zone_ids=["use1-az3", "use1-az1"])
    assert pinned.outputs["zone_ids"] == ["use1-az1", "use1-az3"]


def test_where_too_few_zones_are_left_the_one_left_out_is_named() -> None:
    with pytest.raises(ConfigurationError) as error:
        network({ZONES: zones_of("us-east-1", 3)}, region="us-east-1")
    assert "zones is 3; us-east-1 offers 2: use1-az1, use1-az2 (and use1-az3, which" in str(error.value)


@pytest.mark.parametrize("pinned", [None, ["euw1-az1", "euw1-az2", "euw1-az3"]])
def test_a_zone_without_the_servers_type_is_refused_with_zones_that_have_it(pinned: list[str] | None) -> None:
    answers = {**SIX_ZONES, OFFERS: offers("m7g.large", 1, 3, 4, 6)}
    with pytest.raises(ConfigurationError) as error:
        network(answers, zone_ids=pinned, instance_types=["m7g.large"])
    assert str(error.value) == (
        'Network "web": instance_types has "m7g.large", which EC2 does not offer in euw1-az2; '
        "choose another type, or zone_ids: [euw1-az1, euw1-az3, euw1-az4]"
    )


def test_a_type_that_the_region_does_not_have_is_refused_without_zones_to_take() -> None:
    with pytest.raises(ConfigurationError, match=r"it is in no zone; choose another type, or another region"):
        network({**SIX_ZONES, OFFERS: offers("m7g.large")}, instance_types=["m7g.large"])


def test_the_choice_of_zones_does_not_depend_on_what_is_offered_in_them_today() -> None:
    everywhere = network(SIX_ZONES, instance_types=["m7g.large"])
    unasked = network(SIX_ZONES)
    assert everywhere.outputs["zone_ids"] == unasked.outputs["zone_ids"]
    assert OFFERS not in [call.token for call in unasked.calls]
    [call] = [call for call in everywhere.calls if call.token == OFFERS]
    assert call.args == {
        "region": "eu-west-1",
        "locationType": "availability-zone-id",
        "filters": [{"name": "instance-type", "values": ["m7g.large"]}],
    }


def test_nodes_that_a_zone_may_lack_are_warned_of_because_no_api_tells_their_zones() -> None:
    zones = ["euw1-az1", "euw1-az2"]
    having = {"m7g.large": {"euw1-az1"}, "t4g.small": {*zones}, "r7g.large": set[str]()}
    [line] = node_type_warnings(["cache.m7g.large", "cache.t4g.small", "db.r7g.large", "db.serverless"], zones, having)
    assert line.startswith("EC2 does not offer m7g.large in euw1-az2; nodes of cache.m7g.large may not be there either")
    made = network({**SIX_ZONES, OFFERS: offers("m7g.large", 1)}, node_types=["cache.m7g.large", "db.serverless"])
    assert len(made.outputs["zone_ids"]) == 3


def test_public_subnets_are_dual_stack_and_reach_the_internet_both_ways() -> None:
    made = network()
    assert made.one("aws:ec2/vpc:Vpc")["assignGeneratedIpv6CidrBlock"] is True
    assert made.named("web-public-euw1-az3")["ipv6CidrBlock"] == "2001:db8:1234:1a02::/64"
    ways = routes(made, table_of(made, "web-public-euw1-az1"))
    assert {r.get("destinationCidrBlock") or r["destinationIpv6CidrBlock"] for r in ways} == {"0.0.0.0/0", "::/0"}
    assert {r["gatewayId"] for r in ways} == {"web-internet-gateway-id"}


def test_nothing_gets_a_public_address_by_itself() -> None:
    assert all(subnet["mapPublicIpOnLaunch"] is False for subnet in network().all("aws:ec2/subnet:Subnet"))


def test_the_data_tier_has_no_way_out() -> None:
    made = network()
    tables = {table_of(made, f"web-data-euw1-az{n}") for n in (1, 2, 3)}
    assert all(routes(made, table) == [] for table in tables)
    endpoint = made.one("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert tables.isdisjoint(endpoint["routeTableIds"])


def test_each_zones_servers_leave_through_their_own_zones_gateway() -> None:
    made = network()
    for zone in ("euw1-az1", "euw1-az2", "euw1-az3"):
        [way] = routes(made, table_of(made, f"web-servers-{zone}"))
        assert way["natGatewayId"] == f"web-nat-{zone}-id"
        assert made.named(f"web-nat-{zone}")["subnetId"] == f"web-public-{zone}-id"
        assert made.named(f"web-nat-{zone}")["allocationId"] == f"web-nat-address-{zone}-id"


def test_a_nat_gateway_waits_for_the_internet_gateway() -> None:
    made = network()
    for nat in made.all("aws:ec2/natGateway:NatGateway"):
        assert any(urn.endswith("::web-internet-gateway") for urn in nat.options["depends_on"])


def test_subnets_are_handed_out_only_once_their_way_to_the_internet_stands() -> None:
    def build() -> Network:
        network = Network("web", {"cidr": "10.0.0.0/16", "region": "eu-west-1"})
        for tier, subnet_id in (("public", network.public_subnet_ids[0]), ("servers", network.server_subnet_ids[0])):
            aws.ec2.NetworkInterface(f"user-of-{tier}", subnet_id=subnet_id)
        return network

    made = make(build)
    for tier, route in (("public", "web-public-route"), ("servers", "web-servers-euw1-az1-route")):
        needs = made.named(f"user-of-{tier}").options["depends_on"]
        association = f"web-{tier}-euw1-az1-association"
        assert any(urn.endswith(f"::{association}") for urn in needs)
        assert any(urn.endswith(f"::{route}") for urn in made.named(association).options["depends_on"])


@pytest.mark.parametrize(("nat", "gateways", "addresses"), [("per-zone", 3, 3), ("regional", 1, 0), ("one", 1, 1)])
def test_every_kind_of_nat_gives_every_zone_a_way_out(nat: str, gateways: int, addresses: int) -> None:
    made = network(nat=nat)
    assert len(made.all("aws:ec2/natGateway:NatGateway")) == gateways == len(made.outputs["nat_gateway_ids"])
    assert len(made.all("aws:ec2/eip:Eip")) == addresses
    for zone in ("euw1-az1", "euw1-az2", "euw1-az3"):
        [way] = routes(made, table_of(made, f"web-servers-{zone}"))
        assert way["natGatewayId"] in made.outputs["nat_gateway_ids"]


def test_a_regional_gateway_belongs_to_the_vpc_and_to_no_subnet() -> None:
    gateway = network(nat="regional").one("aws:ec2/natGateway:NatGateway")
    assert gateway["availabilityMode"] == "regional"
    assert gateway["vpcId"] == "web-vpc-id"
    assert "subnetId" not in gateway
    assert "allocationId" not in gateway


def test_without_nat_servers_still_reach_s3() -> None:
    made = network(nat="none")
    assert made.all("aws:ec2/natGateway:NatGateway") == []
    assert made.outputs["nat_gateway_ids"] == []
    assert routes(made, table_of(made, "web-servers-euw1-az1")) == []
    endpoint = made.one("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert endpoint["serviceName"] == "com.amazonaws.eu-west-1.s3"
    assert endpoint["vpcEndpointType"] == "Gateway"
    assert sorted(endpoint["routeTableIds"]) == sorted(made.outputs["server_route_table_ids"])


ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def test_a_service_is_reached_inside_the_vpc_in_each_zone_by_its_own_name() -> None:
    made = network(endpoints=["secretsmanager", "ecr.dkr"], nat="none")
    endpoints = {each["serviceName"]: each for each in made.all(ENDPOINT) if each["vpcEndpointType"] == "Interface"}
    assert set(endpoints) == {"com.amazonaws.eu-west-1.secretsmanager", "com.amazonaws.eu-west-1.ecr.dkr"}
    for each in endpoints.values():
        assert each["subnetIds"] == [f"web-servers-euw1-az{number}-id" for number in (1, 2, 3)]
        assert each["privateDnsEnabled"] is True
        assert each["securityGroupIds"] == ["web-endpoints-sg-id"]
    assert made.outputs["endpoint_ids"]["ecr.dkr"] == "web-ecr-dkr-endpoint-id"


def test_only_the_servers_reach_the_endpoints_and_only_by_https() -> None:
    rules = network(endpoints=["logs"]).all(RULE)
    servers = [cidr for name, cidr in subnets(network()).items() if "-servers-" in name]
    assert [rule["cidrIpv4"] for rule in rules] == servers
    assert {(rule["fromPort"], rule["toPort"], rule["ipProtocol"]) for rule in rules} == {(443, 443, "tcp")}


def test_without_endpoints_there_is_no_group_for_them() -> None:
    assert network().all(RULE) == []
    assert [each["vpcEndpointType"] for each in network().all(ENDPOINT)] == ["Gateway"]


def test_servers_wait_for_the_endpoints_that_they_ask_at_boot() -> None:
    def build() -> Network:
        net = Network("web", {"cidr": "10.0.0.0/16", "region": "eu-west-1", "endpoints": ["logs"]})
        aws.ec2.NetworkInterface("server", subnet_id=net.server_subnet_ids[0])
        return net

    waited_for = {urn.rsplit("::", 1)[1] for urn in make(build).named("server").options["depends_on"]}
    assert {"web-logs-endpoint", "web-servers-euw1-az1-association"} <= waited_for


def test_the_default_security_group_is_said_to_admit_nobody() -> None:
    group = network().one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert (group["ingress"], group["egress"]) == ([], [])


def test_all_traffic_is_logged_for_thirty_days() -> None:
    made = network()
    log = made.one("aws:ec2/flowLog:FlowLog")
    assert log["trafficType"] == "ALL"
    assert log["vpcId"] == "web-vpc-id"
    assert made.one("aws:cloudwatch/logGroup:LogGroup")["retentionInDays"] == 30


def test_the_traffic_of_a_regional_nat_gateway_is_logged_besides_because_it_is_in_no_subnet() -> None:
    made = network(nat="regional")
    assert made.named("web-nat-flow-log")["regionalNatGatewayId"] == "web-nat-id"
    assert made.named("web-flow-log")["logDestination"] == made.named("web-nat-flow-log")["logDestination"]
    assert "vpcId" not in made.named("web-nat-flow-log")


def test_a_flow_log_waits_for_the_right_to_write() -> None:
    needs = network().one("aws:ec2/flowLog:FlowLog").options["depends_on"]
    assert any(urn.endswith("::web-flow-logs-policy") for urn in needs)


def test_the_flow_log_role_is_for_flow_logs_of_this_account_and_writes_one_group_only() -> None:
    made = network()
    [trust] = json.loads(made.one("aws:iam/role:Role")["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:ec2:eu-west-1:123456789012:vpc-flow-log/*"}
    write, describe = json.loads(made.one("aws:iam/rolePolicy:RolePolicy")["policy"])["Statement"]
    group = made.one("aws:cloudwatch/logGroup:LogGroup").state["arn"]
    assert write["Resource"] == [group, f"{group}:*"]
    assert describe["Action"] == "logs:DescribeLogGroups"


def test_region_reaches_every_child_and_call() -> None:
    def build(region: str | None) -> Network:
        return Network("web", {"cidr": "10.0.0.0/16", **({"region": region} if region else {})})  # type: ignore[typeddict-item]  # a spread is not seen through

    for region in ("eu-west-1", "us-east-1"):
        assert_region_reaches_everything(build, region)


def test_without_a_region_the_providers_own_names_the_s3_endpoint() -> None:
    made = make(lambda: Network("web", {"cidr": "10.0.0.0/16"}))
    assert made.one("aws:ec2/vpcEndpoint:VpcEndpoint")["serviceName"] == "com.amazonaws.us-east-1.s3"


def test_every_child_is_the_networks_own_and_has_the_callers_tags() -> None:
    made = network(tags={"team": "shop"})
    urn = made.outputs["urn"]
    untaggable = ("Route", "RouteTableAssociation", "RolePolicy")
    for child in made.children:
        assert child.parent == urn
        if not child.type.endswith(untaggable):
            assert child["tags"]["team"] == "shop", child.name
            assert child["tags"]["Name"].startswith("web-")


def test_outputs_are_registered() -> None:
    made = network()
    registered = made.registered[made.outputs["urn"]]
    assert registered == {key: made.outputs[key] for key in Network.__annotations__}
    assert registered["vpc_cidr"] == "10.0.0.0/16"


def test_numbers_of_other_languages_arrive_as_floats_and_work() -> None:
    assert len(network(zones=2.0).outputs["zone_ids"]) == 2


def test_it_previews_before_anything_exists() -> None:
    made = make(lambda: Network("web", {"cidr": "10.0.0.0/16", "region": "eu-west-1"}), preview=True)
    assert made.outputs["vpc_id"] is None
    assert len(made.all("aws:ec2/subnet:Subnet")) == 9


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"cidr": "10.0.0.0/24"}, 'Network "web": cidr is "10.0.0.0/24"; too small'),
        ({"cidr": "10.0.0.5/16"}, "it is an address inside the network"),
        ({"cidr": "0.0.0.0/16"}, 'cidr is "0.0.0.0/16"; 0.0.0.0/8 is "this network"; take a private network'),
        ({"cidr": "127.0.0.0/16"}, "127.0.0.0/8 is loopback"),
        ({"cidr": "169.254.0.0/16"}, "169.254.0.0/16 is link-local"),
        ({"cidr": "239.1.0.0/16"}, "224.0.0.0/4 is multicast"),
        ({"cidr": "255.255.0.0/16"}, "240.0.0.0/4 is reserved"),
        ({"zones": 1}, 'Network "web": zones is 1; surviving a zone needs at least 2'),
        ({"zones": 7}, "zones is 7; there are at most 6"),
        ({"zones": 5}, "zones is 5; eu-west-1 offers 3: euw1-az1, euw1-az2, euw1-az3"),
        ({"zone_ids": ["euw1-az1"]}, "zone_ids is only 1; surviving a zone needs at least 2"),
        (
            {"zone_ids": ["euw1-az1", "euw1-az5"]},
            'zone_ids has "euw1-az5", which eu-west-1 does not offer; the nearest',
        ),
        ({"zone_ids": ["euw1-az1", "euw1-az2"], "zones": 3}, "zones is 3, but zone_ids names 2; give one of the two"),
        ({"zone_ids": ["eu-west-1a", "eu-west-1b"]}, "has no number at its end"),
        ({"nat": "per_zone"}, 'nat is "per_zone"; it must be one of none, one, per-zone, regional'),
        ({"flow_log_retention_days": 31}, "CloudWatch Logs takes only certain periods, the closest is 30"),
        ({"endpoints": ["Secrets"]}, 'endpoints has "Secrets"; services are named like "secretsmanager" or "ecr.dkr"'),
        ({"endpoints": ["s3"]}, 'endpoints has "s3"; S3 has a gateway endpoint, which costs nothing'),
        ({"endpoints": ["ssm", "ssm"]}, "endpoints has a service twice"),
        ({"zonse": 3}, "zonse is unknown; the nearest known one is zones"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        network(**args)
    assert line in str(error.value)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        network(cidr="10.0.0.0/30", zones=1, flow_log_retention_days=2)
    assert len(str(error.value).splitlines()) == 3


def test_a_provider_of_the_callers_reaches_the_children() -> None:
    def build() -> Network:
        provider = aws.Provider("elsewhere", region="eu-west-1")
        opts = pulumi.ResourceOptions(providers=[provider])
        return Network("web", {"cidr": "10.0.0.0/16", "region": "eu-west-1"}, opts)

    made = make(build)
    assert all("elsewhere" in child.options["provider"] for child in made.children if child.name != "elsewhere")
