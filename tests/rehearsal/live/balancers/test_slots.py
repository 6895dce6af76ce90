"""Which target has which server of a node's configuration."""

from rehearsal.live.balancers.slots import Slots
from tests.rehearsal.live.balancers.sample import target


def test_targets_get_servers_and_are_told_when_they_change() -> None:
    slots = Slots(3)
    new, changed, gone, full = slots.fill([target(1), target(2)], 0.0)
    assert [slot.name for slot in new] == ["t1", "t2"]
    assert (changed, gone, full) == ([], [], False)
    assert slots.fill([target(1), target(2)], 0.0) == ([], [], [], False)
    new, changed, gone, full = slots.fill([target(2, draining=True)], 0.0)
    assert (new, [slot.name for slot in changed], [slot.name for slot in gone], full) == ([], ["t2"], ["t1"], False)


def test_a_server_is_used_once() -> None:
    slots = Slots(3)
    slots.fill([target(1)], 0.0)
    slots.fill([], 0.0)
    new, _, _, _ = slots.fill([target(1)], 0.0)
    assert [slot.name for slot in new] == ["t2"]


def test_when_all_are_used_the_configuration_is_written_anew_and_who_passed_goes_on() -> None:
    slots = Slots(2)
    slots.fill([target(1), target(2)], 0.0)
    slots.slots["i-2:8080"].passed = True
    _, _, _, full = slots.fill([target(2), target(3)], 0.0)
    assert full
    assert [(slot.name, slot.target.id, slot.takes) for slot in slots.slots.values()] == [
        ("t1", "i-2", True),
        ("t2", "i-3", False),
    ]
    assert slots.size > 2


def test_a_target_takes_requests_once_it_passed_and_until_it_drains() -> None:
    slots = Slots(1)
    slots.fill([target(1)], 0.0)
    slot = slots.slots["i-1:8080"]
    assert not slot.takes
    slot.passed = True
    assert slot.takes
    slots.fill([target(1, draining=True)], 0.0)
    assert not slot.takes
