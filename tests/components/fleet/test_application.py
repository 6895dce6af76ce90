"""A fleet with an application: user data, role, log and network that follow from it."""

import base64
import json
from typing import Any, cast

import grpc
import pulumi
import pytest
from ha_web.core.problems import ConfigurationError
from ha_web.fleet.fleet import Fleet, FleetArgs
from ha_web.fleet.security_groups import TargetProtocol

from tests.components.made import Made, make
from tests.components.regional import assert_region_reaches_everything

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
POLICY = "aws:iam/rolePolicy:RolePolicy"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:stripe-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"
GET_SECRET = "aws:secretsmanager/getSecret:getSecret"
RELEASE = {"bucket_name": "releases", "object_key": "release.tar", "version_id": "v1", "digest": "d" * 64}
FOUND = {GET_SECRET: {"arn": SECRET}}


class Refused(grpc.RpcError):  # type: ignore[misc] # grpc ships no types
    """How the engine hands on that a provider refuses a call."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


def arguments(environment: Any = None, fleet: dict[str, Any] | None = None, **application: Any) -> FleetArgs:
    base = {
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-a", "subnet-b"],
        "zones": 2,
        "instance_type": "t4g.small",
        "application": {**RELEASE, **application},
        "environment": environment or {"PORT": "8080"},
        "load_balancer_security_group_id": "sg-balancer",
        "target_group_arns": ["arn:tg"],
        "region": "eu-west-1",
    }
    return cast(FleetArgs, {**base, **(fleet or {})})


def fleet(answers: Any = None, more: dict[str, Any] | None = None, **application: Any) -> Made[Fleet]:
    return make(lambda: Fleet("web", arguments(fleet=more, **application)), answers={**FOUND, **(answers or {})})


def user_data(made: Made[Fleet]) -> str:
    return base64.b64decode(made.one(TEMPLATE)["userData"]).decode()


def told(made: Made[Fleet]) -> dict[str, Any]:
    """What the release's program reads."""
    found: dict[str, Any] = json.loads(next(line for line in user_data(made).splitlines() if line.startswith("{")))
    return found


def rights(made: Made[Fleet]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.named("web-application")["policy"])["Statement"]
    return found


def test_a_server_fetches_one_version_of_the_release_in_its_own_region_and_starts_it() -> None:
    text = user_data(fleet())
    assert "get-object --region eu-west-1 --bucket releases --key release.tar --version-id v1 " in text
    assert "ha_web_server install --region eu-west-1 --logs)\n" in text
    assert text.endswith("python3 -B -m ha_web_server start)\n")


def test_it_is_told_where_to_listen_how_long_to_stop_and_where_its_log_goes() -> None:
    found = told(fleet(more={"target_port": 9000, "boot_seconds": 240}, drain_seconds=120, health_path="/up"))
    assert (found["port"], found["health"], found["bootSeconds"], found["stopSeconds"]) == (9000, "/up", 240, 180)
    assert found["logGroup"] == "web-servers"


def test_user_data_names_secrets_of_the_servers_own_region() -> None:
    made = fleet(more={"region": "eu-central-1"}, secrets={"STRIPE_KEY": f"{SECRET}:key::"})
    own = SECRET.replace("eu-west-1", "eu-central-1")
    assert told(made)["secrets"] == {"STRIPE_KEY": f"{own}:key::"}
    assert [own] in [each["Resource"] for each in rights(made)]


def test_the_role_reads_its_release_and_secrets_and_writes_its_log_and_no_more() -> None:
    made = fleet(secrets={"STRIPE_KEY": SECRET})
    assert {str(each["Action"]): each["Resource"] for each in rights(made)} == {
        "['s3:GetObject', 's3:GetObjectVersion']": "arn:aws:s3:::releases/release.tar",
        "['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams']": [
            made.one("aws:cloudwatch/logGroup:LogGroup").state["arn"],
            f"{made.one('aws:cloudwatch/logGroup:LogGroup').state['arn']}:*",
        ],
        "secretsmanager:GetSecretValue": [SECRET],
        "kms:Decrypt": ["arn:aws:kms:eu-west-1:123456789012:key/*"],
    }


def test_a_container_is_pulled_from_its_repository_only() -> None:
    made = fleet(container="1.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:1", repository_arn="arn:repository")
    assert "--container 1.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:1" in user_data(made)
    assert ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] in [each["Action"] for each in rights(made)]
    assert "arn:repository" in [each["Resource"] for each in rights(made)]


@pytest.mark.parametrize(
    ("application", "credentials", "hops"),
    [
        ({}, False, 1),
        ({"policy_arns": ["arn:aws:iam::1:policy/uploads"]}, True, 1),
        ({"container": "r/shop@sha256:1"}, False, 1),
        ({"container": "r/shop@sha256:1", "policy_arns": ["arn:aws:iam::1:policy/uploads"]}, True, 2),
        ({"container": "r/shop@sha256:1", "credentials": True}, True, 2),
        ({"credentials": False, "policy_arns": ["arn:aws:iam::1:policy/uploads"]}, False, 1),
        ({"metadata_hops": 3}, False, 3),
    ],
)
def test_the_roles_credentials_are_within_reach_only_where_they_are_of_use(
    application: dict[str, Any], credentials: bool, hops: int
) -> None:
    made = fleet(**application)
    assert told(made)["credentials"] == credentials
    assert made.one(TEMPLATE)["metadataOptions"]["httpPutResponseHopLimit"] == hops


def test_policies_are_attached_by_their_name() -> None:
    made = fleet(policy_arns=["arn:aws:iam::1:policy/uploads", pulumi.Output.from_input("arn:later")])
    attached = {each.name: each["policyArn"] for each in made.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert attached == {"web-policy-uploads": "arn:aws:iam::1:policy/uploads", "web-policy-1": "arn:later"}


def test_further_ways_out_are_rules_and_groups() -> None:
    made = fleet(egress=["smtp.example.com:587", "sg-0123456789abcdef0"])
    rule = made.named("web-egress-587")
    assert (rule["cidrIpv4"], rule["fromPort"], rule["description"]) == ("0.0.0.0/0", 587, "To smtp.example.com")
    assert "sg-0123456789abcdef0" in made.one(TEMPLATE)["networkInterfaces"][0]["securityGroups"]


def test_the_log_stays_for_some_time_under_a_key_if_there_is_one() -> None:
    group = fleet(log_retention_days=90, log_key_arn="arn:key").one("aws:cloudwatch/logGroup:LogGroup")
    assert (group["retentionInDays"], group["kmsKeyId"]) == (90, "arn:key")
    assert fleet().one("aws:cloudwatch/logGroup:LogGroup")["retentionInDays"] == 30
    assert fleet().outputs["log_group_name"] == "web-servers"


def test_what_storage_and_udp_need_is_installed_and_published() -> None:
    systems = [{"file_system_arn": "arn:fs", "access_point_arn": "arn:point"}]
    made = fleet(more={"file_systems": systems, "target_protocol": TargetProtocol.UDP})
    assert "--storage" in user_data(made)
    assert told(made)["udp"] is True


def test_tls_from_the_balancer_has_a_port_of_its_own_on_the_servers() -> None:
    made = fleet(tls_port=8443, tls_alpn="h2")
    assert "--tls" in user_data(made)
    assert (told(made)["port"], told(made)["tlsPort"], told(made)["tlsAlpn"]) == (8080, 8443, "h2")
    ports = {name: made.named(f"web-{name}")["fromPort"] for name in ("servers-from-balancer", "balancer-to-servers")}
    assert ports == {"servers-from-balancer": 8080, "balancer-to-servers": 8080}
    for name in ("servers-from-balancer-tls", "balancer-to-servers-tls"):
        rule = made.named(f"web-{name}")
        assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 8443, 8443)


def test_without_it_servers_take_no_tls() -> None:
    made = fleet()
    assert "--tls" not in user_data(made)
    assert told(made)["tlsPort"] is None
    assert not [each for each in made.all(EGRESS) if each["fromPort"] == 8443]


@pytest.mark.parametrize(
    ("application", "line"),
    [
        ({"tls_port": 8080}, "tls_port is 8080, the application's own port; give another one"),
        ({"tls_port": 70000}, "tls_port is 70000; ports are 1 to 65535"),
        ({"tls_port": 8443, "tls_alpn": "h3"}, 'tls_alpn is "h3"; it must be http/1.1 or h2'),
        ({"secrets": {"A-B": SECRET}}, 'secrets has "A-B"; names are letters, digits and _'),
        ({"secrets": {"PORT": SECRET}}, "secrets has PORT, which environment has, too"),
        ({"secrets": {"SESSION_URL": SECRET}}, "secrets has SESSION_URL, which the servers set themselves"),
        ({"secrets": {"A": "stripe"}}, 'secrets.A is "stripe"; it must be the whole ARN of a secret'),
        ({"secrets": {"A": SECRET[:-7]}}, "it must be the whole ARN of a secret (with its six last characters"),
        ({"egress": ["smtp"]}, 'egress has "smtp"; write "host:port"'),
        ({"drain_seconds": 3601}, "drain_seconds is 3601; it must be 0 to 3600"),
        ({"metadata_hops": 65}, "metadata_hops is 65; it must be 1 to 64"),
        ({"log_retention_days": 31}, "log_retention_days is 31; CloudWatch Logs takes only certain periods"),
        ({"health_path": "up"}, 'health_path is "up"; it must begin with /'),
    ],
)
def test_what_servers_could_not_run_is_refused_in_one_line(application: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        fleet(**application)
    assert f'Fleet "web": application.{line}' in str(error.value).replace("application.it", "it") or line in str(
        error.value
    )
    assert len(str(error.value).splitlines()) == 1


def test_a_secret_that_does_not_exist_is_refused() -> None:
    def nobody(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused("reading Secrets Manager Secret: couldn't find resource")

    with pytest.raises(ConfigurationError, match="there is none in eu-west-1"):
        fleet({GET_SECRET: nobody}, secrets={"A": SECRET})
    with pytest.raises(ConfigurationError, match=r"no replica in eu-central-1.*replicate-secret-to-regions"):
        fleet({GET_SECRET: nobody}, {"region": "eu-central-1"}, secrets={"A": SECRET})


def test_a_look_up_that_may_not_look_says_nothing() -> None:
    def denied(_: dict[str, Any]) -> dict[str, Any]:
        raise Refused("AccessDeniedException: not authorized")

    assert told(fleet({GET_SECRET: denied}, secrets={"A": SECRET}))["secrets"] == {"A": SECRET}


def test_a_program_is_given_once() -> None:
    with pytest.raises(ConfigurationError, match="application and start_script are both given"):
        fleet(more={"start_script": "#!/bin/sh\n"})
    nothing = arguments()
    del nothing["application"]
    with pytest.raises(ConfigurationError, match="application is missing; the servers would run nothing"):
        make(lambda: Fleet("web", nothing))


def test_an_environment_beyond_user_datas_limit_is_refused_at_preview() -> None:
    with pytest.raises(ConfigurationError, match="EC2 takes 16384: shorten environment"):
        make(lambda: Fleet("web", arguments(environment={"A": "x" * 15_000})))


def test_it_previews_before_anything_exists() -> None:
    late = pulumi.Output.from_input("x")
    made = make(lambda: Fleet("web", arguments(version_id=late, secrets={"A": late})), preview=True)
    assert made.one(TEMPLATE)


def test_everything_is_in_its_region() -> None:
    def build(region: str | None) -> Fleet:
        given = arguments(egress=["a.example.com:25"])
        if region is None:
            del given["region"]
        return Fleet("web", cast(FleetArgs, {**given, **({"region": region} if region else {})}))

    assert_region_reaches_everything(build)
