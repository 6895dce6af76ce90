import json

import pytest

from review.plan.events import UnreadableError, read
from review.plan.model import Operation
from tests.review.events import Stream, urn

VPC = "aws:ec2/vpc:Vpc"


def test_an_empty_input_is_refused() -> None:
    with pytest.raises(UnreadableError, match="empty"):
        read(" \n")


def test_garbage_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no engine event"):
        read("error: no stack selected\n")


def test_a_line_that_broke_off_is_refused_with_its_number() -> None:
    text = Stream().lines()
    with pytest.raises(UnreadableError, match="line 4"):
        read(text[: len(text) - 5])


def test_a_stream_without_its_end_is_refused() -> None:
    first, *_ = Stream().lines().splitlines()
    with pytest.raises(UnreadableError, match="before the engine's summary"):
        read(first)


def test_what_the_command_prints_around_the_events_is_passed_over() -> None:
    assert read("Loading policy packs...\n" + Stream().lines()).streamed


def test_a_batch_of_events_is_understood() -> None:
    stream = Stream()
    stream.resource("create", VPC, "vpc", None, {})
    events = [json.loads(line) for line in stream.lines().splitlines()]
    assert len(read(json.dumps({"events": events})).events) == len(events)


def document(**more: object) -> str:
    state = {"urn": urn(VPC, "vpc"), "custom": True, "inputs": {"cidrBlock": "10.0.0.0/16"}, "outputs": {}}
    after = {**state, "inputs": {"cidrBlock": "10.0.0.0/8"}}
    step = {
        "op": "update",
        "urn": urn(VPC, "vpc"),
        "oldState": state,
        "newState": after,
        "diffReasons": ["cidrBlock"],
        "detailedDiff": {"cidrBlock": {"kind": "update", "inputDiff": True}},
    }
    return json.dumps({"config": {}, "steps": [step], "changeSummary": {"update": 1, "same": 7}, **more})


def test_the_document_without_streaming_is_understood_and_the_report_says_what_it_lacks() -> None:
    from review.page.report import Options, review_of, whole
    from review.plan.build import plan_of

    report = whole(review_of(plan_of(read(document())), Options("prod")))
    assert "1 to update" in report
    assert "7 unchanged" in report
    assert "`10.0.0.0/16` → `10.0.0.0/8`" in report
    assert "It is unknown whether policies ran" in report
    assert "doesn't say what the stack's outputs will be" in report


def test_an_error_in_the_document_fails_it() -> None:
    from review.plan.build import plan_of

    failed = document(diagnostics=[{"severity": "error", "message": "boom"}])
    assert not plan_of(read(failed)).succeeded


def test_the_steps_of_a_replacement_are_one() -> None:
    stream = Stream(before={})
    stream.replacement(VPC, "vpc", {"cidrBlock": "a"}, {"cidrBlock": "b"}, keys=["cidrBlock"])
    counts = stream.plan().counts()
    assert counts[Operation.REPLACE] == 1
    assert counts[Operation.CREATE] == counts[Operation.DELETE] == 0


@pytest.mark.parametrize("op", ["read-replacement", "import-replacement"])
def test_a_resource_replaced_by_one_that_is_there_already_is_a_replacement_too(op: str) -> None:
    stream = Stream()
    stream.resource(op, VPC, "vpc", {}, {})
    assert [step.operation for step in stream.plan().changed] == [Operation.REPLACE]


def test_what_an_interrupted_update_left_is_deleted_beside_the_one_that_stays() -> None:
    stream = Stream()
    stream.resource("same", VPC, "vpc", {}, {})
    stream.resource("delete", VPC, "vpc", {}, delete=True)
    counts = stream.plan().counts()
    assert counts[Operation.DELETE] == 1
    assert counts[Operation.SAME] == 1


@pytest.mark.parametrize("op", ["read", "refresh", "same", "remove-pending-replace"])
def test_what_only_looks_changes_nothing(op: str) -> None:
    stream = Stream()
    stream.resource(op, VPC, "vpc", {}, {})
    assert stream.plan().changed == []
    assert "No resource changes." in stream.report()


def test_what_was_only_read_is_forgotten_not_deleted() -> None:
    stream = Stream()
    stream.resource("discard", VPC, "vpc", {}, external=True)
    assert [step.operation for step in stream.plan().changed] == [Operation.FORGET]


def test_what_the_program_imports_is_told() -> None:
    stream = Stream()
    stream.resource("import", VPC, "vpc", {}, {})
    assert "1 to import" in stream.report()


def test_a_failed_start_of_a_policy_pack_shows_what_it_printed() -> None:
    stream = Stream()
    stream.says("info#err", "Traceback:\n")
    stream.says("info#err", "  ModuleNotFoundError: no module named resilience\n")
    lines = [line for line in stream.lines().splitlines() if "summaryEvent" not in line]
    from review.plan.build import plan_of

    plan = plan_of(read("\n".join(lines)))
    assert not plan.succeeded
    assert [error.message for error in plan.errors] == ["Traceback:\n  ModuleNotFoundError: no module named resilience"]
