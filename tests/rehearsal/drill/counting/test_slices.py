from rehearsal.drill.counting.slices import slices
from tests.rehearsal.drill.counting.test_service import request


def test_each_slice_of_a_window_is_there() -> None:
    found = slices([request(10.2), request(10.4, 503), request(12.9), request(99), request(9)], 10, 14.5, 1)
    assert [(each.at, each.answered, each.failed) for each in found] == [(10, 1, 1), (11, 0, 0), (12, 1, 0), (13, 0, 0)]
    assert found[0].plain()["problems"] == {"status 503": 1}
    assert found[0].plain()["zones"] == {"euw1-az1": 1}


def test_a_late_answer_belongs_to_the_slice_in_which_it_was_due() -> None:
    found = slices([request(10.2, lasts=3)], 10, 14)
    assert (found[0].answered, found[0].plain()["p99"]) == (1, 3)
