"""Resources of a FailoverSwitch."""

import json
from typing import Any, cast

import pytest
from ha_web import ConfigurationError, FailoverSwitch, FailoverSwitchArgs

from tests.components.made import Made, make
from tests.components.regional import GLOBAL_SERVICES

BUCKET = "aws:s3/bucket:Bucket"
LISTS = {
    "com.amazonaws.eu-central-1.route53-healthchecks": ["15.177.0.0/18", "54.183.255.128/26"],
    "com.amazonaws.eu-central-1.ipv6.route53-healthchecks": ["2600:1f1c:7ff:f800::/56"],
}
ANSWERS = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": lambda args: {
        "id": "pl-1",
        "entries": [{"cidr": cidr, "description": ""} for cidr in LISTS[args["name"]]],
    }
}
OUTPUTS = {BUCKET: {"bucketRegionalDomainName": "site-switch.s3.eu-central-1.amazonaws.com"}}


def switch(**args: Any) -> Made[FailoverSwitch]:
    given = cast(FailoverSwitchArgs, {"region": "eu-central-1", **args})
    return make(lambda: FailoverSwitch("site", given), answers=ANSWERS, outputs=OUTPUTS)


def statements(made: Made[FailoverSwitch]) -> dict[str, Any]:
    policy = json.loads(made.one("aws:s3/bucketPolicy:BucketPolicy")["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def test_only_route_53s_checkers_read_two_objects_and_nobody_else_anything() -> None:
    found = statements(switch())
    assert set(found) == {"HealthCheckersRead", "OnlyOverTls"}
    read = found["HealthCheckersRead"]
    assert (read["Action"], read["Resource"]) == (
        "s3:GetObject",
        ["arn:aws:s3:::site-switch/standby-serves", "arn:aws:s3:::site-switch/readable"],
    )
    addresses = read["Condition"]["IpAddress"]["aws:SourceIp"]
    assert sorted(addresses) == sorted(cidr for cidrs in LISTS.values() for cidr in cidrs)
    assert found["OnlyOverTls"]["Effect"] == "Deny"


def test_the_bucket_is_closed_encrypted_versioned_and_goes_with_the_stack() -> None:
    made = switch()
    closed = made.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert {closed[key] for key in closed.inputs if key.startswith(("block", "ignore", "restrict"))} - {
        closed["bucket"]
    } == {True}
    [rule] = made.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert made.one("aws:s3/bucketVersioning:BucketVersioning")["versioningConfiguration"] == {"status": "Enabled"}
    assert made.one(BUCKET)["forceDestroy"] is True


def test_the_check_is_inverted_so_that_an_absent_object_and_a_dead_s3_leave_users_where_they_are() -> None:
    made = switch()
    check = made.all("aws:route53/healthCheck:HealthCheck")[0]
    assert (check["type"], check["fqdn"], check["port"], check["resourcePath"]) == (
        "HTTPS",
        "site-switch.s3.eu-central-1.amazonaws.com",
        443,
        "/standby-serves",
    )
    assert (check["invertHealthcheck"], check["requestInterval"], check["failureThreshold"]) == (True, 10, 1)
    assert made.outputs["health_check_id"] == check.id
    assert (made.outputs["bucket_name"], made.outputs["object_key"]) == ("site-switch", "standby-serves")


def test_a_plain_check_of_an_object_that_is_always_there_shows_whether_the_switch_can_be_read() -> None:
    made = switch()
    canary = made.one("aws:s3/bucketObject:BucketObject")
    assert canary["acl"] == "bucket-owner-full-control"
    [check] = [c for c in made.all("aws:route53/healthCheck:HealthCheck") if c.name == "site-switch-canary"]
    assert (check["resourcePath"], check["fqdn"]) == (f"/{canary['key']}", "site-switch.s3.eu-central-1.amazonaws.com")
    assert "invertHealthcheck" not in check.inputs
    assert made.outputs["canary_health_check_id"] == check.id


def test_only_the_functions_and_the_given_roles_move_the_switch() -> None:
    operators = "arn:aws:iam::123456789012:role/operators"
    deny = statements(switch(movers=[operators]))["OnlyMoversMove"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert deny["Action"] == ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"]
    assert deny["Resource"] == "arn:aws:s3:::site-switch/standby-serves"
    assert deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [
        "arn:aws:iam::123456789012:role/site-failover-role-*",
        "arn:aws:iam::123456789012:role/*/site-failover-role-*",
        "arn:aws:iam::123456789012:role/site-plan-switch-role-*",
        "arn:aws:iam::123456789012:role/*/site-plan-switch-role-*",
        operators,
    ]


def test_a_mover_that_is_no_role_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='movers has "operators"; write an IAM role\'s ARN'):
        switch(movers=["operators"])


def test_everything_of_it_is_in_the_standbys_region() -> None:
    made = switch()
    regional = [child for child in made.children if not child.type.startswith(GLOBAL_SERVICES)]
    assert {child["region"] for child in regional} == {"eu-central-1"}
    assert {call.args["region"] for call in made.calls if "region" in call.args} == {"eu-central-1"}


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ConfigurationError) as refused:
        switch(regoin="x")
    assert str(refused.value) == 'FailoverSwitch "site": regoin is unknown; the nearest known one is region'


def test_every_output_is_registered() -> None:
    [registered] = switch().registered.values()
    assert set(registered) == set(FailoverSwitch.__annotations__)
