"""What AWS refuses, and mistakes of ours, in one line for a person."""

import json

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoCredentialsError

from ops.core.errors import OpsError, explained, reason_of


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeDBClusters")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (refusal("ExpiredToken"), "the AWS credentials have expired; sign in again"),
        (refusal("RequestTimeTooSkewed"), "(RequestTimeTooSkewed): this machine's clock or the secret key is wrong"),
        (refusal("SignatureDoesNotMatch"), "(SignatureDoesNotMatch): this machine's clock or the secret key is wrong"),
        (refusal("InvalidClientTokenId"), "AWS doesn't know these credentials (InvalidClientTokenId)"),
        (refusal("Throttling"), "eu-west-1: DescribeDBClusters is throttled (Throttling); wait a minute"),
        (refusal("AccessDenied"), "may not call DescribeDBClusters; `--policy` prints what the command needs"),
        (
            refusal("AccessDenied", "User: x is not authorized with an explicit deny in a service control policy"),
            "may not call DescribeDBClusters; AWS says: with an explicit deny in a service control policy",
        ),
        (
            refusal("DBClusterNotFound", "no such"),
            "eu-west-1: DescribeDBClusters is refused: DBClusterNotFound: no such",
        ),
        (ConnectTimeoutError(endpoint_url="https://rds.x"), "eu-west-1: doesn't answer (ConnectTimeoutError)"),
        (NoCredentialsError(), "there are no AWS credentials in the environment; sign in first"),
    ],
)
def test_each_error_says_what_it_means_and_what_helps(error: ClientError, said: str) -> None:
    assert said in explained(error, "eu-west-1")


def test_a_mistake_of_ours_says_where_it_is() -> None:
    assert reason_of(OpsError("the store is busy")) == "the store is busy"
    assert reason_of(refusal("Throttling")).startswith("DescribeDBClusters is throttled")
    with pytest.raises(KeyError) as raised:
        json.loads("{}")["Instances"]
    assert reason_of(raised.value).startswith(f"KeyError: 'Instances' ({__name__}:")
