"""EC2: network interfaces that go with what they were made for; moto leaves them behind."""

from rehearsal.emulator.emulators import moto_models


def primary_interfaces(region: str, instance_ids: list[str]) -> list[str]:
    """The primary interfaces of instances, which go when these are terminated.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-network-interfaces-work.html
    """
    attached = [one for one in moto_models("ec2", region).enis.values() if one.instance and one.device_index == 0]
    return [interface.id for interface in attached if interface.instance.id in instance_ids]


def delete_interfaces(region: str, interface_ids: list[str]) -> None:
    """Delete what is left of interfaces."""
    for identifier in interface_ids:
        moto_models("ec2", region).enis.pop(identifier, None)


def let_go_of_nat_gateway(region: str, identifier: str) -> None:
    """Delete the interface of a deleted NAT gateway."""
    interface = vars(moto_models("ec2", region).nat_gateways[identifier]).get("_eni")
    delete_interfaces(region, [interface.id] if interface else [])
