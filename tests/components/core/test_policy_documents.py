"""IAM policy documents."""

from ha_web.core.policy_documents import topic_of

ROOT = "arn:aws:iam::123456789012:root"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"


def test_services_publish_to_a_topic_for_its_own_account_or_for_none_that_they_name() -> None:
    _, publish, _ = topic_of(TOPIC, ROOT, ["cloudwatch.amazonaws.com", "backup.amazonaws.com"])["Statement"]
    assert publish["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}


def test_a_topic_takes_no_message_without_tls() -> None:
    _, _, deny = topic_of(TOPIC, ROOT, [])["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
