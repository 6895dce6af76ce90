"""The filter's former name."""

from tests.review.test_filter_events import DEBUG, EVENT, filtered


def test_projects_that_copied_the_folder_may_still_call_the_filter_by_its_former_name() -> None:
    assert filtered(f"{DEBUG}\n{EVENT}\n", "review.kept") == f"{EVENT}\n"
