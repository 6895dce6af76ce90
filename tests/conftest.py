"""An emulated AWS for the tests of a worker, clients for it, and a network to put things into."""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import boto3
import pytest
from botocore.config import Config

from program.gc_threshold import raise_threshold
from rehearsal.emulator import life, process

raise_threshold(50_000)  # before a test loads the SDK; less than a program's, as a process of tests lives long

os.environ.setdefault(life.OWNER, str(life.own()))  # what the tests start, by whatever command, ends with them

DIRECT = Config(proxies={})

REGION = "eu-west-1"

Client = Callable[..., Any]
"""`aws("ec2")` or `aws("ec2", "us-east-1")`: a boto3 client."""


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.Emulator]:
    home = tmp_path_factory.mktemp("emulator")
    yield process.start(home)
    process.stop(home)


def clients(emulator: process.Emulator, alone: str | None = None, home: str = REGION) -> Client:
    """A factory of clients; `alone` names the emulator that is to answer without corrections.

    A client is kept: boto3 takes 0.2 s to make one, longer than most tests.
    """
    session = boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal")

    @cache
    def make(service: str, region: str = home) -> Any:
        client = session.client(service, region_name=region, endpoint_url=emulator.endpoint, config=DIRECT)
        if alone:
            client.meta.events.register("before-send", add_header)
        return client

    def add_header(request: Any, **_: object) -> None:
        request.headers["x-rehearsal-emulator"] = alone

    return make


@pytest.fixture(scope="session")
def aws(emulator: process.Emulator) -> Client:
    return clients(emulator)


@pytest.fixture(scope="session")
def moto_alone(emulator: process.Emulator) -> Client:
    return clients(emulator, "moto")


@pytest.fixture(scope="session")
def ministack_alone(emulator: process.Emulator) -> Client:
    return clients(emulator, "ministack")


@pytest.fixture
def unique() -> str:
    """A name that nothing else in the account has."""
    return f"t{uuid.uuid4().hex[:10]}"


@dataclass
class Network:
    """A VPC with an internet gateway, a subnet in each of three zones, and a security group."""

    aws: Client
    name: str

    @cached_property
    def ec2(self) -> Any:
        return self.aws("ec2")

    @cached_property
    def vpc(self) -> str:
        vpc: str = self.ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=vpc)
        return vpc

    @cached_property
    def gateway(self) -> str:
        gateway: str = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        return gateway

    @cached_property
    def subnets(self) -> list[str]:
        zones = self.ec2.describe_availability_zones()["AvailabilityZones"][:3]
        return [self.subnet(f"10.0.{n}.0/24", zone["ZoneId"]) for n, zone in enumerate(zones)]

    def subnet(self, block: str, zone_id: str) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=block, AvailabilityZoneId=zone_id)
        subnet: str = made["Subnet"]["SubnetId"]
        return subnet

    @cached_property
    def group(self) -> str:
        return self.security_group("main")

    def security_group(self, name: str) -> str:
        made = self.ec2.create_security_group(GroupName=f"{self.name}-{name}", Description="test", VpcId=self.vpc)
        group: str = made["GroupId"]
        return group

    def target_group(self) -> str:
        made = self.aws("elbv2").create_target_group(Name=self.name, Protocol="HTTP", Port=8080, VpcId=self.vpc)
        arn: str = made["TargetGroups"][0]["TargetGroupArn"]
        return arn

    def balancer(self, **settings: Any) -> dict[str, Any]:
        given = {"Name": self.name, "Type": "application", "Subnets": self.subnets, "SecurityGroups": [self.group]}
        made = self.aws("elbv2").create_load_balancer(**{**given, **settings})
        balancer: dict[str, Any] = made["LoadBalancers"][0]
        return balancer


@pytest.fixture
def network(aws: Client, unique: str) -> Network:
    return Network(aws, unique)


def error_code(call: Callable[..., Any], **parameters: Any) -> str:
    """The code of the error that a call ends with; empty where it ends well."""
    from botocore.exceptions import ClientError

    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.fixture
def refused() -> Callable[..., str]:
    return error_code
