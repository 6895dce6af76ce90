"""The edges of the rules about the fleet: AWS's defaults, thresholds at their bound, what is judged and what isn't."""

from dataclasses import replace
from typing import Any

import pytest
from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, judged, resource, rule
from tests.policies.pairs.fleet import GROUP, INSTANCE, TEMPLATE, mixed, placed, refreshed, subnet

CONFIGURATION = "ec2/launchConfiguration:LaunchConfiguration"


def passes(name: str, *resources: Resource, **config: Any) -> bool:
    verdict = judged(name, *resources, **config)
    return (verdict.messages, verdict.unknown) == ((), None)


def test_the_zones_of_subnets_whose_list_is_not_known_yet_are_those_of_its_links() -> None:
    links = {"vpcZoneIdentifiers": [subnet("euw1-az1"), subnet("euw1-az2")]}

    assert passes("group-spans-zones", resource(GROUP, vpcZoneIdentifiers=UNKNOWN, links=links))


def test_subnets_are_found_by_way_of_their_route_table_associations() -> None:
    ways = [
        resource("ec2/routeTableAssociation:RouteTableAssociation", f"way-{zone}", links={"subnetId": [subnet(zone)]})
        for zone in ("euw1-az1", "euw1-az1")
    ]

    assert judged("group-spans-zones", resource(GROUP, links={"vpcZoneIdentifiers": ways})).messages


def test_one_subnet_is_one_zone_even_where_nobody_knows_which() -> None:
    assert judged("group-spans-zones", resource(GROUP, vpcZoneIdentifiers=["subnet-1"])).messages


def test_nothing_is_said_of_two_subnets_outside_the_stack() -> None:
    assert passes("group-spans-zones", resource(GROUP, vpcZoneIdentifiers=["subnet-1", "subnet-2"]))


def test_zones_that_the_group_names_itself_count() -> None:
    assert judged("group-spans-zones", resource(GROUP, availabilityZones=["eu-west-1a"])).messages
    assert passes("group-spans-zones", resource(GROUP, availabilityZones=["eu-west-1a", "eu-west-1b"]))


def test_subnets_whose_zones_aws_has_yet_to_choose_cannot_be_told() -> None:
    subnets = [resource("ec2/subnet:Subnet", each, availabilityZone=UNKNOWN) for each in ("one", "two")]
    group = resource(GROUP, vpcZoneIdentifiers=[UNKNOWN, UNKNOWN], links={"vpcZoneIdentifiers": subnets})

    assert judged("group-spans-zones", group).unknown == "availabilityZone"


def test_a_team_may_ask_for_three_zones() -> None:
    assert judged("group-spans-zones", placed("euw1-az1", "euw1-az2"), zones=3.0).messages == (
        "vpcZoneIdentifiers or availabilityZones are in 2 zone(s); at least 3 are needed",
    )


def test_a_group_that_is_idle_by_plan_needs_no_server() -> None:
    idle = resource(GROUP, minSize=0.0, desiredCapacity=0.0, maxSize=4.0)

    for name in ("group-survives-a-zone", "group-scales", "group-launches-before-it-terminates", "group-rolls-out"):
        assert passes(name, idle), name


def test_a_group_that_the_provider_refreshes_rolls_out() -> None:
    assert passes("group-rolls-out", resource(GROUP, instanceRefresh={"strategy": "Rolling"}))


def test_a_minimum_of_none_without_a_plan_is_found() -> None:
    assert judged("group-survives-a-zone", resource(GROUP, minSize=0.0)).messages
    assert judged("group-survives-a-zone", resource(GROUP, minSize=0.0, desiredCapacity=2.0)).messages


def test_a_minimum_that_is_not_known_yet_cannot_be_told() -> None:
    assert judged("group-survives-a-zone", resource(GROUP, minSize=UNKNOWN)).unknown == "minSize"


def test_a_policy_may_name_its_group_plainly() -> None:
    group = replace(resource(GROUP), props={"name": "web", "minSize": 2.0, "maxSize": 4.0})

    assert passes("group-scales", group, resource("autoscaling/policy:Policy", autoscalingGroupName="web"))


def test_a_group_whose_size_is_fixed_lacks_headroom_not_a_policy() -> None:
    fixed = resource(GROUP, minSize=2.0, maxSize=2.0)

    assert passes("group-scales", fixed)
    assert judged("group-has-headroom", fixed).messages


def test_a_group_without_a_balancer_may_check_by_ec2() -> None:
    assert passes("group-heals-by-balancer", resource(GROUP))
    assert passes("group-heals-by-balancer", resource(GROUP, targetGroupArns=[]))


@pytest.mark.parametrize("behind", ["targetGroupArns", "loadBalancers", "trafficSources"])
def test_any_kind_of_balancer_asks_for_its_own_checks(behind: str) -> None:
    known: dict[str, Any] = {behind: UNKNOWN}

    assert judged("group-heals-by-balancer", resource(GROUP, **known)).messages
    assert passes("group-heals-by-balancer", resource(GROUP, **known, healthCheckType="EBS,ELB"))


def test_no_grace_is_wrong_only_where_the_balancer_decides() -> None:
    assert judged("group-grace-period", resource(GROUP, healthCheckGracePeriod=0.0, healthCheckType="ELB")).messages
    assert passes("group-grace-period", resource(GROUP, healthCheckGracePeriod=0.0))
    assert passes("group-grace-period", resource(GROUP, healthCheckGracePeriod=600.0))


def test_a_version_that_is_not_named_is_the_default_one() -> None:
    assert judged("group-pins-its-version", resource(GROUP, launchTemplate={"id": UNKNOWN})).messages == (
        "launchTemplate.version is not set, which means $Default; name a number",
    )


def test_the_versions_of_a_mixed_group_are_looked_at_too() -> None:
    template = {
        "launchTemplateSpecification": {"version": "$Default"},
        "overrides": [{"launchTemplateSpecification": {"version": "$Latest"}}, {"instanceType": "m7g.large"}],
    }

    messages = judged(
        "group-pins-its-version", resource(GROUP, mixedInstancesPolicy={"launchTemplate": template})
    ).messages

    assert len(messages) == 2


def test_without_a_maintenance_policy_aws_terminates_first() -> None:
    assert judged("group-launches-before-it-terminates", resource(GROUP)).messages


def test_a_team_may_let_a_tenth_of_the_capacity_go_in_a_refresh() -> None:
    assert passes("refresh-keeps-capacity", refreshed(), percent=90.0)


def test_a_group_without_a_refresh_has_none_to_judge() -> None:
    assert passes("refresh-keeps-capacity", resource(GROUP))
    assert passes("refresh-rolls-back", resource(GROUP))


def test_groups_without_spot_instances_are_not_judged_as_such() -> None:
    for name in ("spot-group-rebalances", "spot-group-keeps-a-base", "spot-group-has-instance-types"):
        assert passes(name, resource(GROUP)), name
        assert passes(name, mixed(("m7g.large",))), name


def test_requirements_stand_for_many_instance_types() -> None:
    template = {"overrides": [{"instanceRequirements": {"vcpuCount": {"min": 2.0}}}]}
    policy = {"launchTemplate": template, "instancesDistribution": {"onDemandPercentageAboveBaseCapacity": 50.0}}

    assert passes("spot-group-has-instance-types", resource(GROUP, mixedInstancesPolicy=policy))


@pytest.mark.parametrize("kind", [TEMPLATE, CONFIGURATION, INSTANCE])
def test_metadata_without_a_token_is_the_default_everywhere(kind: str) -> None:
    assert judged("server-requires-metadata-tokens", resource(kind)).messages
    assert passes("server-requires-metadata-tokens", resource(kind, metadataOptions={"httpEndpoint": "disabled"}))


def test_an_instance_leaves_to_its_template_what_it_does_not_say() -> None:
    instance = resource(INSTANCE, launchTemplate={"id": UNKNOWN})

    for name in ("server-requires-metadata-tokens", "server-disk-encrypted", "server-watched-each-minute"):
        assert passes(name, instance), name
    said = resource(INSTANCE, launchTemplate={"id": UNKNOWN}, metadataOptions={"httpTokens": "optional"})
    assert judged("server-requires-metadata-tokens", said).messages


def test_the_remedy_asks_for_tokens_and_changes_nothing_else() -> None:
    remedy = rule("server-requires-metadata-tokens").remedy
    assert remedy
    template = resource(TEMPLATE, imageId=UNKNOWN, tagSpecifications=[{"tags": {"a": UNKNOWN}}])

    assert remedy(template, {}) == {
        "imageId": UNKNOWN,
        "tagSpecifications": [{"tags": {"a": UNKNOWN}}],
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required"},
    }
    assert remedy(resource(TEMPLATE, metadataOptions={"httpTokens": "required"}), {}) is None


def test_the_remedy_keeps_the_other_options_of_metadata() -> None:
    remedy = rule("server-requires-metadata-tokens").remedy
    assert remedy
    mended = remedy(resource(TEMPLATE, metadataOptions={"httpPutResponseHopLimit": 1.0}), {})

    assert mended == {
        "metadataOptions": {"httpEndpoint": "enabled", "httpPutResponseHopLimit": 1.0, "httpTokens": "required"}
    }


@pytest.mark.parametrize("kind", [CONFIGURATION, INSTANCE])
def test_a_public_address_of_an_instance_is_found(kind: str) -> None:
    assert judged("server-has-no-public-address", resource(kind, associatePublicIpAddress=True)).messages
    assert passes("server-has-no-public-address", resource(kind))


@pytest.mark.parametrize("kind", [CONFIGURATION, INSTANCE])
def test_an_instance_has_a_root_disk_whether_it_says_so_or_not(kind: str) -> None:
    assert judged("server-disk-encrypted", resource(kind)).messages == ("rootBlockDevice.encrypted is off",)
    assert passes("server-disk-encrypted", resource(kind, rootBlockDevice={"encrypted": True}))


def test_a_template_without_disks_says_nothing_of_the_root_disk() -> None:
    assert judged("server-disk-encrypted", resource(TEMPLATE)).messages
    assert passes("server-disk-encrypted", resource(TEMPLATE), accountDefault=True)


def test_a_disk_from_a_snapshot_is_as_the_snapshot_is() -> None:
    disks = [{"ebs": {"snapshotId": UNKNOWN}}]

    assert passes("server-disk-encrypted", resource(TEMPLATE, blockDeviceMappings=disks))


def test_launch_configurations_report_each_minute_by_default() -> None:
    assert passes("server-watched-each-minute", resource(CONFIGURATION))
    assert judged("server-watched-each-minute", resource(CONFIGURATION, enableMonitoring=False)).messages
    assert judged("server-watched-each-minute", resource(INSTANCE)).messages


def test_an_image_that_is_not_known_yet_has_an_id() -> None:
    assert passes("template-pins-its-image", resource(TEMPLATE, imageId=UNKNOWN))
    assert passes("template-pins-its-image", resource(TEMPLATE))


def test_the_instances_of_a_classic_balancer_are_found() -> None:
    classic = resource("elb/loadBalancer:LoadBalancer", instances=[UNKNOWN], links={"instances": [resource(INSTANCE)]})

    assert judged("target-is-replaced", classic).messages


def test_a_number_may_be_a_string() -> None:
    assert passes("group-survives-a-zone", resource(GROUP, minSize="2"))
    assert judged("group-survives-a-zone", resource(GROUP, minSize="1")).messages == (
        "minSize is 1; losing a zone takes at least 2",
    )
