"""Tags of the emulated Resilience Hub."""

from collections.abc import Callable

from tests.conftest import Client


def test_tags_are_set_and_removed(aws: Client, unique: str, refused: Callable[..., str]) -> None:
    hub = aws("resiliencehubv2")
    arn = hub.create_policy(name=unique, multiAz={"rtoInMinutes": 1}, tags={"a": "1"})["policy"]["policyArn"]
    hub.tag_resource(resourceArn=arn, tags={"b": "2", "c": "3"})
    hub.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    assert hub.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    assert hub.get_policy(policyArn=arn)["policy"]["tags"] == {"b": "2"}
    assert refused(hub.list_tags_for_resource, resourceArn=f"{arn}0") == "ResourceNotFoundException"
