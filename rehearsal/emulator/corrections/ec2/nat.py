"""EC2: NAT gateways, also regional ones, which moto does not have."""

from typing import Any

from moto.core.utils import utcnow

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.dependencies import internet_gateway_of
from rehearsal.emulator.corrections.ec2.interfaces import let_go_of_nat_gateway
from rehearsal.emulator.emulators import client, moto_models
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"


def regional_gateway(backend: Any, vpc_id: str, tags: dict[str, str]) -> Any:
    """A NAT gateway of a VPC rather than of a subnet; its attributes are what moto describes.

    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    from moto.ec2.models.nat_gateways import NatGateway  # noqa: PLC0415 # takes a second, and not all need it
    from moto.ec2.utils import random_nat_gateway_id  # noqa: PLC0415 # likewise

    gateway: Any = NatGateway.__new__(NatGateway)  # its constructor wants a subnet
    vars(gateway).update(
        id=random_nat_gateway_id(),
        vpc_id=vpc_id,
        subnet_id=None,
        address_set=[],
        state="available",
        connectivity_type="public",
        availability_mode="regional",
        auto_scaling_ips="enabled",
        auto_provision_zones="enabled",
        _created_at=utcnow(),
        ec2_backend=backend,
    )
    gateway.add_tags(tags)
    return gateway


@corrects("ec2", "CreateNatGateway", see=f"{API}CreateNatGateway.html")
async def create(call: Call) -> Response:
    """Create a zonal or a regional gateway; a public one needs an internet gateway on its VPC."""
    given = call.parameters
    if given.get("AvailabilityMode") == "regional":
        return create_regional(call)
    if "SubnetId" not in given:
        raise AwsError("MissingParameter", "The request must contain the parameter SubnetId")
    private = given.get("ConnectivityType") == "private"
    if not private and "AllocationId" not in given:
        raise AwsError("MissingParameter", "The request must contain the parameter AllocationId")
    subnet = client("ec2", call.region).describe_subnets(SubnetIds=[given["SubnetId"]])["Subnets"][0]
    if not private:
        check_internet_gateway(call.region, subnet["VpcId"])
    answer = call.read(await emulators.ask(call))
    gateway = moto_models("ec2", call.region).nat_gateways[answer["NatGateway"]["NatGatewayId"]]
    vars(gateway).update(connectivity_type="private" if private else "public", availability_mode="zonal")
    return described(call, gateway)


def described(call: Call, gateway: Any) -> Response:
    """The answer with a gateway as it is described from now on."""
    found = client("ec2", call.region).describe_nat_gateways(NatGatewayIds=[gateway.id])["NatGateways"]
    return call.answer({"NatGateway": found[0]})


def create_regional(call: Call) -> Response:
    """Create a regional gateway: it takes a VPC, and neither a subnet nor an address."""
    given = call.parameters
    for wrong in ("SubnetId", "AllocationId"):
        if wrong in given:
            raise AwsError("InvalidParameterCombination", f"{wrong} cannot be given for a regional NAT gateway.")
    if "VpcId" not in given:
        raise AwsError("MissingParameter", "The request must contain the parameter VpcId")
    check_internet_gateway(call.region, given["VpcId"])
    backend = moto_models("ec2", call.region)
    tags = {t["Key"]: t["Value"] for spec in given.get("TagSpecifications", []) for t in spec.get("Tags", [])}
    gateway = regional_gateway(backend, given["VpcId"], tags)
    backend.nat_gateways[gateway.id] = gateway
    return described(call, gateway)


def check_internet_gateway(region: str, vpc: str) -> None:
    """Refuse what needs the internet in a VPC that has no way to it."""
    client("ec2", region).describe_vpcs(VpcIds=[vpc])
    if internet_gateway_of(region, vpc) is None:
        raise AwsError("Gateway.NotAttached", f"Network {vpc} has no Internet gateway attached")


@corrects("ec2", "DescribeNatGateways", "DeleteNatGateway", see=f"{API}DescribeNatGateways.html")
async def known(call: Call) -> Response:
    """Refuse ids that do not exist: moto finds nothing, or fails. A gateway takes its interface along."""
    given = call.parameters
    wanted = given.get("NatGatewayIds") or [given[key] for key in ("NatGatewayId",) if key in given]
    for gateway in wanted:
        if gateway not in moto_models("ec2", call.region).nat_gateways:
            raise AwsError("NatGatewayNotFound", f"NAT gateway {gateway} was not found")
    response = await emulators.ask(call)
    if call.operation == "DeleteNatGateway":
        let_go_of_nat_gateway(call.region, given["NatGatewayId"])
    return response
