"""Fleet: its resources and refusals."""

import base64
import json
from typing import Any, cast

import pulumi
import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.fleet.fleet import Fleet, FleetArgs
from ha_web.fleet.image import architecture_of
from ha_web.fleet.user_data import LIMIT_BYTES, build_user_data

from tests.components.made import Made, Resource, make
from tests.components.regional import assert_region_reaches_everything

GROUP = "aws:autoscaling/group:Group"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
PARAMETER = "aws:ssm/parameter:Parameter"
POLICY = "aws:autoscaling/policy:Policy"
ASKED = "aws:ssm/getParameter:getParameter"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sessions-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def arguments(**args: Any) -> FleetArgs:
    base = {
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
        "zones": 3,
        "instance_type": "t4g.small",
        "start_script": "#!/bin/bash\necho hello\n",
        "load_balancer_security_group_id": "sg-balancer",
        "target_group_arns": ["arn:tg"],
        "region": "eu-west-1",
    }
    return cast(FleetArgs, {**base, **args})


def fleet(answers: Any = None, **args: Any) -> Made[Fleet]:
    return make(lambda: Fleet("web", arguments(**args)), answers=answers)


def pins(made: Made[Fleet]) -> list[Resource]:
    """The parameters that pin an image: others are the release's, and the memory of images."""
    return [each for each in made.all(PARAMETER) if "-image-" in each.name]


def user_data(made: Made[Fleet]) -> str:
    return base64.b64decode(made.one(TEMPLATE)["userData"]).decode()


def test_the_group_launches_a_numbered_version_so_that_a_new_one_rolls_out() -> None:
    made = make(lambda: Fleet("web", arguments()), outputs={TEMPLATE: {"latestVersion": 7}})
    assert made.one(GROUP)["launchTemplate"] == {"id": "web-template-id", "version": "7"}
    assert made.outputs["launch_template_version"] == 7


def test_what_a_scaling_policy_decided_is_not_reset_by_the_next_up() -> None:
    assert "desiredCapacity" not in fleet().one(GROUP)


def test_an_idle_fleet_has_no_server_and_room_for_all() -> None:
    group = fleet(idle=True).one(GROUP)
    assert (group["minSize"], group["desiredCapacity"], group["maxSize"]) == (0, 0, 12)
    assert "minElbCapacity" not in group


def test_servers_stand_in_every_zone_and_heal_by_the_balancers_checks() -> None:
    group = fleet().one(GROUP)
    assert group["vpcZoneIdentifiers"] == ["subnet-a", "subnet-b", "subnet-c"]
    assert (group["minSize"], group["maxSize"]) == (3, 12)
    assert group["healthCheckType"] == "ELB"
    assert group["healthCheckGracePeriod"] == group["defaultInstanceWarmup"] == 180
    assert group["targetGroupArns"] == ["arn:tg"]
    assert group["availabilityZoneDistribution"] == {"capacityDistributionStrategy": "balanced-best-effort"}


def test_the_provider_waits_for_no_number_of_servers_since_scaling_changes_it() -> None:
    group = fleet().one(GROUP)
    assert group["waitForCapacityTimeout"] == "0"
    assert "minElbCapacity" not in group


def test_a_new_version_reaches_the_group_by_a_release_only_so_that_it_never_has_one_that_failed() -> None:
    made = make(lambda: Fleet("web", arguments(release={"version": 3})), outputs={TEMPLATE: {"latestVersion": 7}})
    group, release = made.one(GROUP), made.named("release-web")
    assert set(group.options["ignore_changes"]) == {"launchTemplate", "mixedInstancesPolicy"}
    assert "instanceRefresh" not in group
    assert json.loads(release["insecureValue"])["version"] == 3
    assert release.options["before_update"] == ["web-release"]


def test_a_fleet_whose_release_is_apart_has_none_of_its_own() -> None:
    assert fleet(release_apart=True).all("ha-web:index:Release") == []


def test_where_a_type_is_not_to_be_had_the_next_is_launched() -> None:
    made = fleet(further_instance_types=["t4g.medium", "m7g.medium"])
    group, release = made.one(GROUP), made.named("release-web")
    types = ["t4g.small", "t4g.medium", "m7g.medium"]
    policy = group["mixedInstancesPolicy"]
    assert "launchTemplate" not in group
    assert [each["instanceType"] for each in policy["launchTemplate"]["overrides"]] == types
    assert policy["launchTemplate"]["launchTemplateSpecification"] == {
        "launchTemplateId": "web-template-id",
        "version": "1",
    }
    assert policy["instancesDistribution"] == {
        "onDemandAllocationStrategy": "prioritized",
        "onDemandPercentageAboveBaseCapacity": 100,
    }
    assert json.loads(release["insecureValue"])["instanceTypes"] == types


def test_user_data_that_grows_too_long_with_values_known_later_is_refused_before_anything_is_made() -> None:
    environment = {"SESSION_SECRET_ARN": unknown(), "SESSION_HOST": unknown(), "FILE_SYSTEM": unknown()}
    frame = len(build_user_data(dict.fromkeys(environment, ""), "#!\n"))
    room = LIMIT_BYTES - frame - 1 - 120 - 80 - 24
    longest = "#!\n" + "#" * room
    make(lambda: Fleet("web", arguments(start_script=longest, environment=environment)))
    with pytest.raises(ConfigurationError, match="user data is about 16385 bytes; EC2 takes 16384"):
        make(lambda: Fleet("web", arguments(start_script=longest + "#", environment=environment)))


def unknown() -> pulumi.Output[str]:
    return pulumi.Output.from_input("later")


@pytest.mark.parametrize("name", ["aws-shop", "SSM"])
def test_a_name_that_no_parameter_can_begin_with_is_refused_where_one_pins_the_image(name: str) -> None:
    with pytest.raises(ConfigurationError, match="which the name of an SSM parameter may not"):
        make(lambda: Fleet(name, arguments()))
    make(lambda: Fleet(name, arguments(image="ami-0fedcba9876543210")))


def test_a_server_is_launched_before_one_is_terminated() -> None:
    group = fleet().one(GROUP)
    assert group["instanceMaintenancePolicy"] == {"minHealthyPercentage": 100, "maxHealthyPercentage": 110}


def test_the_groups_metrics_and_tags_reach_what_it_launches() -> None:
    made = fleet(tags={"team": "shop"})
    group, template = made.one(GROUP), made.one(TEMPLATE)
    assert len(group["enabledMetrics"]) == 8
    assert {"key": "team", "value": "shop", "propagateAtLaunch": True} in group["tags"]
    assert {spec["resourceType"] for spec in template["tagSpecifications"]} == {
        "instance",
        "volume",
        "network-interface",
    }
    assert all(spec["tags"] == {"team": "shop", "Name": "web"} for spec in template["tagSpecifications"])


def test_metadata_is_by_token_only_and_one_hop_away() -> None:
    assert fleet().one(TEMPLATE)["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "httpProtocolIpv6": "disabled",
        "instanceMetadataTags": "disabled",
    }


def test_disks_are_encrypted_and_go_with_their_server() -> None:
    [disk] = fleet().one(TEMPLATE)["blockDeviceMappings"]
    assert disk["deviceName"] == "/dev/xvda"
    assert disk["ebs"] == {"volumeType": "gp3", "volumeSize": 20, "encrypted": "true", "deleteOnTermination": "true"}


def test_no_server_has_a_public_address_or_a_key_pair() -> None:
    template = fleet(security_group_ids=["sg-clients"]).one(TEMPLATE)
    [interface] = template["networkInterfaces"]
    assert interface["associatePublicIpAddress"] == "false"
    assert interface["securityGroups"] == ["web-servers-sg-id", "sg-clients"]
    assert "keyName" not in template
    assert "vpcSecurityGroupIds" not in template  # AWS refuses both


def test_only_the_balancer_reaches_the_servers_and_only_on_their_port() -> None:
    made = fleet(target_port=9000)
    into = made.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (into["securityGroupId"], into["referencedSecurityGroupId"]) == ("web-servers-sg-id", "sg-balancer")
    assert (into["ipProtocol"], into["fromPort"], into["toPort"]) == ("tcp", 9000, 9000)
    assert "cidrIpv4" not in into
    out = made.named("web-balancer-to-servers")
    assert (out["securityGroupId"], out["referencedSecurityGroupId"]) == ("sg-balancer", "web-servers-sg-id")
    assert (out["fromPort"], out["toPort"]) == (9000, 9000)


def test_servers_go_out_by_https_only() -> None:
    made = fleet()
    egress = made.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    [out] = [rule for rule in egress if rule["securityGroupId"] == "web-servers-sg-id"]
    assert (out["ipProtocol"], out["fromPort"], out["toPort"], out["cidrIpv4"]) == ("tcp", 443, 443, "0.0.0.0/0")


def test_behind_a_udp_balancer_both_udp_and_the_tcp_health_check_come_in() -> None:
    rules = fleet(target_protocol="udp").all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {rule["ipProtocol"] for rule in rules} == {"tcp", "udp"}


def test_servers_start_only_when_their_rules_and_rights_stand() -> None:
    made = fleet(secret_arns=[SECRET])
    needs = {urn.rsplit("::", 1)[1] for urn in made.one(GROUP).options["depends_on"]}
    assert {"web-https-out", "web-balancer-to-servers", "web-servers-from-balancer"} <= needs
    rights = {
        urn.rsplit("::", 1)[1] for urn in made.one("aws:iam/instanceProfile:InstanceProfile").options["depends_on"]
    }
    assert {"web-session-manager", "web-secrets"} <= rights


def test_a_server_has_sessions_instead_of_ssh_but_may_read_no_parameter() -> None:
    made = fleet()
    assert made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == []
    [sessions] = json.loads(made.named("web-session-manager")["policy"])["Statement"]
    assert {action.split(":")[0] for action in sessions["Action"]} == {"ssm", "ssmmessages"}
    assert [action for action in sessions["Action"] if action.startswith("ssm:")] == ["ssm:UpdateInstanceInformation"]


def test_a_server_may_read_its_secrets_and_nothing_else() -> None:
    made = fleet(secret_arns=[SECRET], key_arns=[KEY])
    read, decrypt = json.loads(made.named("web-secrets")["policy"])["Statement"]
    assert (read["Action"], read["Resource"]) == ("secretsmanager:GetSecretValue", [SECRET])
    assert (decrypt["Action"], decrypt["Resource"]) == ("kms:Decrypt", [KEY])
    assert decrypt["Condition"] == {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
    trust = json.loads(made.one("aws:iam/role:Role")["assumeRolePolicy"])["Statement"]
    assert [statement["Principal"] for statement in trust] == [{"Service": "ec2.amazonaws.com"}]


def test_without_secrets_there_is_no_right_to_read_any() -> None:
    assert [policy.name for policy in fleet().all("aws:iam/rolePolicy:RolePolicy")] == ["web-session-manager"]


def test_an_image_given_by_id_is_used_as_it_is() -> None:
    made = fleet(image="ami-0fedcba9876543210")
    assert made.one(TEMPLATE)["imageId"] == "ami-0fedcba9876543210" == made.outputs["image_id"]
    assert made.calls == []
    assert pins(made) == []
    assert made.outputs["image_releases"] == {}


def test_a_parameters_image_is_asked_for_once_and_pinned() -> None:
    made = fleet()
    [call] = [call for call in made.calls if call.token == ASKED]
    assert call.args["name"] == "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    [pin] = pins(made)
    assert pin["value"] == "ami-0123456789abcdef0"
    assert pin.options["ignore_changes"] == ["value"]
    assert made.one(TEMPLATE)["imageId"] == "ami-0123456789abcdef0"


def test_the_template_follows_the_pin_and_not_what_aws_published_since() -> None:
    newer = {ASKED: {"value": "ami-0aaaaaaaaaaaaaaaa", "type": "String"}}
    pinned = {PARAMETER: {"value": "ami-0123456789abcdef0"}}
    made = make(lambda: Fleet("web", arguments()), answers=newer, outputs=pinned)
    assert made.one(TEMPLATE)["imageId"] == "ami-0123456789abcdef0"


def test_an_images_id_is_no_secret_though_the_provider_hides_parameters() -> None:
    assert "imageId" not in fleet().one(TEMPLATE).secrets


@pytest.mark.parametrize("change", [{"image_release": "2"}, {"image": "/golden/web-arm64"}])
def test_another_release_or_path_is_another_pin(change: dict[str, str]) -> None:
    [before], [after] = pins(fleet()), pins(fleet(**change))
    assert before.name != after.name


def test_another_setting_leaves_the_pin_alone() -> None:
    [before], [after] = pins(fleet()), pins(fleet(maximum=20, environment={"A": "b"}))
    assert (before.name, before.inputs) == (after.name, after.inputs)


@pytest.mark.parametrize(
    ("instance_type", "architecture"),
    [
        ("t4g.small", "arm64"),
        ("m7gd.large", "arm64"),
        ("c7gn.xlarge", "arm64"),
        ("im4gn.large", "arm64"),
        ("g5g.xlarge", "arm64"),
        ("a1.medium", "arm64"),
        ("m7g-flex.large", "arm64"),
        ("t3.small", "x86_64"),
        ("g4dn.xlarge", "x86_64"),
        ("g5.xlarge", "x86_64"),
        ("m7i-flex.large", "x86_64"),
        ("u-6tb1.metal", "x86_64"),
    ],
)
def test_the_architecture_follows_from_the_instance_type(instance_type: str, architecture: str) -> None:
    assert architecture_of(instance_type) == architecture


def test_settings_and_the_start_script_reach_the_server() -> None:
    made = fleet(environment={"SESSION_HOST": pulumi.Output.from_input("cache.example"), "A": "b"})
    text = user_data(made)
    assert 'A="b"\nSESSION_HOST="cache.example"\n' in text
    assert "#!/bin/bash\necho hello\n" in text


def test_a_secret_setting_keeps_the_whole_user_data_secret() -> None:
    made = make(lambda: Fleet("web", arguments(environment={"TOKEN": pulumi.Output.secret("x")})))
    assert "userData" in made.one(TEMPLATE).secrets


def targets(made: Made[Fleet]) -> dict[str, Any]:
    found = {}
    for policy in made.all(POLICY):
        assert policy["policyType"] == "TargetTrackingScaling"
        tracking = policy["targetTrackingConfiguration"]
        metric = tracking["predefinedMetricSpecification"]
        found[metric["predefinedMetricType"]] = (tracking["targetValue"], metric.get("resourceLabel"))
    return found


def test_the_fleet_follows_cpu_and_with_a_label_requests() -> None:
    assert targets(fleet()) == {"ASGAverageCPUUtilization": (50, None)}
    both = targets(fleet(request_count_label="app/x/targetgroup/y", requests_per_target=600, cpu_target=40))
    assert both == {
        "ASGAverageCPUUtilization": (40, None),
        "ALBRequestCountPerTarget": (600, "app/x/targetgroup/y"),
    }


def test_region_reaches_every_child_and_call() -> None:
    assert_region_reaches_everything(
        lambda region: Fleet("web", arguments(region=region, secret_arns=[SECRET], request_count_label="l"))
    )


def test_every_child_is_the_fleets_own() -> None:
    made = fleet(secret_arns=[SECRET], request_count_label="l")
    [release] = made.all("ha-web:index:Release")
    assert release.parent == made.outputs["urn"]
    assert {child.parent for child in made.children if child.name != "release-web"} == {made.outputs["urn"]}


def test_outputs_are_registered() -> None:
    made = fleet()
    registered = made.registered[made.outputs["urn"]]
    found = {key: made.outputs[key] for key in Fleet.__annotations__}
    assert registered == {key: value for key, value in found.items() if value is not None}
    assert registered["group_name"] == "web-group"


def test_it_previews_before_anything_exists() -> None:
    made = make(lambda: Fleet("web", arguments(environment={"HOST": pulumi.Output.from_input("x")})), preview=True)
    assert made.outputs["group_name"] is None
    assert made.one(GROUP)["minSize"] == 3


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"minimum": 1}, 'Fleet "web": minimum is 1; surviving a zone needs at least 2'),
        ({"minimum": 5, "maximum": 4}, "minimum is 5; it is above maximum, which is 4"),
        ({"zones": 1}, "zones is 1; surviving a zone needs at least 2"),
        ({"zones": 4}, "subnet_ids has 3; 4 zones need as many at least"),
        ({"image": "debian"}, 'image is "debian"; it must be an id like'),
        ({"image": "/x/al2023-x86_64"}, 'for x86_64; instance_type "t4g.small" needs arm64'),
        ({"instance_type": "small"}, 'instance_type is "small"; types look like'),
        ({"image_release": "a b"}, 'image_release is "a b"; it must be up to 40 letters'),
        ({"requests_per_target": 100}, "requests_per_target is given; it needs request_count_label"),
        ({"request_count_label": "l", "requests_per_target": 0}, "requests_per_target is 0; it must be at least 1"),
        ({"cpu_target": 101}, "cpu_target is 101; it must be 1 to 100 percent"),
        ({"disk_size": 4}, "disk_size is 4; it must be 8 to 16384 GiB"),
        ({"boot_seconds": -1}, "boot_seconds is -1; it must be 0 to 7200"),
        ({"target_port": 70000}, "target_port is 70000; ports are 1 to 65535"),
        ({"target_group_arns": []}, "target_group_arns is empty; nothing would be sent to the servers"),
        ({"start_script": ""}, "start_script is empty; the servers would run no application"),
        ({"start_script": "#" * 20_000}, "EC2 takes 16384"),
        ({"environment": {"A-B": "x"}}, 'environment has "A-B"'),
        (
            {"further_instance_types": ["t3.small"]},
            'has "t3.small", for x86_64; instance_type "t4g.small" is for arm64',
        ),
        ({"further_instance_types": ["t4g.small"]}, 'has "t4g.small" twice, or it is instance_type; name each once'),
        ({"release": {"canary_percent": 10}}, "canary_percent is 10, and alarm_names is empty; nothing would judge"),
        ({"release": {}, "release_apart": True}, "release and release_apart are both given"),
        ({"enviroment": {}}, "enviroment is unknown; the nearest known one is environment"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        fleet(**args)
    assert line in str(error.value)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        fleet(minimum=1, disk_size=1, cpu_target=0)
    assert len(str(error.value).splitlines()) == 3


def test_a_script_that_is_too_long_is_refused_at_preview_though_settings_are_known_only_later() -> None:
    def build() -> Fleet:
        later = pulumi.Output.from_input("x")
        return Fleet("web", arguments(environment={"HOST": later}, start_script="#" * 20_000))

    with pytest.raises(ConfigurationError, match="EC2 takes 16384"):
        make(build, preview=True)


FILES = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-{}"


WAY_IN = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-{}"


ACCESS = {"file_system_arn": FILES.format(1), "access_point_arn": WAY_IN.format(1)}


def rights(**args: Any) -> list[dict[str, Any]]:
    policies = [p for p in fleet(**args).all("aws:iam/rolePolicy:RolePolicy") if p.name == "web-file-systems"]
    return [statement for policy in policies for statement in json.loads(policy["policy"])["Statement"]]


def test_servers_mount_and_write_over_tls_through_exactly_that_access_point() -> None:
    assert rights(file_systems=[ACCESS]) == [
        {
            "Effect": "Allow",
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": FILES.format(1),
            "Condition": {
                "Bool": {"aws:SecureTransport": "true"},
                "StringEquals": {"elasticfilesystem:AccessPointArn": WAY_IN.format(1)},
            },
        }
    ]


def test_each_file_system_has_a_right_of_its_own() -> None:
    other = {"file_system_arn": FILES.format(2), "access_point_arn": WAY_IN.format(2)}
    assert [right["Resource"] for right in rights(file_systems=[ACCESS, other])] == [FILES.format(1), FILES.format(2)]


def test_without_file_systems_there_is_no_right_to_mount() -> None:
    assert rights() == []


def test_a_server_starts_only_once_it_may_mount() -> None:
    profile = fleet(file_systems=[ACCESS]).one("aws:iam/instanceProfile:InstanceProfile")
    assert "web-file-systems" in {urn.rpartition("::")[2] for urn in profile.options["depends_on"]}


def test_an_image_that_is_known_only_later_is_used_as_it_comes() -> None:
    made = fleet(image_id=pulumi.Output.from_input("ami-0fedcba9876543210"))
    assert made.one(TEMPLATE)["imageId"] == "ami-0fedcba9876543210" == made.outputs["image_id"]
    assert (pins(made), [call for call in made.calls if call.token == ASKED]) == ([], [])


def test_two_images_at_once_are_refused() -> None:
    with pytest.raises(ConfigurationError, match='Fleet "web": image and image_id are both given; servers start from'):
        fleet(image="ami-0fedcba9876543210", image_id="ami-0fedcba9876543210")
