"""How arguments become requests, differences and properties, without an emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls import model, tagging
from rehearsal.aws_plugin.calls.clients import Clients, NotLoopbackError, loopback
from rehearsal.aws_plugin.calls.decode import Decoder
from rehearsal.aws_plugin.calls.encode import Encoder
from rehearsal.aws_plugin.calls.model import UNKNOWN, RefusedError
from rehearsal.aws_plugin.calls.settle import settled
from rehearsal.aws_plugin.entry import As, AutoName
from rehearsal.aws_plugin.provider import check, config
from rehearsal.plugin import sdk
from rehearsal.plugin.difference import changes, same

TEMPLATE = model.input_shape("ec2", "CreateLaunchTemplate")


def encoded(path: str, value: Any, rename: dict[str, Any] | None = None) -> Any:
    request: dict[str, Any] = {}
    Encoder(TEMPLATE, request, rename or {}).put(f"LaunchTemplateData.{path}", value, path)
    return request["LaunchTemplateData"][path]


@pytest.mark.parametrize(
    ("argument", "member"),
    [
        ("cidrBlock", "CidrBlock"),
        ("enableDns64", "EnableDns64"),
        ("enableResourceNameDnsAaaaRecordOnLaunch", "EnableResourceNameDnsAAAARecordOnLaunch"),
        ("subnetIds", "SubnetId"),
        ("policy", "Policies"),
    ],
)
def test_an_argument_finds_its_member_despite_case_and_plural(argument: str, member: str) -> None:
    assert model.same_name(["Other", member], argument) == member


def test_an_exact_name_goes_before_a_plural() -> None:
    assert model.same_name(["Subnets", "Subnet"], "subnet") == "Subnet"


def test_values_take_the_type_of_the_member() -> None:
    ebs = encoded("BlockDeviceMappings", [{"ebs": {"encrypted": "true", "volumeSize": "20"}}])
    assert ebs == [{"Ebs": {"Encrypted": True, "VolumeSize": 20}}]


def test_a_block_becomes_a_list_and_a_map_becomes_pairs() -> None:
    assert encoded("LicenseSpecifications", {"licenseConfigurationArn": "a"}) == [{"LicenseConfigurationArn": "a"}]
    assert encoded("TagSpecifications", [{"resourceType": "instance", "tags": {"a": "b"}}]) == [
        {"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}
    ]


def test_a_nested_property_that_aws_has_not_is_refused_with_its_path() -> None:
    with pytest.raises(RefusedError, match=r"MetadataOptions\.httpTokenz: .*no such member"):
        encoded("MetadataOptions", {"httpTokenz": "required"})


def test_a_value_that_aws_does_not_list_is_refused() -> None:
    with pytest.raises(RefusedError, match=r'"requird" is none of optional, required'):
        encoded("MetadataOptions", {"httpTokens": "requird"})


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("RoleName", "a b", r"'a b' must satisfy regular expression pattern"),
        ("RoleName", "a" * 65, "must have length less than or equal to 64"),
        ("MaxSessionDuration", 43201, "43201 must have value less than or equal to 43200"),
        ("Tags", {"team": "<web>"}, "'<web>' must satisfy"),
        (
            "Tags",
            [{"key": str(number), "value": ""} for number in range(51)],
            "must have length less than or equal to 50",
        ),
    ],
)
def test_a_value_outside_of_the_apis_limits_is_refused_with_its_argument(member: str, value: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refused:
        Encoder(model.input_shape("iam", "CreateRole"), {}, {}).put(member, value, "argument")
    assert refused.value.path.split(".")[0] == "argument"


def test_constants_of_an_entry_are_held_against_the_apis_limits_too() -> None:
    assert model.problems("iam", "GetRole", {"RoleName": "a b"}) == (
        r"RoleName is 'a b' and must satisfy regular expression pattern: [\w+=,.@-]+"
    )


def test_a_renamed_value_is_told_as_the_entry_says() -> None:
    rename = {"Monitoring.on": As("Enabled", {"yes": True, "no": False})}
    assert encoded("Monitoring", {"on": "yes"}, rename) == {"Enabled": True}
    with pytest.raises(RefusedError, match="'maybe' is none of yes, no"):
        encoded("Monitoring", {"on": "maybe"}, rename)


def test_unknown_values_pass_validation_and_known_ones_beside_them_do_not() -> None:
    assert model.problems("ec2", "CreateSubnet", {"VpcId": UNKNOWN, "CidrBlock": "10.0.0.0/24"}) == ""
    assert model.problems("iam", "GetRole", {"RoleName": UNKNOWN}) == ""
    assert "VpcId" in model.problems("ec2", "CreateSubnet", {"VpcId": 3})
    assert "Missing required parameter" in model.problems("ec2", "CreateSubnet", {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("80", 80),
        (True, "true"),
        (["a", "b"], ["b", "a"]),
        ('{"Statement": [{"Action": ["s3:Get"]}]}', '{"Statement":{"Action":"s3:Get"}}'),
        ({"a": 1, "b": None}, {"a": 1}),
    ],
)
def test_what_means_the_same_to_aws_is_no_change(one: Any, other: Any) -> None:
    assert same(one, other)
    assert changes(one, other, "it") == {}


def test_the_order_of_a_list_counts_only_where_the_entry_says_so() -> None:
    assert changes(["a", "b"], ["b", "a"], "it", ordered=True) == {"it[0]": "UPDATE", "it[1]": "UPDATE"}


def test_differences_have_the_paths_that_the_engine_prints() -> None:
    old = {"tags": {"Name": "a", "aws.name": "b", "gone": "c"}, "checks": [{"path": "/", "port": 80}]}
    new = {"tags": {"Name": "z", "aws.name": "y"}, "checks": [{"path": "/x", "port": 80}, {"path": "/new"}]}
    assert changes(old, new) == {
        "tags.Name": "UPDATE",
        'tags["aws.name"]': "UPDATE",
        "tags.gone": "DELETE",
        "checks[0].path": "UPDATE",
        "checks[1]": "ADD",
    }


def test_a_member_added_at_the_front_of_a_set_is_the_only_change() -> None:
    assert changes(["b", "c"], ["a", "b", "c"], "subnets") == {"subnets[0]": "ADD"}


def test_an_unknown_value_is_a_change() -> None:
    assert changes("vpc-1", UNKNOWN, "vpcId") == {"vpcId": "UPDATE"}
    assert changes(["a"], [UNKNOWN], "ids") == {"ids[0]": "UPDATE"}


def test_a_read_value_keeps_the_spelling_of_the_program_where_it_is_equal() -> None:
    kind = sdk.Kind("list", sdk.Kind("object", None, {"port": sdk.Kind("str"), "host": sdk.Kind("str")}))
    given = [{"port": 80}, {"port": "443", "host": "b"}]
    actual = [{"port": "443", "host": "b"}, {"port": "80", "host": "default"}]
    assert settled(given, actual, kind) == given
    assert settled(given, actual[:1], kind) == [{"port": "443", "host": "b"}]


def test_an_arn_and_the_id_in_it_are_the_same_resource() -> None:
    arn = "arn:aws:kms:eu-west-1:123456789012:key/abc"
    assert settled(arn, "abc", sdk.Kind("str")) == arn
    assert settled(arn, "bc", sdk.Kind("str")) == "bc"


@pytest.mark.parametrize(
    ("service", "operation", "member", "expected"),
    [
        ("logs", "TagResource", "tags", {"a": "b"}),
        ("kms", "TagResource", "Tags", [{"TagKey": "a", "TagValue": "b"}]),
        ("s3", "PutBucketTagging", "Tagging", {"TagSet": [{"Key": "a", "Value": "b"}]}),
    ],
)
def test_tags_take_the_shape_of_each_service(service: str, operation: str, member: str, expected: Any) -> None:
    shape = model.input_shape(service, operation).members[member]
    assert tagging.encode({"a": "b"}, shape) == expected
    assert tagging.decode(expected) == {"a": "b"}


def test_the_tags_of_aws_itself_are_not_seen() -> None:
    assert tagging.decode([{"Key": "aws:autoscaling:groupName", "Value": "x"}, {"Key": "a", "Value": "b"}]) == {
        "a": "b"
    }


def test_a_generated_name_is_the_logical_name_and_seven_hex_digits() -> None:
    made = check.auto_name(AutoName("name", 32), "site-web", b"seed", "")
    assert made.startswith("site-web-")
    assert len(made) == len("site-web-") + 7
    assert int(made.rpartition("-")[2], 16) >= 0


def test_a_generated_name_that_is_too_long_for_aws_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 32 characters"):
        check.auto_name(AutoName("name", 32), "a-name-that-leaves-no-room", b"seed", "")


def test_the_sdk_class_is_read_with_its_required_arguments_and_blocks() -> None:
    cls = sdk.resource("aws:lb/targetGroup:TargetGroup")
    assert cls.arguments["healthCheck"].fields["matcher"].name == "str"
    assert sdk.resource("aws:ec2/subnet:Subnet").required == {"vpcId"}
    assert "arnSuffix" in cls.outputs


def test_a_block_that_contains_itself_can_be_read() -> None:
    rules = sdk.resource("aws:wafv2/webAcl:WebAcl").arguments["rules"].item
    assert rules is not None
    assert "statement" in rules.fields


def test_a_type_that_the_sdk_does_not_have_is_refused() -> None:
    with pytest.raises(sdk.NotInSdkError, match="has no aws:ec2/vpcc:Vpcc"):
        sdk.resource("aws:ec2/vpcc:Vpcc")


@pytest.mark.parametrize(
    "endpoint", ["", "http://10.0.0.1:4566", "https://ec2.eu-west-1.amazonaws.com", "http://localhost.evil"]
)
def test_only_the_loopback_address_is_served(endpoint: str) -> None:
    with pytest.raises(NotLoopbackError, match=r"talks to 127\.0\.0\.1 only"):
        loopback(endpoint)
    with pytest.raises(NotLoopbackError):
        Clients(endpoint, "key", "eu-west-1")


def test_a_client_ignores_endpoints_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "https://ec2.eu-west-1.amazonaws.com")
    client = Clients("http://127.0.0.1:1", "key", "eu-west-1").client("ec2", "eu-west-1")
    assert client.meta.endpoint_url == "http://127.0.0.1:1"


def test_only_stacks_with_the_access_key_of_the_rehearsal_are_served() -> None:
    found = dict(config.failures({"region": "eu-west-1", "accessKey": "AKIAREAL"}))
    assert "only rehearses" in found["accessKey"]
    assert config.failures({"region": "eu-west-1", "accessKey": "rehearsal"}) == []


def test_settings_that_are_not_rehearsed_and_endpoints_elsewhere_are_refused() -> None:
    args = {"region": "eu-west-1", "accessKey": "rehearsal", "profile": "prod"}
    assert dict(config.failures(args)) == {"profile": "is not rehearsed by the emulated aws plugin"}
    elsewhere = {**args, "endpoints": json.dumps([{"s3": "https://s3.amazonaws.com"}])}
    assert '"https://s3.amazonaws.com" is not on the loopback address' in dict(config.failures(elsewhere))["endpoints"]


def test_a_block_of_a_set_with_nothing_in_common_is_another_block() -> None:
    fields = {"prefix": sdk.Kind("str"), "suffix": sdk.Kind("str")}
    kind = sdk.Kind("list", sdk.Kind("object", None, fields))
    assert settled([{"prefix": "a"}], [{"suffix": "b"}], kind) == [{"suffix": "b"}]


def test_a_structure_is_one_block_or_wraps_a_list() -> None:
    decoder = Decoder(registry.type_of("aws:ec2/vpc:Vpc"), [], {})
    block = sdk.Kind("list", sdk.Kind("object", None, {"stringEquals": sdk.Kind("list", sdk.Kind("str"))}))
    assert decoder.decode({"StringEquals": ["a"]}, block, "it") == [{"stringEquals": ["a"]}]
    assert decoder.decode({"Quantity": 1, "Items": ["a"]}, sdk.Kind("list", sdk.Kind("str")), "it") == ["a"]
