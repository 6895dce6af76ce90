"""IAM policy documents of keys, topics, vaults and roles, as plain dictionaries. No SDK here."""

from typing import Any

Document = dict[str, Any]


def document(*statements: dict[str, Any]) -> Document:
    """Return a policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, actions: str | list[str], resources: str | list[str]) -> dict[str, Any]:
    """Return a statement that allows these actions on these resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def trusting(service: str) -> Document:
    """Return the trust policy of a role that one AWS service may assume."""
    return document(
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"},
    )


def key_of_account(root_arn: str, *statements: dict[str, Any]) -> Document:
    """Return a key policy that leaves access to the account's IAM policies, and adds these statements.

    Without the first statement, no one could ever change the key's policy again.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    administer = {
        "Sid": "AccountGoverns",
        "Effect": "Allow",
        "Principal": {"AWS": root_arn},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document(administer, *statements)


def services_publish(services: list[str]) -> dict[str, Any]:
    """Return the statement of a topic's key policy that lets these AWS services encrypt what they publish.

    SNS's own key (alias/aws/sns) can't be used: its policy doesn't let CloudWatch and AWS Backup in.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return {
        "Sid": "ServicesPublish",
        "Effect": "Allow",
        "Principal": {"Service": services},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
    }


def topic_of(topic_arn: str, root_arn: str, services: list[str]) -> Document:
    """Return a topic policy: the account administers it, these AWS services publish to it, over TLS only.

    A service that names the account for which it publishes, as CloudWatch does, must name this one: else another
    account's alarm could publish here. One that names none, may publish too.
    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """
    return document(
        {
            "Sid": "AccountGoverns",
            "Effect": "Allow",
            "Principal": {"AWS": root_arn},
            "Action": ["sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:Subscribe", "sns:Publish"],
            "Resource": topic_arn,
        },
        {
            "Sid": "ServicesPublish",
            "Effect": "Allow",
            "Principal": {"Service": services},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": root_arn.split(":")[4]}},
        },
        {
            "Sid": "OnlyOverTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def only_over_tls(bucket_arn: str) -> dict[str, Any]:
    """Return the statement of a bucket policy that denies every request without TLS."""
    return {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
