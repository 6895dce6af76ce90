"""A stack as rules see it."""

from resilience.resource import Stack

from tests.policies.judged import resource


def test_resources_of_several_types_come_in_the_order_of_the_stack() -> None:
    kinds = ["s3/bucket:Bucket", "sqs/queue:Queue", "s3/bucket:Bucket", "sns/topic:Topic"]
    stack = Stack([resource(kind, str(place)) for place, kind in enumerate(kinds)])

    assert [each.name for each in stack.of_type("aws:sqs/queue:Queue", "aws:s3/bucket:Bucket")] == ["0", "1", "2"]
    assert [each.name for each in stack.of_type("aws:s3/bucket:Bucket")] == ["0", "2"]
    assert stack.of_type("aws:ec2/vpc:Vpc") == []
