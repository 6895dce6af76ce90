"""One account behind one address: what an AWS client sees, whoever answers."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.xdist_group("emulator-account")


def test_every_service_speaks_of_the_same_account(aws: Callable[..., Any], unique: str) -> None:
    arns = [
        aws("sts").get_caller_identity()["Arn"],
        aws("sns").create_topic(Name=unique)["TopicArn"],
        aws("kms").create_key()["KeyMetadata"]["Arn"],
        aws("backup").create_backup_vault(BackupVaultName=unique)["BackupVaultArn"],
    ]
    assert {arn.split(":")[4] for arn in arns} == {"123456789012"}


def test_the_number_of_another_account_as_the_access_key_opens_nothing(
    emulator: Any, refused: Callable[..., str]
) -> None:
    other = boto3.client(
        "sqs",
        region_name="eu-west-1",
        endpoint_url=emulator.endpoint,
        aws_access_key_id="999999999999",
        aws_secret_access_key="x",
    )
    assert refused(other.create_queue, QueueName="not-made") == "InvalidClientTokenId"


def test_regions_are_apart_and_global_services_are_not(aws: Callable[..., Any], unique: str) -> None:
    vpc = aws("ec2", "eu-west-1").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    elsewhere = aws("ec2", "eu-central-1").describe_vpcs()["Vpcs"]
    assert vpc not in {found["VpcId"] for found in elsewhere}
    aws("iam", "eu-west-1").create_user(UserName=unique)
    assert aws("iam", "eu-central-1").get_user(UserName=unique)["User"]["UserName"] == unique


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("autoscaling", "put_warm_pool", {"AutoScalingGroupName": "x"}),
        ("ec2", "describe_vpc_block_public_access_options", {}),
        ("backup", "list_report_jobs", {}),
        ("cloudwatch", "list_metric_streams", {}),
        ("globalaccelerator", "list_accelerators", {}),
        ("arc-zonal-shift", "list_autoshifts", {}),
        ("route53-recovery-cluster", "list_routing_controls", {}),
    ],
)
def test_what_nobody_emulates_says_so(
    aws: Callable[..., Any], service: str, operation: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws(service, "us-west-2"), operation)(**parameters)
    assert caught.value.response["Error"]["Code"] == "NotEmulated"
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_objects_go_in_and_out_under_a_policy_that_wants_tls(aws: Callable[..., Any], unique: str) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",'
        f'"Resource": "arn:aws:s3:::{unique}/*", "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}]}}'
    )
    s3.put_bucket_policy(Bucket=unique, Policy=policy)
    s3.put_object(Bucket=unique, Key="a b/ü", Body=b"hello")
    assert s3.get_object(Bucket=unique, Key="a b/ü")["Body"].read() == b"hello"
    assert s3.head_object(Bucket=unique, Key="a b/ü")["ContentLength"] == 5


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize("region", ["eu-west-1", "eu-central-1", "us-east-1"])
def test_public_parameters_lead_to_images_of_their_architecture(
    aws: Callable[..., Any], architecture: str, region: str
) -> None:
    name = f"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
    image = aws("ssm", region).get_parameter(Name=name)["Parameter"]["Value"]
    found = aws("ec2", region).describe_images(ImageIds=[image])["Images"]
    assert [i["Architecture"] for i in found] == [architecture]


def test_sixteen_clients_at_once_lose_nothing(aws: Callable[..., Any], unique: str) -> None:
    ec2, logs, s3, sns = aws("ec2"), aws("logs"), aws("s3"), aws("sns")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def make(number: int) -> str:
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        logs.create_log_group(logGroupName=f"{unique}/{number}")
        where = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket=f"{unique}-{number}", CreateBucketConfiguration=where)
        sns.create_topic(Name=f"{unique}-{number}")
        return str(subnet)

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(make, range(64)))
    kept = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert {subnet["SubnetId"] for subnet in kept} == set(made)
    assert len({subnet["CidrBlock"] for subnet in kept}) == 64
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=unique)
    assert sum(len(page["logGroups"]) for page in pages) == 64
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert sum(name.startswith(f"{unique}-") for name in buckets) == 64
    pages = sns.get_paginator("list_topics").paginate()
    assert sum(f":{unique}-" in topic["TopicArn"] for page in pages for topic in page["Topics"]) == 64


def test_a_small_call_takes_milliseconds(aws: Callable[..., Any]) -> None:
    sts = aws("sts")
    sts.get_caller_identity()
    taken = []
    for _ in range(20):
        before = time.perf_counter()
        sts.get_caller_identity()
        taken.append(time.perf_counter() - before)
    assert min(taken) < 0.03  # 4 ms on an idle machine; 40 ms would be a delayed acknowledgement on each call


def test_tags_of_both_emulators_are_found_in_one_list(aws: Callable[..., Any], unique: str) -> None:
    topic = aws("sns").create_topic(Name=unique, Tags=[{"Key": unique, "Value": "yes"}])["TopicArn"]
    key = aws("kms").create_key(Tags=[{"TagKey": unique, "TagValue": "yes"}])["KeyMetadata"]["Arn"]
    made = aws("ec2").create_launch_template(
        LaunchTemplateName=unique,
        LaunchTemplateData={"InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": unique, "Value": "yes"}]}],
    )["LaunchTemplate"]["LaunchTemplateId"]
    tagging = aws("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": unique, "Values": ["yes"]}])["ResourceTagMappingList"]
    template = f"arn:aws:ec2:eu-west-1:123456789012:launch-template/{made}"
    assert {resource["ResourceARN"] for resource in found} == {topic, key, template}
    tagging.untag_resources(ResourceARNList=[topic, key], TagKeys=[unique])
    left = tagging.get_resources(TagFilters=[{"Key": unique}])["ResourceTagMappingList"]
    assert {resource["ResourceARN"] for resource in left} == {template}
