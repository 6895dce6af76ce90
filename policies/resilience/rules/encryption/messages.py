"""Topics and queues: who may do what with them, and how messages leave."""

import re
from collections.abc import Iterator

from resilience.aws.policy_documents import WHOLE, statements
from resilience.aws.types import QUEUE, QUEUE_POLICY, TOPIC, TOPIC_POLICY
from resilience.known import is_known
from resilience.reference import well_architected
from resilience.resource import Resource
from resilience.rule import Config, Severity, Topic

RULES = Topic()

LEAST_PRIVILEGE = well_architected("SEC03-BP02", "sec_permissions_least_privileges")
ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})")


@RULES.rule(
    "queue-policy-names-actions",
    "A queue's policy names what may be done with it.",
    Severity.MEDIUM,
    LEAST_PRIVILEGE,
    QUEUE,
    QUEUE_POLICY,
)
def queue_names_actions(queue: Resource, _: Config) -> Iterator[str]:
    """Whoever may do everything may delete it, and its messages."""
    for each in statements(queue.get("policy")) if queue.has("policy") else ():
        if each.allows and {"sqs:*", *WHOLE} & {*each.actions}:
            yield f"policy allows {each.actions[0]}; name the actions"


@RULES.rule(
    "topic-policy-of-one-account",
    "A topic's policy lets no other account in.",
    Severity.MEDIUM,
    LEAST_PRIVILEGE,
    TOPIC,
    TOPIC_POLICY,
)
def topic_of_one_account(topic: Resource, _: Config) -> Iterator[str]:
    """The account is that of the resources that the policy is about; where they name none, of the topic's ARN."""
    for each in statements(topic.get("policy")) if topic.has("policy") else ():
        own = {part for arn in each.resources for part in arn.split(":")[4:5] if part.isdigit()}
        if topic.type == TOPIC_POLICY and is_known(topic, "arn"):
            own.add(topic.get("arn").split(":")[4])
        for kind, name in each.principals:
            found = ACCOUNT.match(name) if kind == "AWS" else None
            if each.allows and own and found and found[1] not in own:
                yield f"policy lets account {found[1]} in"
