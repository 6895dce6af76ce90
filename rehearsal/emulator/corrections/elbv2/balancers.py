"""Elastic Load Balancing: what AWS refuses, and the hosted zones of the balancers' names."""

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.acm import status_of
from rehearsal.emulator.corrections.balancer_zones import hosted_zone
from rehearsal.emulator.corrections.dependencies import internet_gateway_of
from rehearsal.emulator.corrections.elbv2 import mutual_tls as elbv2_mutual
from rehearsal.emulator.emulators import client, listed, moto_models
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_"


@corrects("elbv2", "CreateLoadBalancer", see=f"{API}CreateLoadBalancer.html")
async def create(call: Call) -> Response:
    """Refuse what AWS refuses; give the balancer the name and the hosted zone of its region."""
    given = call.parameters
    kind = given.get("Type", "application")
    wanted = given.get("Subnets") or [mapping["SubnetId"] for mapping in given.get("SubnetMappings", [])]
    vpc = check_subnets(call.region, kind, wanted)
    check_security_groups(call.region, vpc, given.get("SecurityGroups", []))
    if given.get("Scheme", "internet-facing") == "internet-facing" and not internet_gateway_of(call.region, vpc):
        raise AwsError("InvalidSubnet", f"VPC {vpc} has no internet gateway")
    answer = call.read(await emulators.ask(call))
    for made in answer["LoadBalancers"]:
        balancer = moto_models("elbv2", call.region).load_balancers[made["LoadBalancerArn"]]
        zone = hosted_zone(call.region, kind, balancer.canonical_hosted_zone_id)
        made["CanonicalHostedZoneId"] = balancer.canonical_hosted_zone_id = zone
        if kind == "network":
            balancer.dns_name = balancer.dns_name.replace(f".{call.region}.elb.", f".elb.{call.region}.")
            made["DNSName"] = balancer.dns_name
    return call.answer(answer)


@corrects("elbv2", "SetSubnets", see=f"{API}SetSubnets.html")
async def set_subnets(call: Call) -> Response:
    """Refuse what a new balancer is refused."""
    balancer = balancer_of(call)
    wanted = call.parameters.get("Subnets") or [m["SubnetId"] for m in call.parameters.get("SubnetMappings", [])]
    check_subnets(call.region, balancer["Type"], wanted)
    return await emulators.ask(call)


def check_subnets(region: str, kind: str, wanted: list[str]) -> str:
    """Refuse subnets of several VPCs or twice in a zone, and an application balancer in fewer than two zones."""
    try:
        found = client("ec2", region).describe_subnets(SubnetIds=wanted)["Subnets"]
    except ClientError as error:
        raise AwsError("SubnetNotFound", error.response["Error"]["Message"]) from error
    if len({subnet["VpcId"] for subnet in found}) > 1:
        raise AwsError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    zones = {subnet["AvailabilityZone"] for subnet in found}
    if len(zones) < len(found):
        raise AwsError(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if kind == "application" and len(zones) < 2:
        raise AwsError("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    return str(found[0]["VpcId"])


def check_security_groups(region: str, vpc: str, wanted: list[str]) -> None:
    """Refuse security groups that the VPC doesn't have."""
    mine = [{"Name": "vpc-id", "Values": [vpc]}]
    groups = listed("ec2", region, "describe_security_groups", "SecurityGroups", Filters=mine)
    known = {group["GroupId"] for group in groups}
    if missing := [group for group in wanted if group not in known]:
        raise AwsError("InvalidSecurityGroup", f"One or more security groups are invalid: {', '.join(missing)}")


@corrects("elbv2", "DeleteLoadBalancer", see=f"{API}DeleteLoadBalancer.html")
async def delete(call: Call) -> Response:
    """Refuse a balancer under deletion protection."""
    arn = call.parameters["LoadBalancerArn"]
    balancer = moto_models("elbv2", call.region).load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise AwsError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    return await emulators.ask(call)


@corrects("elbv2", "CreateListener", "ModifyListener", see=f"{API}CreateListener.html")
async def listener(call: Call) -> Response:
    """Refuse unknown policies, and certificates that are missing, unknown or not issued; keep mutual authentication."""
    given = call.parameters
    if policy := given.get("SslPolicy"):
        known = listed("elbv2", call.region, "describe_ssl_policies", "SslPolicies")
        if policy not in {found["Name"] for found in known}:
            raise AwsError("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    certificates = given.get("Certificates", [])
    if call.operation == "CreateListener" and given.get("Protocol") in ("HTTPS", "TLS") and not certificates:
        raise AwsError("ValidationError", f"A certificate must be specified for {given['Protocol']} listeners")
    for certificate in certificates:
        check_certificate(call.region, certificate["CertificateArn"])
    elbv2_mutual.check(given)
    return call.answer(elbv2_mutual.keep(call, call.read(await emulators.ask(call))))


def check_certificate(region: str, arn: str) -> None:
    """Refuse a certificate of another region, or one that is not issued."""
    if arn.startswith("arn:aws:iam:"):
        return
    if (status := status_of(region, arn)) is None:
        raise AwsError("CertificateNotFound", f"Certificate '{arn}' not found")
    if status != "ISSUED":
        raise AwsError(
            "UnsupportedCertificate",
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a "
            f"supported key size. Its status is {status}.",
        )


@corrects("elbv2", "ModifyLoadBalancerAttributes", see=f"{API}ModifyLoadBalancerAttributes.html")
async def modify_attributes(call: Call) -> Response:
    """Refuse access logs into a bucket that does not exist or does not let the log delivery write."""
    wanted = {a["Key"]: a.get("Value", "") for a in call.parameters["Attributes"]}
    for kind in ("access_logs", "connection_logs"):
        bucket = wanted.get(f"{kind}.s3.bucket")
        if wanted.get(f"{kind}.s3.enabled") == "true" and bucket:
            await check_log_bucket(call.region, bucket, balancer_of(call)["Type"])
    return await emulators.ask(call)


async def check_log_bucket(region: str, bucket: str, kind: str) -> None:
    """Look for a statement that allows a service (or an account) to put objects into the bucket.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    asked = emulators.request_for("s3", "GetBucketPolicy", region, Bucket=bucket)
    response = await emulators.ask(asked)
    if response.status == 200 and kind == "network" and b"delivery.logs.amazonaws.com" in response.body:
        return
    if response.status != 200 or b"s3:PutObject" not in response.body or b"Principal" not in response.body:
        raise AwsError(
            "InvalidConfigurationRequest", f"Access Denied for bucket: {bucket}. Please check S3bucket permission"
        )


def balancer_of(call: Call) -> dict[str, Any]:
    """The balancer that a call names."""
    arn = call.parameters["LoadBalancerArn"]
    try:
        found = client("elbv2", call.region).describe_load_balancers(LoadBalancerArns=[arn])
    except ClientError as error:
        raise AwsError("LoadBalancerNotFound", f"Load balancers '[{arn}]' not found") from error
    balancer: dict[str, Any] = found["LoadBalancers"][0]
    return balancer
