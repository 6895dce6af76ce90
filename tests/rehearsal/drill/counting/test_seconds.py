from rehearsal.drill.counting.seconds import Window, seconds
from tests.rehearsal.drill.counting.test_service import request


def test_each_second_of_a_window_is_there() -> None:
    found = seconds([request(10.2), request(10.4, 503), request(12.9), request(99)], 10, 14)
    assert [(each.at, each.answered, each.failed) for each in found] == [(10, 1, 1), (11, 0, 0), (12, 1, 0), (13, 0, 0)]
    assert found[0].plain()["problems"] == {"status 503": 1}
    assert found[0].plain()["zones"] == {"euw1-az1": 1}


def test_a_late_answer_belongs_to_the_second_in_which_it_was_due() -> None:
    window = Window(kept=3)
    window.add([request(10.1), request(12.5)])
    window.add([request(10.2, 503), request(13.5), request(10.3, 503), request(11.9)])
    assert [(each["at"], each["answered"], each["failed"]) for each in window.plain()] == [
        (11, 1, 0),
        (12, 1, 0),
        (13, 1, 0),
    ]
