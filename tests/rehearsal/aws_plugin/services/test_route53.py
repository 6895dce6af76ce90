"""Route 53 in the emulated plugin: records of every policy, health checks of every kind, zones, and finding them."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.provider import functions
from rehearsal.aws_plugin.services.route53.records import full_name, parsed_id, record_id
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource, clients_of

RECORD = "aws:route53/record:Record"
CHECK = "aws:route53/healthCheck:HealthCheck"
ZONE = "aws:route53/zone:Zone"
GET_ZONE = "aws:route53/getZone:getZone"

BALANCER = {
    "name": "dualstack.lb-1.eu-west-1.elb.amazonaws.com",
    "zoneId": "Z32O12XQLNTSW2",
    "evaluateTargetHealth": True,
}
OF_HTTPS = {"type": "HTTPS", "fqdn": "www.example.com", "port": 443, "resourcePath": "/healthz"}


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator, {"project": "rehearsed"})


@pytest.fixture
def zone(program: Program, unique: str) -> Resource:
    return program.up(ZONE, name=f"{unique}.example.com", forceDestroy=True, tags={"a": "1"})


@pytest.fixture
def check(program: Program) -> Resource:
    return program.up(CHECK, **OF_HTTPS, requestInterval=10, failureThreshold=2, measureLatency=True, tags={"a": "1"})


def simple(program: Program, zone: Resource, **more: Any) -> Resource:
    args = {"zoneId": zone.id, "name": "www", "type": "A", "ttl": 60, "records": ["192.0.2.1"], **more}
    return program.up(RECORD, **{name: value for name, value in args.items() if value is not None})


def failover(program: Program, zone: Resource, role: str, **more: Any) -> Resource:
    alias = {"aliases": [BALANCER], "ttl": None, "records": None, "setIdentifier": role.lower()}
    return simple(program, zone, failoverRoutingPolicies=[{"type": role}], **{**alias, **more})


def records(aws: Client, zone: Resource) -> dict[tuple[str, str], dict[str, Any]]:
    """The zone's records by type and identifier, without its own."""
    found = aws("route53").list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    return {(each["Type"], each.get("SetIdentifier", "")): each for each in found if each["Type"] not in ("NS", "SOA")}


def write(aws: Client, zone: Resource, action: str, record: dict[str, Any]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    aws("route53").change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch=batch)


def test_a_simple_record_is_made_under_its_full_name(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    found = records(aws, zone)["A", ""]
    assert found["Name"] == f"www.{zone.inputs['name']}."
    assert (found["TTL"], found["ResourceRecords"]) == (60, [{"Value": "192.0.2.1"}])
    assert made.id == f"{zone.id}_www_A"
    assert made.state["fqdn"] == f"www.{zone.inputs['name']}"
    assert made.settled()


@pytest.mark.parametrize("name", ["WWW", "www.{zone}", "www.{zone}.", "{zone}", "*"])
def test_names_settle_in_every_spelling(program: Program, zone: Resource, name: str) -> None:
    assert simple(program, zone, name=name.format(zone=zone.inputs["name"])).settled()


def test_texts_are_quoted_for_route_53_and_not_for_the_program(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone, type="TXT", records=["v=spf1 -all"])
    assert records(aws, zone)["TXT", ""]["ResourceRecords"] == [{"Value": '"v=spf1 -all"'}]
    assert made.settled()


def test_values_change_in_place_and_another_name_replaces(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    assert made.update(ttl=30, records=["192.0.2.2"]) == {"ttl": "UPDATE", "records[0]": "UPDATE"}
    assert records(aws, zone)["A", ""]["TTL"] == 30
    assert made.settled()
    assert made.changes(name="other") == {"name": "UPDATE_REPLACE"}


def test_another_type_takes_the_place_of_the_record(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    made.update(type="AAAA", records=["2001:db8::1"])
    assert set(records(aws, zone)) == {("AAAA", "")}
    assert made.settled()


def test_drift_of_a_record_is_read_and_put_right(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    drifted = {"Name": made.state["fqdn"], "Type": "A", "TTL": 99, "ResourceRecords": [{"Value": "192.0.2.9"}]}
    write(aws, zone, "UPSERT", drifted)
    assert made.read() == {"records[0]": "UPDATE", "ttl": "UPDATE"}


def test_a_record_that_somebody_deleted_is_gone(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    write(aws, zone, "DELETE", records(aws, zone)["A", ""])
    assert made.gone()
    made.delete()


def test_a_record_that_exists_is_an_error_unless_it_may_be_overwritten(
    program: Program, aws: Client, zone: Resource
) -> None:
    simple(program, zone)
    with pytest.raises(CallError, match="already exists"):
        simple(program, zone, records=["192.0.2.7"])
    simple(program, zone, records=["192.0.2.7"], allowOverwrite=True)
    assert records(aws, zone)["A", ""]["ResourceRecords"] == [{"Value": "192.0.2.7"}]


def test_failover_records_of_both_families_stand_side_by_side(
    program: Program, aws: Client, zone: Resource, check: Resource
) -> None:
    made = {
        (kind, role): failover(program, zone, role, type=kind, healthCheckId=check.id)
        for kind in ("A", "AAAA")
        for role in ("PRIMARY", "SECONDARY")
    }
    found = records(aws, zone)
    assert set(found) == {(kind, role.lower()) for kind, role in made}
    assert found["A", "primary"]["Failover"] == "PRIMARY"
    assert found["A", "primary"]["HealthCheckId"] == check.id
    assert found["A", "primary"]["AliasTarget"]["EvaluateTargetHealth"] is True
    assert all(each.settled() for each in made.values())
    assert made["A", "PRIMARY"].id == f"{zone.id}_www_A_primary"
    made["A", "PRIMARY"].delete()
    assert set(records(aws, zone)) == set(found) - {("A", "primary")}


def test_a_failover_record_changes_in_place(program: Program, aws: Client, zone: Resource, check: Resource) -> None:
    made = failover(program, zone, "PRIMARY")
    changed = made.update(healthCheckId=check.id, aliases=[{**BALANCER, "evaluateTargetHealth": False}])
    assert changed == {"healthCheckId": "ADD", "aliases[0].evaluateTargetHealth": "UPDATE"}
    assert records(aws, zone)["A", "primary"]["HealthCheckId"] == check.id
    assert made.settled()
    made.update(setIdentifier="first")
    assert set(records(aws, zone)) == {("A", "first")}
    assert made.settled()


def test_a_health_check_put_on_or_taken_off_by_hand_is_drift(
    program: Program, aws: Client, zone: Resource, check: Resource
) -> None:
    made = failover(program, zone, "SECONDARY")
    record = records(aws, zone)["A", "secondary"]
    write(aws, zone, "UPSERT", {**record, "HealthCheckId": check.id})
    assert made.read() == {"healthCheckId": "DELETE"}
    made.update(healthCheckId=check.id)
    write(aws, zone, "UPSERT", record)
    assert made.read() == {"healthCheckId": "UPDATE"}


def test_a_simple_record_cannot_stand_beside_a_failover_one(program: Program, zone: Resource) -> None:
    failover(program, zone, "PRIMARY")
    with pytest.raises(CallError, match="non multivalue answer rrset exists"):
        simple(program, zone)


def test_a_simple_record_becomes_a_failover_one_in_place(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone)
    made.update(setIdentifier="primary", failoverRoutingPolicies=[{"type": "PRIMARY"}])
    assert set(records(aws, zone)) == {("A", "primary")}
    assert made.settled()


def test_there_is_one_primary(program: Program, zone: Resource) -> None:
    failover(program, zone, "PRIMARY")
    with pytest.raises(CallError, match="already a PRIMARY"):
        failover(program, zone, "PRIMARY", setIdentifier="second")


@pytest.mark.parametrize(
    ("policy", "member", "told"),
    [
        ({"weightedRoutingPolicies": [{"weight": 0}]}, "Weight", 0),
        ({"latencyRoutingPolicies": [{"region": "eu-west-1"}]}, "Region", "eu-west-1"),
        ({"geolocationRoutingPolicies": [{"continent": "EU"}]}, "GeoLocation", {"ContinentCode": "EU"}),
        ({"multivalueAnswerRoutingPolicy": True}, "MultiValueAnswer", True),
    ],
)
def test_records_have_a_routing_policy(
    program: Program, aws: Client, zone: Resource, policy: dict[str, Any], member: str, told: Any
) -> None:
    made = simple(program, zone, setIdentifier="one", **policy)
    assert records(aws, zone)["A", "one"][member] == told
    assert made.settled()


def test_weights_change_in_place(program: Program, aws: Client, zone: Resource) -> None:
    made = simple(program, zone, setIdentifier="one", weightedRoutingPolicies=[{"weight": 1}])
    assert made.update(weightedRoutingPolicies=[{"weight": 5}]) == {"weightedRoutingPolicies[0].weight": "UPDATE"}
    assert records(aws, zone)["A", "one"]["Weight"] == 5


def test_an_imported_record_is_found_by_its_id(program: Program, zone: Resource) -> None:
    made = simple(program, zone, name="_a_b")
    found = made.lifecycle.read(RECORD, "it", made.id, {}, {})
    assert found is not None
    assert found[0]["records"] == ["192.0.2.1"]
    assert found[0]["name"] == "_a_b"


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"type": "A"}, "records"),
        ({"type": "A", "records": ["x"]}, "ttl"),
        ({"type": "A", "aliases": [BALANCER], "ttl": 60}, "ttl"),
        ({"type": "Q", "records": ["x"], "ttl": 60}, "type"),
        ({"type": "A", "records": ["x"], "ttl": 60, "setIdentifier": "a"}, "setIdentifier"),
        ({"type": "A", "records": ["x"], "ttl": 60, "multivalueAnswerRoutingPolicy": True}, "setIdentifier"),
        (
            {"type": "A", "aliases": [BALANCER], "setIdentifier": "a", "failoverRoutingPolicies": [{"type": "FIRST"}]},
            "failoverRoutingPolicies.type",
        ),
        ({"type": "A", "alias": BALANCER}, "alias"),
    ],
)
def test_records_that_route_53_refuses_are_refused_at_preview(
    program: Program, args: dict[str, Any], path: str
) -> None:
    assert program.resource(RECORD).refusals({"zoneId": "Z", "name": "www", **args})[0][0] == path


def test_a_record_of_things_not_made_yet_is_accepted_at_preview(program: Program) -> None:
    alias = {"name": UNKNOWN, "zoneId": UNKNOWN, "evaluateTargetHealth": True}
    args = {"zoneId": UNKNOWN, "name": "www", "type": "A", "aliases": [alias], "healthCheckId": UNKNOWN}
    more = {"setIdentifier": "p", "failoverRoutingPolicies": [{"type": "PRIMARY"}]}
    assert program.resource(RECORD).refusals({**args, **more}) == []
    assert program.resource(RECORD).refusals({**args, "aliases": UNKNOWN}) == []


def test_a_health_check_is_at_aws_as_the_program_says(aws: Client, check: Resource) -> None:
    found = aws("route53").get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckConfig"]
    assert (found["Type"], found["Port"], found["ResourcePath"]) == ("HTTPS", 443, "/healthz")
    assert (found["RequestInterval"], found["FailureThreshold"], found["MeasureLatency"]) == (10, 2, True)
    tags = aws("route53").list_tags_for_resource(ResourceType="healthcheck", ResourceId=check.id)
    assert len(tags["ResourceTagSet"]["Tags"]) == 2
    assert check.settled()


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"failureThreshold": 3}, "FailureThreshold"),
        ({"invertHealthcheck": True}, "Inverted"),
        ({"disabled": True}, "Disabled"),
        ({"resourcePath": "/other"}, "ResourcePath"),
        ({"fqdn": "other.example.com"}, "FullyQualifiedDomainName"),
        ({"regions": ["us-east-1", "us-west-1", "eu-west-1"]}, "Regions"),
    ],
)
def test_a_health_check_changes_in_place(aws: Client, check: Resource, changed: dict[str, Any], member: str) -> None:
    check.update(**changed)
    found = aws("route53").get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckConfig"]
    assert [found[member]] == list(changed.values())
    assert check.settled()


@pytest.mark.parametrize("changed", [{"requestInterval": 30}, {"measureLatency": False}, {"referenceName": "other"}])
def test_what_a_health_check_cannot_change_replaces_it(check: Resource, changed: dict[str, Any]) -> None:
    assert [kind.partition("_")[2] for kind in check.changes(**changed).values()] == ["REPLACE"]


def test_drift_of_a_health_check_is_read(aws: Client, check: Resource) -> None:
    aws("route53").update_health_check(HealthCheckId=check.id, FailureThreshold=9, Disabled=True)
    check.inputs["disabled"] = False
    assert check.read() == {"disabled": "UPDATE", "failureThreshold": "UPDATE"}


def test_health_checks_of_alarms_and_of_health_checks(program: Program, aws: Client, check: Resource) -> None:
    alarm = {"cloudwatchAlarmName": "alarm", "cloudwatchAlarmRegion": "us-east-1"}
    of_alarm = program.up(CHECK, type="CLOUDWATCH_METRIC", **alarm, insufficientDataHealthStatus="LastKnownStatus")
    both = [check.id, of_alarm.id]
    calculated = program.up(CHECK, type="CALCULATED", childHealthchecks=both, childHealthThreshold=1)
    found = aws("route53").get_health_check(HealthCheckId=calculated.id)["HealthCheck"]["HealthCheckConfig"]
    assert set(found["ChildHealthChecks"]) == set(both)
    assert (of_alarm.settled(), calculated.settled()) == (True, True)
    assert of_alarm.update(cloudwatchAlarmName="other") == {"cloudwatchAlarmName": "UPDATE"}
    calculated.update(childHealthThreshold=2)
    assert calculated.settled()


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"type": "HTTPS", "port": 443}, "fqdn"),
        ({**OF_HTTPS, "requestInterval": 20}, "requestInterval"),
        ({**OF_HTTPS, "failureThreshold": 11}, "failureThreshold"),
        ({**OF_HTTPS, "regions": ["us-east-1"]}, "regions"),
        ({**OF_HTTPS, "searchString": "ok"}, "searchString"),
        ({"type": "TCP", "fqdn": "x"}, "port"),
        ({"type": "CALCULATED"}, "childHealthchecks"),
        ({"type": "CLOUDWATCH_METRIC", "cloudwatchAlarmName": "a"}, "cloudwatchAlarmRegion"),
        ({"type": "PING", "fqdn": "x"}, "type"),
        ({**OF_HTTPS, "path": "/"}, "path"),
    ],
)
def test_health_checks_that_route_53_refuses_are_refused_at_preview(
    program: Program, args: dict[str, Any], path: str
) -> None:
    assert path in [each[0] for each in program.resource(CHECK).refusals(args)]


def test_a_deleted_health_check_is_gone(check: Resource) -> None:
    check.delete()
    assert check.gone()


def test_a_zone_is_made_commented_and_replaced_under_another_name(aws: Client, zone: Resource) -> None:
    found = aws("route53").get_hosted_zone(Id=zone.id)
    assert zone.state["nameServers"] == sorted(found["DelegationSet"]["NameServers"])
    assert zone.state["zoneId"] == zone.id == found["HostedZone"]["Id"].rpartition("/")[2]
    assert zone.settled()
    assert zone.update(comment="mine", tags={"a": "2"}) == {"comment": "UPDATE", "tags.a": "UPDATE"}
    assert aws("route53").get_hosted_zone(Id=zone.id)["HostedZone"]["Config"]["Comment"] == "mine"
    assert zone.settled()
    assert zone.changes(name="example.org") == {"name": "UPDATE_REPLACE"}


@pytest.mark.parametrize("forced", [True, False])
def test_a_zone_with_records_is_deleted_only_by_force(program: Program, zone: Resource, forced: bool) -> None:
    simple(program, zone)
    zone.update(forceDestroy=forced)
    if forced:
        zone.delete()
        assert zone.gone()
    else:
        with pytest.raises(CallError, match="HostedZoneNotEmpty"):
            zone.delete()


def test_networks_join_and_leave_a_private_zone(program: Program, aws: Client, unique: str) -> None:
    vpcs = [aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(3)]
    first, second, third = ({"vpcId": vpc} for vpc in vpcs)
    zone = program.up(ZONE, name=f"{unique}.internal", vpcs=[first, second])
    assert zone.settled()
    zone.update(vpcs=[third])
    assert [each["VPCId"] for each in aws("route53").get_hosted_zone(Id=zone.id)["VPCs"]] == [vpcs[2]]
    assert zone.settled()


def found_zone(emulator: Emulator, **args: Any) -> dict[str, Any]:
    result, wrong = functions.invoke(clients_of(emulator), REGION, GET_ZONE, args)
    assert wrong == []
    return result


def test_a_zone_is_found_by_id_and_by_name(emulator: Emulator, zone: Resource) -> None:
    name = zone.inputs["name"]
    for given in ({"zoneId": zone.id}, {"name": name}, {"name": f"{name}."}, {"name": name, "tags": {"a": "1"}}):
        found = found_zone(emulator, **given)
        assert (found["id"], found["zoneId"], found["name"]) == (zone.id, zone.id, name)
        assert found["nameServers"] == zone.state["nameServers"]


@pytest.mark.parametrize("more", [{"privateZone": True}, {"tags": {"a": "9"}}])
def test_a_zone_of_another_kind_is_not_found(emulator: Emulator, zone: Resource, more: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match=r"0 .* hosted zones are called"):
        found_zone(emulator, name=zone.inputs["name"], **more)


@pytest.mark.parametrize(
    ("name", "full"),
    [("www", "www.a.b"), ("www.a.b.", "www.a.b"), ("", "a.b"), ("A.B", "a.b"), ("xa.b", "xa.b.a.b")],
)
def test_names_are_completed_with_their_zone(name: str, full: str) -> None:
    assert full_name(name, "a.b.") == full


@pytest.mark.parametrize("identifier", ["", "a_b"])
def test_ids_can_be_read_back(identifier: str) -> None:
    args = {"zoneId": "Z1", "name": "_a.b_c", "type": "TXT"} | ({"setIdentifier": identifier} if identifier else {})
    assert parsed_id(record_id(args)) == args


def test_inverted_and_calculated_checks_are_kept_as_they_are(program: Program, aws: Client, unique: str) -> None:
    inverted = program.up(
        CHECK,
        unique,
        type="HTTPS",
        fqdn="switch.example.com",
        port=443,
        resourcePath="/standby-serves",
        enableSni=True,
        invertHealthcheck=True,
        requestInterval=10,
        failureThreshold=1,
    )
    both = program.up(
        CHECK,
        f"{unique}-both",
        type="CALCULATED",
        childHealthchecks=[inverted.id],
        childHealthThreshold=1,
    )
    assert (inverted.settled(), both.settled()) == (True, True)
    config = aws("route53").get_health_check(HealthCheckId=inverted.id)["HealthCheck"]["HealthCheckConfig"]
    assert config["Inverted"] is True
    config = aws("route53").get_health_check(HealthCheckId=both.id)["HealthCheck"]["HealthCheckConfig"]
    assert (config["ChildHealthChecks"], config["HealthThreshold"]) == ([inverted.id], 1)
