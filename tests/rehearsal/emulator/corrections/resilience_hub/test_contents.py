"""Input sources and assertions of the emulated Resilience Hub."""

from collections.abc import Callable

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.resilience_hub.told import READS, role, service

TAGGED = {"resourceTags": [{"key": "ha-web:stack", "values": ["prod"]}]}


def test_resources_are_found_by_their_tags_if_the_role_may_look(
    aws: Client, unique: str, refused: Callable[..., str]
) -> None:
    hub, arn = aws("resiliencehubv2"), service(aws, unique, role(aws, unique, reads=False))
    given = {"serviceArn": arn, "resourceConfiguration": TAGGED}
    assert refused(hub.create_input_source, **given) == "AccessDeniedException"
    aws("iam").attach_role_policy(RoleName=unique, PolicyArn=READS)
    made = hub.create_input_source(**given)["inputSourceId"]
    [found] = hub.list_input_sources(serviceArn=arn)["inputSourceSummaries"]
    assert (found["inputSourceId"], found["type"], found["resourceTags"]) == (made, "TAGS", TAGGED["resourceTags"])
    assert hub.list_input_sources(serviceArn=arn, type="EKS")["inputSourceSummaries"] == []
    hub.delete_input_source(serviceArn=arn, inputSourceId=made)
    assert refused(hub.delete_input_source, serviceArn=arn, inputSourceId=made) == "ResourceNotFoundException"


def test_an_assertion_is_said_in_other_words_and_goes_with_its_service(
    aws: Client, unique: str, refused: Callable[..., str]
) -> None:
    hub, arn = aws("resiliencehubv2"), service(aws, unique, role(aws, unique))
    made = hub.create_assertion(serviceArn=arn, text="A zone may be lost.")["assertion"]
    assert made["source"] == "USER"
    hub.update_assertion(serviceArn=arn, assertionId=made["assertionId"], text="Two may.")
    [found] = hub.list_assertions(serviceArn=arn)["assertions"]
    assert (found["assertionId"], found["text"]) == (made["assertionId"], "Two may.")
    assert hub.list_assertions(serviceArn=arn, source="AI_GENERATED")["assertions"] == []
    hub.delete_service(serviceArn=arn)
    assert refused(hub.list_assertions, serviceArn=arn) == "ResourceNotFoundException"
