"""The rules across resources with lists and patterns, replicas, and resources outside the stack."""

from typing import Any

import pytest

from tests.policies.judged import UNKNOWN, judged, resource
from tests.policies.pairs.whole_stack import (
    BALANCER,
    GROUP,
    HERE,
    LISTENER,
    RECORD,
    SECRET,
    SELECTION,
    TABLE,
    TAGGED,
    THERE,
    behind,
    listening,
    pair,
    record,
    secure,
)

STATE = "stateful-resource-backed-up"
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/"


def selecting(*resources: str, links: Any = None, **props: Any) -> Any:
    """A selection that lists resources."""
    return resource(SELECTION, "selection", links=links, resources=[*resources], **props)


@pytest.mark.parametrize("pattern", ["*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:eu-west-1:*:*"])
def test_a_pattern_takes_a_table_that_has_no_name_yet(pattern: str) -> None:
    assert judged(STATE, resource(TABLE, arn=UNKNOWN), selecting(pattern)).messages == ()


@pytest.mark.parametrize("pattern", ["arn:aws:rds:*:*:cluster:*", "arn:aws:dynamodb:eu-central-1:*:table/*"])
def test_a_pattern_of_something_else_takes_no_table(pattern: str) -> None:
    assert judged(STATE, resource(TABLE, arn=UNKNOWN), selecting(pattern)).messages


def test_a_pattern_of_names_cannot_be_told_before_there_is_a_name() -> None:
    named = selecting("arn:aws:dynamodb:*:*:table/web-*")

    assert judged(STATE, resource(TABLE, arn=UNKNOWN), named).unknown == "arn"
    assert judged(STATE, resource(TABLE, arn=f"{ARN}web-1"), selecting(f"{ARN}web-*")).messages == ()
    assert judged(STATE, resource(TABLE, arn=f"{ARN}logs"), selecting(f"{ARN}web-*")).messages


def test_a_list_of_arns_takes_what_it_refers_to_and_nothing_else() -> None:
    table, other = resource(TABLE, arn=UNKNOWN), resource(TABLE, "other", arn=UNKNOWN)
    listed = selecting(UNKNOWN, links={"resources": [table]})

    assert judged(STATE, table, listed).messages == ()
    assert judged(STATE, other, listed).messages


def test_a_list_that_nobody_knows_yet_cannot_be_told() -> None:
    assert judged(STATE, resource(TABLE, arn=UNKNOWN), selecting(UNKNOWN)).unknown == "resources.0"


def test_a_sure_selection_is_asked_before_one_that_cannot_be_told() -> None:
    table = resource(TABLE, arn=UNKNOWN)
    sure = selecting(UNKNOWN, links={"resources": [table]})

    assert judged(STATE, table, selecting(UNKNOWN), sure).unknown is None


def test_what_is_left_out_of_a_selection_is_not_taken() -> None:
    table = resource(TABLE, arn=UNKNOWN)
    without = selecting("*", links={"notResources": [table]}, notResources=[UNKNOWN])

    assert judged(STATE, table, without).messages


@pytest.mark.parametrize(("tier", "found"), [("gold", 0), ("bronze", 1)])
def test_conditions_must_hold_all_of_them(tier: str, found: int) -> None:
    conditions = [
        {
            "stringEquals": [{"key": "aws:ResourceTag/tier", "value": "gold"}],
            "stringNotLikes": [{"key": "aws:ResourceTag/use", "value": "test*"}],
        }
    ]
    table = resource(TABLE, tags={"tier": tier}, arn=UNKNOWN)

    assert len(judged(STATE, table, selecting("*", conditions=conditions)).messages) == found


def test_a_provider_s_tags_count() -> None:
    provider = {"region": HERE, "defaultTags": '{"tags": {"backup": "true"}}'}

    assert judged(STATE, resource(TABLE, provider=provider, arn=UNKNOWN), TAGGED).messages == ()


def test_a_selection_of_another_region_takes_nothing_here() -> None:
    elsewhere = selecting("*", region=THERE)

    assert judged(STATE, resource(TABLE, arn=UNKNOWN), elsewhere).messages


@pytest.mark.parametrize(
    ("type_", "props"),
    [
        ("rds/instance:Instance", {"replicateSourceDb": UNKNOWN}),
        ("rds/cluster:Cluster", {"globalClusterIdentifier": UNKNOWN}),
        ("s3/bucket:Bucket", {"tags": {"example:backup": "no: logs"}}),
    ],
)
def test_what_only_repeats_or_says_why_not_needs_no_backup(type_: str, props: dict[str, Any]) -> None:
    assert judged(STATE, resource(type_, **props)).messages == ()


def test_a_team_may_leave_types_out() -> None:
    bucket = resource("s3/bucket:Bucket")

    assert judged(STATE, bucket).messages
    assert judged(STATE, bucket, without=["aws:s3/bucket:Bucket"]).messages == ()


def test_a_target_group_checks_by_http_where_nothing_is_said() -> None:
    assert judged("group-behind-balancer-is-checked", *behind("abc")).messages == ()
    assert judged("group-behind-balancer-is-checked", *behind("abc", protocol="TCP")).messages


def test_an_attached_group_is_behind_a_balancer_too() -> None:
    _, target_group, *_ = behind("abc", enabled=False)
    group = resource(GROUP)
    attachment = resource(
        "autoscaling/attachment:Attachment",
        "attachment",
        links={"autoscalingGroupName": [group], "lbTargetGroupArn": [target_group]},
    )

    assert judged("group-behind-balancer-is-checked", group, target_group, attachment).messages
    assert judged("group-behind-balancer-is-checked", group, target_group).messages == ()


def test_a_balancer_may_stand_in_more_zones_than_its_fleet() -> None:
    assert judged("group-in-zones-of-its-balancer", *behind("ab")).messages == ()


def test_subnets_outside_the_stack_are_not_judged() -> None:
    group, *rest = behind("abc", balanced="ab")
    partly = resource(GROUP, links={**group.links, "vpcZoneIdentifiers": []}, vpcZoneIdentifiers=["subnet-1"])

    assert judged("group-in-zones-of-its-balancer", partly, *rest).messages == ()


def test_records_that_lead_to_host_names_tell_their_regions() -> None:
    def named(role: str, region: str) -> Any:
        return resource(
            RECORD,
            role.lower(),
            zoneId="Z1",
            name="www.example.com",
            type="CNAME",
            records=[f"web-1.{region}.elb.amazonaws.com"],
            failoverRoutingPolicies=[{"type": role}],
        )

    rule = "failover-leads-to-another-region"
    assert judged(rule, named("PRIMARY", HERE), named("SECONDARY", HERE)).messages
    assert judged(rule, named("PRIMARY", HERE), named("SECONDARY", THERE)).messages == ()


def test_records_of_another_name_are_no_pair() -> None:
    balancer = resource(BALANCER, "balancer")
    other = record("SECONDARY", balancer, name="api.example.com")

    assert judged("failover-leads-to-another-region", record("PRIMARY", balancer), other, balancer).messages == ()


def test_a_record_without_a_policy_is_no_pair() -> None:
    assert judged("failover-leads-to-another-region", resource(RECORD, type="A")).messages == ()


def test_a_secondary_without_tls_has_no_certificate_for_the_name() -> None:
    plain = resource(BALANCER, "plain", region=THERE)
    first = secure(HERE, "www.example.com")
    stack = [record("PRIMARY", first[0]), record("SECONDARY", plain), *first, plain]

    assert judged("failover-certificates-same-names", *stack).messages


def test_a_certificate_outside_the_stack_cannot_be_compared() -> None:
    first = secure(HERE, "www.example.com")
    balancer = resource(BALANCER, "other", region=THERE)
    listener = resource(
        LISTENER,
        "listener",
        links={"loadBalancerArn": [balancer]},
        protocol="HTTPS",
        certificateArn="arn:aws:acm:eu-central-1:123456789012:certificate/1",
    )
    stack = [record("PRIMARY", first[0]), record("SECONDARY", balancer), *first, balancer, listener]

    assert judged("failover-certificates-same-names", *stack).messages == ()


def test_alternative_names_count() -> None:
    stack = pair(THERE, "example.com")
    assert judged("failover-certificates-same-names", *stack).messages
    stack[-1].props["__target"]["subjectAlternativeNames"] = ["www.example.com"]
    assert judged("failover-certificates-same-names", *stack).messages == ()


def test_an_arn_tells_the_region_of_a_certificate() -> None:
    def with_arn(region: str) -> Any:
        return resource(LISTENER, certificateArn=f"arn:aws:acm:{region}:123456789012:certificate/1")

    assert judged("listener-certificate-in-its-region", with_arn(THERE)).messages
    assert judged("listener-certificate-in-its-region", with_arn(HERE)).messages == ()
    assert judged("listener-certificate-in-its-region", resource(LISTENER, protocol="HTTP")).messages == ()


def test_an_arn_that_may_be_of_either_region_is_told_when_it_is_known() -> None:
    links = {"certificateArn": [*listening()[0].links["certificateArn"], *listening(THERE)[0].links["certificateArn"]]}
    arn = f"arn:aws:acm:{THERE}:123456789012:certificate/1"
    unknown = resource(LISTENER, links=links, certificateArn=UNKNOWN)
    known = resource(LISTENER, links=links, certificateArn=arn)

    assert judged("listener-certificate-in-its-region", unknown).messages == ()
    assert judged("listener-certificate-in-its-region", known).messages


def test_a_certificate_that_something_validates_is_enough() -> None:
    assert judged("listener-certificate-validated", *listening(waits=False)).messages == ()


def test_an_imported_certificate_needs_no_validation() -> None:
    imported = resource("acm/certificate:Certificate", "imported", certificateBody="PEM")
    listener = resource(LISTENER, links={"certificateArn": [imported]}, certificateArn=UNKNOWN)

    assert judged("listener-certificate-validated", listener, imported).messages == ()


def test_a_secret_of_a_stack_in_one_region_needs_no_replica() -> None:
    assert judged("secret-known-in-standby-region", resource(SECRET), *pair(HERE)).messages == ()


def test_a_secret_of_the_standby_region_needs_no_replica() -> None:
    assert judged("secret-known-in-standby-region", resource(SECRET, region=THERE), *pair(THERE)).messages == ()
