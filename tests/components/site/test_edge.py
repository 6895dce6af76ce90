"""Who sends users to which region: what the program makes of it, as the function that fails over is told."""

import json

import pytest
from ha_web.failover.runtime import config as failover_config

from tests.components.made import make
from tests.components.site.test_arguments import ANSWERS, CLOUDFLARE, REGIONS, build, site_with

AUTHORITY = "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----\n"
OUTPUTS = {"aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {"globalReplicationGroupId": "ldgnf-site"}}


@pytest.mark.parametrize("strategy", ["pilot-light", "warm-standby"])
def test_behind_cloudflare_a_function_promotes_when_an_operator_invokes_it(strategy: str) -> None:
    site = site_with(edge="cloudflare", cloudflare=CLOUDFLARE, strategy=strategy, database={}, storage={})
    made = make(lambda: build(site), answers=ANSWERS, outputs=OUTPUTS)
    [function] = [f for f in made.all("aws:lambda/function:Function") if f.name == "site-failover"]
    config = failover_config.load(function["environment"]["variables"])
    assert config.switch is None
    assert None not in (config.capacity, config.sessions, config.database, config.storage)
    assert not made.all("aws:cloudwatch/eventRule:EventRule")


def test_behind_cloudflare_there_is_no_function_where_nothing_is_to_be_done() -> None:
    site = site_with(edge="cloudflare", cloudflare=CLOUDFLARE, strategy="active-active", sessions={"durable": True})
    made = make(lambda: build(site), answers=ANSWERS, outputs=OUTPUTS)
    assert not made.all("ha-web:index:FailoverAutomation")


def test_a_failover_gives_the_standby_what_the_primary_ran() -> None:
    made = make(lambda: build(site_with()), answers=ANSWERS, outputs=OUTPUTS)
    [function] = [f for f in made.all("aws:lambda/function:Function") if f.name == "site-failover"]
    capacity = failover_config.load(function["environment"]["variables"]).capacity
    assert capacity is not None
    assert capacity["primary_region"] == REGIONS[0]
    groups = {group["region"]: group for group in made.all("aws:autoscaling/group:Group")}
    assert capacity["primary_group"] == groups[REGIONS[0]].state["name"]


def test_the_switch_is_moved_by_the_roles_of_the_settings_alone() -> None:
    operators = "arn:aws:iam::123456789012:role/operators"
    made = make(lambda: build(site_with(failoverRoles=[operators])), answers=ANSWERS, outputs=OUTPUTS)
    policy = json.loads(made.named("site-switch-policy")["policy"])
    [deny] = [statement for statement in policy["Statement"] if statement["Sid"] == "OnlyMoversMove"]
    assert operators in deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"]


def test_behind_cloudflare_the_load_balancers_accept_the_sites_own_client_certificate_alone() -> None:
    own = {"authority": AUTHORITY, "certificate": "own certificate", "privateKey": "own key"}
    site = site_with(edge="cloudflare", cloudflare={**CLOUDFLARE, "originCertificate": own})
    made = make(lambda: build(site), answers=ANSWERS, outputs=OUTPUTS)
    bundles = made.all("aws:s3/bucketObject:BucketObject")
    assert [bundle["content"] for bundle in bundles] == [AUTHORITY, AUTHORITY]
    [presented] = [
        r
        for r in made.resources
        if r.type.endswith("authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate")
    ]
    assert presented["certificate"] == "own certificate"


def test_the_standbys_load_balancer_alone_can_be_scaled_before_users_come() -> None:
    site = site_with(standby={"region": REGIONS[1], "cidr": "10.1.0.0/16", "balancerCapacity": 200})
    made = make(lambda: build(site), answers=ANSWERS, outputs=OUTPUTS)
    found = {lb["region"]: lb.get("minimumLoadBalancerCapacity") for lb in made.all("aws:lb/loadBalancer:LoadBalancer")}
    assert found == {REGIONS[0]: None, REGIONS[1]: {"capacityUnits": 200}}
