"""The mails of events, as they arrive: the components' rules and texts in the emulated account."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from ha_web import KeyDeletionNotice, KeyDeletionNoticeArgs, ReleaseNotice, ReleaseNoticeArgs
from ha_web.dashboard.link import link_alarms
from ministack.services import eventbridge as store
from pulumi import ResourceOptions

from rehearsal.emulator.corrections.autoscaling.groups import Group
from rehearsal.emulator.corrections.eventbridge import transformed
from tests.components.made import Made, make
from tests.conftest import Client
from tests.rehearsal.emulator.fleets import Fleet, make_fleet

pytestmark = pytest.mark.xdist_group("emulator-autoscaling")

REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:123456789012:key/mrk-{1:032}"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:notices"
LINKED = ResourceOptions(transformations=[link_alarms("web")])
DASHBOARD = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}#dashboards/dashboard/web"

Mails = Callable[[], list[list[str]]]


def put_up(aws: Client, name: str, made: Made[Any]) -> Mails:
    """Put up the rules and targets that a component made; return what reads the mails that came, by lines."""
    events, sns, sqs = aws("events"), aws("sns"), aws("sqs")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    sns.subscribe(TopicArn=topic_of(aws, name), Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:{name}")
    for rule in made.all("aws:cloudwatch/eventRule:EventRule"):
        events.put_rule(Name=rule.name, EventPattern=rule["eventPattern"])
    for target in made.all("aws:cloudwatch/eventTarget:EventTarget"):
        text = target["inputTransformer"]
        given = {"InputPathsMap": text["inputPaths"], "InputTemplate": text["inputTemplate"]}
        sent = {"Id": target["targetId"], "Arn": target["arn"], "InputTransformer": given}
        events.put_targets(Rule=target.name.removesuffix("-target"), Targets=[sent])

    def come() -> list[list[str]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return [[*map(json.loads, json.loads(each["Body"])["Message"].splitlines())] for each in found]

    return come


def topic_of(aws: Client, name: str) -> str:
    return str(aws("sns").create_topic(Name=name)["TopicArn"])


@pytest.fixture
def fleet(network: Any, aws: Client) -> Fleet:
    return make_fleet(network, aws)


@pytest.fixture
def mails(aws: Client, fleet: Fleet) -> Mails:
    """What comes of the fleet's group."""
    args = {"group_name": fleet.name, "topic_arn": topic_of(aws, fleet.name), "region": REGION}
    return put_up(aws, fleet.name, make(lambda: ReleaseNotice(fleet.name, cast(ReleaseNoticeArgs, args), LINKED)))


def test_of_a_release_that_is_taken_back_a_mail_comes_with_its_runbook(fleet: Fleet, mails: Mails) -> None:
    fleet.create(version="1")
    wanted = {"LaunchTemplate": {"LaunchTemplateId": fleet.template, "Version": "2"}}
    done = fleet.refreshed(DesiredConfiguration=wanted)
    assert (done["Status"], mails()) == ("Successful", [])
    identifier = fleet.api.start_instance_refresh(
        AutoScalingGroupName=fleet.name,
        DesiredConfiguration={"LaunchTemplate": {**wanted["LaunchTemplate"], "Version": "1"}},
    )["InstanceRefreshId"]
    fleet.api.rollback_instance_refresh(AutoScalingGroupName=fleet.name)
    [[said, refresh, runbook, dashboard]] = mails()
    assert said.startswith("EC2 Auto Scaling Instance Refresh Rollback Started: ")
    assert f"the group {fleet.name} in {REGION} " in said
    assert identifier in refresh
    assert runbook == "Runbook: docs/runbooks/release.md"
    assert dashboard.strip() == f"Dashboard: {DASHBOARD}"


def text_of(made: Made[Any], rule: str, entry: Mapping[str, Any]) -> list[str]:
    """The lines that EventBridge makes of an event; none if the rule doesn't look for it."""
    view = store._pattern_event_view({**entry, "Region": REGION})
    if not store._matches_pattern_view(made.named(rule)["eventPattern"], view):
        return []
    text = made.named(f"{rule}-target")["inputTransformer"]
    given = {"InputPathsMap": text["inputPaths"], "InputTemplate": text["inputTemplate"]}
    return [line[1:-1] for line in transformed(given, None, view).splitlines()]


def test_of_a_server_that_is_not_launched_a_mail_comes_with_awss_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(store, "_put_events", lambda data, **_: told.extend(data["Entries"]))
    group = Group("web-group", REGION, {}, {}, 1, 3, 2, [])
    for failure in ("No room.", "No room.", 'The image "x" is gone.'):
        group.record("Launching a new EC2 instance", "the desired capacity", failure)
    made = make(lambda: ReleaseNotice("web", {"group_name": "web-group", "topic_arn": TOPIC, "region": REGION}, LINKED))
    _, again = (text_of(made, "web-launch-failure", entry) for entry in told)  # each failure once, however many tries
    said, reason, runbook, dashboard = again
    assert said.startswith("EC2 Instance Launch Unsuccessful: AWS launches no server for the group web-group in ")
    assert reason == 'StatusMessage: The image "x" is gone.'
    assert (runbook, dashboard.strip()) == ("Runbook: docs/runbooks/quota.md", f"Dashboard: {DASHBOARD}")
    assert text_of(made, "web-release-failure", told[0]) == []


@pytest.mark.parametrize(("error", "answer"), [(None, ""), ("AccessDenied", "AccessDenied")])
def test_of_a_key_that_shall_be_deleted_a_mail_says_which_and_who(error: str | None, answer: str) -> None:
    logged = {
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/alice"},
        "eventName": "ScheduleKeyDeletion",
        "sourceIPAddress": "192.0.2.7",
        "requestParameters": {"pendingWindowInDays": 7, "keyId": KEY},
        "resources": [{"accountId": "123456789012", "type": "AWS::KMS::Key", "ARN": KEY}],
        **({"errorCode": error} if error else {}),
    }
    entry = {"Source": "aws.kms", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(logged)}
    args: KeyDeletionNoticeArgs = {"key_arns": [KEY], "topic_arn": TOPIC, "region": REGION}
    made = make(lambda: KeyDeletionNotice("web", args, LINKED))
    said, key, who, refused, runbook, dashboard = text_of(made, "web-key-loss", entry)
    assert said.startswith("ScheduleKeyDeletion: ")
    assert key == f"Key: {KEY}"
    assert who == "Who: arn:aws:iam::123456789012:user/alice, from 192.0.2.7"
    assert refused.endswith(f": {answer}")
    assert (runbook, dashboard.strip()) == ("Runbook: docs/runbooks/stolen-credentials.md", f"Dashboard: {DASHBOARD}")
