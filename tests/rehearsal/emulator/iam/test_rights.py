"""Who asks the emulated AWS under a role may do what AWS would let the role do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.process import Emulator, EmulatorError
from tests.conftest import DIRECT, REGION, Client

pytestmark = pytest.mark.xdist_group("emulator")

LAMBDA = "lambda.amazonaws.com"
ROOT = "arn:aws:iam::123456789012:root"

Role = Callable[..., Client]


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def clients_with(emulator: Emulator, keys: dict[str, str]) -> Client:
    session = boto3.Session(*(keys[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")))
    return lambda service, region=REGION: session.client(
        service, region_name=region, endpoint_url=emulator.endpoint, config=DIRECT
    )


@pytest.fixture
def under(aws: Client, emulator: Emulator, unique: str) -> Role:
    """Clients of a function whose role has a policy of some statements."""
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust({"Service": LAMBDA}))["Role"]

    def made(*statements: dict[str, Any]) -> Client:
        aws("iam").put_role_policy(RoleName=unique, PolicyName="p", PolicyDocument=document(*statements))
        return clients_with(emulator, emulator.credentials(role["Arn"], LAMBDA))

    return made


def denial(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**request)
    error = refused.value.response["Error"]
    return error["Code"], error.get("Message", "")


@pytest.fixture
def bucket(aws: Client, unique: str) -> str:
    aws("s3").create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": REGION})
    aws("s3").put_object(Bucket=unique, Key="a", Body=b"a")
    return unique


def test_a_call_that_no_policy_allows_is_denied_and_says_what_was_asked_for(under: Role, unique: str) -> None:
    code, why = denial(under(allow("sns:*", "*"))("ec2").describe_vpcs)
    assert code == "UnauthorizedOperation"
    assert f"assumed-role/{unique}/lambda is not authorized to perform: ec2:DescribeVpcs on resource: *" in why
    assert denial(under(allow("sns:*", "*"))("rds").describe_db_clusters)[0] == "AccessDenied"
    assert denial(under(allow("sns:*", "*"))("backup").list_backup_vaults)[0] == "AccessDeniedException"


def test_who_runs_under_a_role_is_told_so_without_any_right(under: Role, unique: str) -> None:
    found = under(allow("sns:*", "*"))("sts").get_caller_identity()
    assert found["Arn"] == f"arn:aws:sts::123456789012:assumed-role/{unique}/lambda"


def test_a_right_to_one_object_is_none_to_another(under: Role, bucket: str) -> None:
    s3 = under(allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/a"))("s3")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    s3.put_object(Bucket=bucket, Key="a", Body=b"b")
    assert denial(s3.put_object, Bucket=bucket, Key="b", Body=b"b")[0] == "AccessDenied"
    assert denial(s3.delete_object, Bucket=bucket, Key="a")[0] == "AccessDenied"


def test_a_version_needs_a_right_of_its_own(aws: Client, under: Role, bucket: str) -> None:
    aws("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = aws("s3").put_object(Bucket=bucket, Key="a", Body=b"a")["VersionId"]
    removing = {"Bucket": bucket, "Key": "a", "VersionId": version}
    whole = f"arn:aws:s3:::{bucket}/*"
    assert denial(under(allow("s3:DeleteObject", whole))("s3").delete_object, **removing)[0] == "AccessDenied"
    under(allow("s3:DeleteObjectVersion", whole))("s3").delete_object(**removing)


def test_an_absent_object_is_hidden_from_who_cannot_list_its_bucket(under: Role, bucket: str) -> None:
    reading = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    asked = {"Bucket": bucket, "Key": "none"}
    assert denial(under(reading)("s3").get_object, **asked)[0] == "AccessDenied"
    assert denial(under(reading)("s3").head_object, **asked)[0] == "403"
    listing = allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    assert denial(under(reading, listing)("s3").get_object, **asked)[0] == "NoSuchKey"
    assert denial(under(reading, listing)("s3").head_object, **asked)[0] == "404"


def test_a_buckets_own_policy_denies_and_allows(aws: Client, under: Role, bucket: str, unique: str) -> None:
    everything = f"arn:aws:s3:::{bucket}/*"
    others = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/none"}}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    aws("s3").put_bucket_policy(
        Bucket=bucket,
        Policy=document(
            {**allow("s3:PutObject", everything, Condition=others), "Effect": "Deny", "Principal": "*"},
            {**allow("s3:*", everything, Condition=plain), "Effect": "Deny", "Principal": "*"},
            allow("s3:GetObject", everything, Principal={"AWS": f"arn:aws:iam::123456789012:role/{unique}"}),
        ),
    )
    s3 = under(allow("s3:PutObject", everything))("s3")
    code, why = denial(s3.put_object, Bucket=bucket, Key="a", Body=b"b")
    assert (code, "explicit deny" in why) == ("AccessDenied", True)
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"


def test_a_secret_is_read_with_the_right_to_decrypt_it_by_way_of_secrets_manager(
    aws: Client, under: Role, unique: str
) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    arn = aws("secretsmanager").create_secret(Name=unique, SecretString="s", KmsKeyId=key)["ARN"]
    reading = allow("secretsmanager:GetSecretValue", arn)
    via = {"StringLike": {"kms:ViaService": "secretsmanager.*.amazonaws.com"}}
    code, why = denial(under(reading)("secretsmanager").get_secret_value, SecretId=unique)
    assert (code, "kms:Decrypt" in why) == ("AccessDeniedException", True)
    decrypting = allow("kms:Decrypt", key, Condition=via)
    secrets = under(reading, decrypting)("secretsmanager")
    assert secrets.get_secret_value(SecretId=unique)["SecretString"] == "s"
    text = aws("kms").encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms = under(reading, decrypting)("kms")
    assert denial(kms.decrypt, CiphertextBlob=text, KeyId=key)[0] == "AccessDeniedException"


def test_a_keys_policy_that_does_not_leave_it_to_the_account_shuts_it_out(aws: Client, under: Role) -> None:
    own = {**allow("kms:*", "*"), "Principal": {"AWS": "arn:aws:iam::123456789012:role/other"}}
    key = aws("kms").create_key(Policy=document(own), BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["Arn"]
    kms = under(allow("kms:*", "*"))("kms")
    assert denial(kms.describe_key, KeyId=key)[0] == "AccessDeniedException"


def test_an_encrypted_topic_takes_what_its_key_lets_the_publisher_encrypt(
    aws: Client, under: Role, unique: str
) -> None:
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    topic = aws("sns").create_topic(Name=unique, Attributes={"KmsMasterKeyId": key})["TopicArn"]
    aws("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document())
    publishing = allow("sns:Publish", topic)
    assert denial(under(publishing)("sns").publish, TopicArn=topic, Message="m")[0] == "AuthorizationError"
    under(publishing, allow(["kms:Decrypt", "kms:GenerateDataKey*"], key))("sns").publish(TopicArn=topic, Message="m")


def test_an_attached_policy_counts(aws: Client, under: Role, unique: str) -> None:
    ec2 = under(allow("sns:*", "*"))("ec2")
    assert denial(ec2.describe_vpcs)[0] == "UnauthorizedOperation"
    aws("iam").attach_role_policy(RoleName=unique, PolicyArn="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess")
    assert ec2.describe_vpcs()["Vpcs"]


def test_a_service_gets_no_keys_of_a_role_that_does_not_trust_it(aws: Client, emulator: Emulator, unique: str) -> None:
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust({"Service": LAMBDA}))["Role"]["Arn"]
    with pytest.raises(EmulatorError, match=r"ec2\.amazonaws\.com is not authorized to perform: sts:AssumeRole"):
        emulator.credentials(role, "ec2.amazonaws.com")
    with pytest.raises(EmulatorError, match="there is no role"):
        emulator.credentials(f"{role}-none", LAMBDA)


def test_a_role_is_assumed_by_whom_it_trusts(aws: Client, emulator: Emulator, under: Role, unique: str) -> None:
    asked = {"RoleSessionName": "me"}
    iam = aws("iam")
    of_lambda = f"arn:aws:iam::123456789012:role/{unique}"
    assert denial(aws("sts").assume_role, RoleArn=of_lambda, **asked)[0] == "AccessDenied"
    of_account = iam.create_role(RoleName=f"{unique}-a", AssumeRolePolicyDocument=trust({"AWS": ROOT}))["Role"]["Arn"]
    keys = aws("sts").assume_role(RoleArn=of_account, **asked)["Credentials"]
    given = {"AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "x"}
    assert denial(clients_with(emulator, given)("ec2").describe_vpcs)[0] == "UnauthorizedOperation"
    of_role = trust({"AWS": of_lambda})
    next_role = iam.create_role(RoleName=f"{unique}-b", AssumeRolePolicyDocument=of_role)["Role"]["Arn"]
    under(allow("sts:AssumeRole", next_role))("sts").assume_role(RoleArn=next_role, **asked)
    assert denial(aws("sts").assume_role, RoleArn=next_role, **asked)[0] == "AccessDenied"


def test_keys_of_a_role_ask_nothing_of_the_server_itself(aws: Client, emulator: Emulator, unique: str) -> None:
    role = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=trust({"Service": LAMBDA}))["Role"]["Arn"]
    key = emulator.credentials(role, LAMBDA)["AWS_ACCESS_KEY_ID"]
    other = Emulator(emulator.pid, emulator.port, key)
    with pytest.raises(EmulatorError, match="access key"):
        other.credentials(role, LAMBDA)


def test_a_boundary_takes_away_what_a_policy_allows(aws: Client, under: Role, unique: str) -> None:
    clients = under(allow(["ec2:*", "sns:*"], "*"))
    bounds = aws("iam").create_policy(PolicyName=unique, PolicyDocument=document(allow("sns:*", "*")))["Policy"]["Arn"]
    aws("iam").put_role_permissions_boundary(RoleName=unique, PermissionsBoundary=bounds)
    assert denial(clients("ec2").describe_vpcs)[0] == "UnauthorizedOperation"
    clients("sns").list_topics()


def test_what_was_asked_for_under_a_role_can_be_looked_up(emulator: Emulator, under: Role, bucket: str) -> None:
    clients = under(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/a"))
    clients("s3").get_object(Bucket=bucket, Key="a")
    denial(clients("ec2").describe_vpcs)
    asked = emulator.asked(f"arn:aws:iam::123456789012:role/{bucket}")
    assert [(each["action"], each["resource"]) for each in asked] == [
        ("s3:GetObject", f"arn:aws:s3:::{bucket}/a"),
        ("ec2:DescribeVpcs", "*"),
    ]


def test_a_replica_of_a_secret_has_its_primarys_policy(aws: Client, under: Role, unique: str) -> None:
    arn = aws("secretsmanager").create_secret(
        Name=unique, SecretString="s", AddReplicaRegions=[{"Region": "eu-central-1"}]
    )["ARN"]
    denying = {**allow("secretsmanager:*", "*"), "Effect": "Deny", "Principal": "*"}
    reading = under(allow("secretsmanager:GetSecretValue", "*"))
    there = arn.replace(REGION, "eu-central-1")
    assert reading("secretsmanager", "eu-central-1").get_secret_value(SecretId=there)["SecretString"] == "s"
    aws("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=document(denying))
    code, why = denial(reading("secretsmanager", "eu-central-1").get_secret_value, SecretId=there)
    assert (code, "explicit deny" in why) == ("AccessDeniedException", True)


def test_a_condition_that_is_not_emulated_is_said_and_not_taken_for_met(under: Role) -> None:
    later = {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}
    code, why = denial(under(allow("ec2:*", "*", Condition=later))("ec2").describe_vpcs)
    assert (code, "DateGreaterThan" in why) == ("InternalFailure", True)
