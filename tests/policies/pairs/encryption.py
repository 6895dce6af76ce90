import base64
import json
from typing import Any

from resilience.resource import Resource

from tests.policies.judged import UNKNOWN, Pair, resource

KEY = "kms/key:Key"
SECRET = "secretsmanager/secret:Secret"
TOPIC = "sns/topic:Topic"
TOPIC_POLICY = "sns/topicPolicy:TopicPolicy"
QUEUE = "sqs/queue:Queue"
QUEUE_POLICY = "sqs/queuePolicy:QueuePolicy"
TEMPLATE = "ec2/launchTemplate:LaunchTemplate"
PARAMETER = "ssm/parameter:Parameter"
FUNCTION = "lambda/function:Function"
TASK = "ecs/taskDefinition:TaskDefinition"


def allowing(principal: Any, **condition: Any) -> str:
    """A policy that allows everything."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def denying_plain_text(action: str) -> str:
    """A policy that denies everybody what comes without TLS."""
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": insecure}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def encoded(script: str) -> str:
    """User data as a launch template has it."""
    return base64.b64encode(script.encode()).decode()


def task(**variables: str) -> Resource:
    """A task of one container."""
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    return resource(TASK, containerDefinitions=json.dumps([{"name": "web", "environment": environment}]))


def alarmed(key: str) -> list[Resource]:
    """A topic with this key, and an alarm that goes to it."""
    topic = resource(TOPIC, kmsMasterKeyId=key)
    return [topic, resource("cloudwatch/metricAlarm:MetricAlarm", "alarm", links={"alarmActions": [topic]})]


ACCOUNT = {"AWS": "arn:aws:iam::123456789012:root"}
OWNER = {"StringEquals": {"AWS:SourceOwner": "123456789012"}}
CALLER = {"StringEquals": {"kms:CallerAccount": "123456789012"}}

ROTATED = resource(SECRET)
ROTATION = "secretsmanager/secretRotation:SecretRotation"
CERTIFICATE = "acm/certificate:Certificate"


def said_of_topic(account: str) -> str:
    """A topic's policy that lets an account publish."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:eu-west-1:111122223333:alarms",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PAIRS = {
    "key-rotates": Pair(good=resource(KEY, enableKeyRotation=True), bad=resource(KEY), says="enableKeyRotation is off"),
    "key-deletion-waits": Pair(
        good=resource(KEY), bad=resource(KEY, deletionWindowInDays=7.0), says="is 7; at least 14 are asked for"
    ),
    "key-governed-by-its-account": Pair(
        good=resource(KEY), bad=resource(KEY, bypassPolicyLockoutSafetyCheck=True), says="unmanageable"
    ),
    "key-policy-closed": Pair(
        good=resource(KEY, policy=allowing({"AWS": "*"}, **CALLER)),
        bad=resource(KEY, policy=allowing({"AWS": "*"})),
        says='policy allows Principal "*"',
    ),
    "secret-policy-closed": Pair(
        good=resource(SECRET, policy=allowing(ACCOUNT)),
        bad=resource(SECRET, policy=allowing("*")),
        says='policy allows Principal "*"',
    ),
    "topic-policy-closed": Pair(
        good=resource(TOPIC_POLICY, policy=allowing({"AWS": "*"}, **OWNER)),
        bad=resource(TOPIC_POLICY, policy=allowing({"AWS": "*"})),
        says='policy allows Principal "*"',
    ),
    "queue-policy-closed": Pair(
        good=resource(QUEUE_POLICY, policy=allowing("*", ArnEquals={"aws:SourceArn": "arn:aws:sns:eu-west-1:1:t"})),
        bad=resource(QUEUE_POLICY, policy=allowing("*")),
        says='policy allows Principal "*"',
    ),
    "topic-encrypted": Pair(
        good=resource(TOPIC, kmsMasterKeyId=UNKNOWN), bad=resource(TOPIC), says="kmsMasterKeyId is missing"
    ),
    "queue-encrypted": Pair(
        good=resource(QUEUE), bad=resource(QUEUE, sqsManagedSseEnabled=False), says="sqsManagedSseEnabled is off"
    ),
    "topic-key-lets-alarms-in": Pair(
        good=alarmed(UNKNOWN), bad=alarmed("alias/aws/sns"), says="which CloudWatch can't use"
    ),
    "server-user-data-without-secrets": Pair(
        good=resource(TEMPLATE, userData=encoded("#!/bin/sh\nexport DB_PASSWORD=$(aws ssm get-parameter)\n")),
        bad=resource(TEMPLATE, userData=encoded("#!/bin/sh\nexport DB_PASSWORD=correct-horse\n")),
        says="userData has a password or key",
    ),
    "parameter-secret-encrypted": Pair(
        good=resource(PARAMETER, name="/web/db-password", type="SecureString", value=UNKNOWN),
        bad=resource(PARAMETER, name="/web/db-password", type="String", value="correct-horse"),
        says="the name says that the value is secret",
    ),
    "function-environment-without-secrets": Pair(
        good=resource(FUNCTION, environment={"variables": {"SECRET_ARN": UNKNOWN, "MODE": "fast"}}),
        bad=resource(FUNCTION, environment={"variables": {"API_TOKEN": "correct-horse"}}),
        says="environment.variables.API_TOKEN is given in plain text",
    ),
    "task-environment-without-secrets": Pair(
        good=task(DB_HOST="db.example.com"),
        bad=task(DB_PASSWORD="correct-horse"),
        says="environment of web, DB_PASSWORD, is given in plain text",
    ),
    "secret-recoverable": Pair(
        good=resource(SECRET), bad=resource(SECRET, recoveryWindowInDays=0.0), says="is 0; at least 7"
    ),
    "secret-rotates": Pair(
        good=[ROTATED, resource(ROTATION, links={"secretId": [ROTATED]})],
        bad=ROTATED,
        says="no aws:secretsmanager/secretRotation",
    ),
    "secret-rotates-in-time": Pair(
        good=resource(ROTATION, rotationRules={"automaticallyAfterDays": 30.0}),
        bad=resource(ROTATION, rotationRules={"scheduleExpression": "rate(365 days)"}),
        says="365 days between two changes",
    ),
    "secret-own-key": Pair(good=resource(SECRET, kmsKeyId=UNKNOWN), bad=ROTATED, says="kmsKeyId is not set"),
    "queue-policy-names-actions": Pair(
        good=resource(QUEUE_POLICY, policy=denying_plain_text("sqs:*")),
        bad=resource(QUEUE_POLICY, policy=allowing({"AWS": "111122223333"})),
        says="policy allows *",
    ),
    "topic-policy-of-one-account": Pair(
        good=resource(TOPIC_POLICY, policy=said_of_topic("111122223333")),
        bad=resource(TOPIC_POLICY, policy=said_of_topic("444455556666")),
        says="lets account 444455556666 in",
    ),
    "subscription-speaks-tls": Pair(
        good=resource("sns/topicSubscription:TopicSubscription", protocol="https"),
        bad=resource("sns/topicSubscription:TopicSubscription", protocol="http"),
        says="protocol is http",
    ),
    "certificate-key-strong": Pair(
        good=resource(CERTIFICATE),
        bad=resource(CERTIFICATE, keyAlgorithm="RSA_1024"),
        says="keyAlgorithm is RSA_1024",
    ),
    "certificate-on-record": Pair(
        good=resource(CERTIFICATE),
        bad=resource(CERTIFICATE, options={"certificateTransparencyLoggingPreference": "DISABLED"}),
        says="is DISABLED",
    ),
    "key-enabled": Pair(good=resource(KEY), bad=resource(KEY, isEnabled=False), says="isEnabled is off"),
}
