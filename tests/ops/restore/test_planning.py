"""Plans of restore tests."""

from dataclasses import replace

from ops.backup.facts import Protected
from ops.restore.names import name_of
from ops.restore.planning import trial
from tests.ops.backup.test_verdict import DATABASE, FILES, GOOD, HOME, VAULTS

DATABASE_NAME, FILES_NAME = (name_of(VAULTS[HOME].name, arn) for arn in (DATABASE, FILES))


def test_all_begin_before_any_is_waited_for_and_each_is_removed() -> None:
    plan = trial(GOOD, [], HOME, [])
    assert [(step.kind, step.about["name"]) for step in plan.steps] == [
        ("start", DATABASE_NAME),
        ("start", FILES_NAME),
        *((kind, DATABASE_NAME) for kind in ("restored", "instance", "check", "remove")),
        *((kind, FILES_NAME) for kind in ("restored", "check", "remove")),
    ]
    assert plan.steps[0].text == f"restore Aurora site-db, as it was 3h ago, as {DATABASE_NAME}"


def test_what_is_left_goes_first_and_alone_if_that_is_all_that_is_wanted() -> None:
    plan = trial(GOOD, ["files"], HOME, [FILES_NAME])
    assert plan.steps[0].text == f"remove {FILES_NAME}, which an interrupted test has left"
    assert len(trial(GOOD, [], HOME, [FILES_NAME], only_remove=True).steps) == 1
    assert trial(GOOD, [], HOME, [], only_remove=True).steps == ()


def test_what_can_not_be_tested_is_said() -> None:
    queue = Protected("arn:aws:dynamodb:eu-west-1:1:table/queue", HOME, "DynamoDB")
    plan = trial(replace(GOOD, protected=(queue, GOOD.protected[1])), [], HOME, [])
    assert "DynamoDB queue is not tested here: the weekly restore tests can have it" in plan.notes
    assert plan.refused == ()
    said = "EFS fs-1 has no recovery point in eu-west-1; `backup start` makes one"
    assert trial(replace(GOOD, points=()), ["files"], HOME, []).refused == (said,)
    nothing = replace(GOOD, protected=())
    assert trial(nothing, [], HOME, []).refused == ("eu-west-1 has nothing that can be restored on trial",)
    silent = replace(GOOD, silent={HOME: "doesn't answer"})
    assert trial(silent, [], HOME, []).refused == ("eu-west-1 doesn't answer",)
