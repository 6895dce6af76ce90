"""Which operation a request is, and who answers it."""

from urllib.parse import urlencode

import pytest

from rehearsal.emulator.router import Emulator, emulator_for
from rehearsal.emulator.wire import AwsError, Call, Request, identify, not_emulated

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def request(service: str, method: str = "POST", path: str = "/", region: str = "eu-west-1", **more: str) -> Request:
    headers = {"authorization": SIGNED.format(region=region, service=service), "host": "127.0.0.1"}
    body = more.pop("body", "")
    query = more.pop("query", "")
    return Request(method, path, query, {**headers, **{k.replace("_", "-"): v for k, v in more.items()}}, body.encode())


@pytest.mark.parametrize(
    ("service", "operation", "who"),
    [
        ("ec2", "CreateVpc", Emulator.MOTO),
        ("elbv2", "CreateLoadBalancer", Emulator.MOTO),
        ("route53", "ChangeResourceRecordSets", Emulator.MOTO),
        ("s3", "CreateBucket", Emulator.MINISTACK),
        ("elasticache", "CreateReplicationGroup", Emulator.MINISTACK),
        ("cloudwatch", "PutCompositeAlarm", Emulator.MINISTACK),
        ("sns", "CreateTopic", Emulator.MINISTACK),
        ("backup", "CreateBackupVault", Emulator.MOTO),
        ("backup", "UpdateBackupPlan", Emulator.MINISTACK),
        ("backup", "CreateBackupSelection", Emulator.MINISTACK),
        ("autoscaling", "PutWarmPool", Emulator.NOBODY),
        ("imagebuilder", "ListWorkflows", Emulator.NOBODY),
        ("a-service-of-tomorrow", "DoIt", Emulator.MOTO),
    ],
)
def test_each_operation_has_one_emulator(service: str, operation: str, who: Emulator) -> None:
    assert emulator_for(service, operation) is who


@pytest.mark.parametrize(
    ("asked", "service", "operation"),
    [
        (request("ec2", content_type=FORM, body="Action=CreateVpc&CidrBlock=x"), "ec2", "CreateVpc"),
        (
            request("elasticloadbalancing", content_type=FORM, body="Action=CreateRule&Version=2015-12-01"),
            "elbv2",
            "CreateRule",
        ),
        (
            request("elasticloadbalancing", content_type=FORM, body="Action=CreateLoadBalancer&Version=2012-06-01"),
            "elb",
            "CreateLoadBalancer",
        ),
        (request("kms", x_amz_target="TrentService.CreateKey"), "kms", "CreateKey"),
        (request("monitoring", path="/service/X/operation/PutMetricAlarm"), "cloudwatch", "PutMetricAlarm"),
        (request("monitoring", x_amz_target="X.DescribeAlarms"), "cloudwatch", "DescribeAlarms"),
        (request("tagging", x_amz_target="X.GetResources"), "resourcegroupstaggingapi", "GetResources"),
        (request("route53", "GET", "/2013-04-01/hostedzone"), "route53", "ListHostedZones"),
        (request("backup", "PUT", "/backup/plans/"), "backup", "CreateBackupPlan"),
        (request("s3", "PUT", "/bucket", query="policy"), "s3", "PutBucketPolicy"),
        (request("s3", "GET", "/bucket/a%20key"), "s3", "GetObject"),
        (request("s3", "GET", "/v20180820/tags/x", x_amz_account_id="1"), "s3control", "ListTagsForResource"),
        (request("backup", "GET", "/no/such/path"), "backup", ""),
        (request("a-service-of-tomorrow", "GET", "/"), "a-service-of-tomorrow", ""),
    ],
)
def test_a_request_is_told_by_its_protocol(asked: Request, service: str, operation: str) -> None:
    call = identify(asked)
    assert (call.service, call.operation, call.region) == (service, operation, "eu-west-1")


def test_a_presigned_request_is_told_by_its_query() -> None:
    query = urlencode({"X-Amz-Credential": "AKIA/20260101/eu-central-1/s3/aws4_request"})
    call = identify(Request("GET", "/bucket/key", query, {"host": "127.0.0.1"}, b""))
    assert (call.service, call.operation, call.region) == ("s3", "GetObject", "eu-central-1")


def test_parameters_have_the_names_of_the_api() -> None:
    body = urlencode({"Action": "DescribeVpcs", "Filter.1.Name": "vpc-id", "Filter.1.Value.1": "vpc-1"})
    call = identify(request("ec2", content_type=FORM, body=body))
    assert call.parameters == {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}


@pytest.mark.filterwarnings("ignore:Exception:UserWarning")  # moto's, about a code that is not in the model
@pytest.mark.parametrize("service", ["ec2", "kms", "sns", "backup", "s3", "route53"])
def test_an_error_survives_the_way_through_every_protocol(service: str) -> None:
    operations = {"ec2": "CreateVpc", "kms": "CreateKey", "sns": "Publish", "backup": "ListTags", "s3": "GetObject"}
    call = Call(service, operations.get(service, "GetHostedZone"), "eu-west-1", request(service))
    with pytest.raises(AwsError) as caught:
        call.read(not_emulated(call))
    assert caught.value.code == "NotEmulated"
    assert caught.value.status == 501
