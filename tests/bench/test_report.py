import pytest

from bench.previews import growth_rows
from bench.processes import Used
from bench.ratios import Pair, Ratio, Spent
from bench.report import Row, as_json, machine_line, profile_table, row_of, table


def row(median: float, target: float | None) -> Row:
    return Row("preview", 5.5, 5.0, "s", Ratio(median, 0.9, 1.2), 1.01, "flat", target)


@pytest.mark.parametrize(("median", "target", "met"), [(1.10, 1.10, True), (1.11, 1.10, False), (9.0, None, None)])
def test_a_target_is_met_up_to_its_value_and_a_row_without_one_says_nothing(
    median: float, target: float | None, met: bool | None
) -> None:
    assert row(median, target).met is met


def test_the_table_has_both_values_the_ratio_with_its_range_and_whether_the_target_is_met() -> None:
    head, _, ours, missed = table([row(1.05, 1.10), row(1.25, 1.10)]).splitlines()

    assert head.split() == ["what", "ours", "other", "ratio", "[min-max]", "of", "CPU", "target", "met"]
    assert ours.split() == [
        "preview",
        "5.50",
        "s",
        "5.00",
        "s",
        "flat",
        "1.05",
        "[0.90-1.20]",
        "1.01",
        "<=",
        "1.10",
        "yes",
    ]
    assert missed.endswith("NO")


def test_the_row_is_judged_by_pairs_and_not_by_the_medians_that_it_shows() -> None:
    pairs = [Pair(Spent(1, 1), Spent(1, 1)), Pair(Spent(6, 1), Spent(5, 1)), Pair(Spent(7, 1), Spent(10, 1))]

    found = row_of("x", pairs, "flat", 1.10)

    assert (found.ours, found.other) == (6, 5)
    assert found.ratio.median == 1.0


def test_the_json_has_every_row_the_notes_and_the_machine() -> None:
    found = as_json([row(1.05, 1.10)], ["a note"])

    assert found["rows"][0]["met"] is True
    assert found["rows"][0]["ratio"]["median"] == 1.05
    assert found["notes"] == ["a note"]
    assert str(found["machine"]["cores"]) in machine_line()


def test_growth_compares_the_last_step_with_the_first_of_each_side() -> None:
    ours = [(27, Spent(5.0, 5.0)), (270, Spent(7.43, 7.43)), (1080, Spent(23.63, 15.53))]  # 10 ms, then 20
    flat = [(27, Spent(5.0, 5.0)), (270, Spent(7.43, 7.43)), (1080, Spent(15.53, 15.53))]  # 10 ms throughout

    each, components, alone = growth_rows(ours, flat)

    assert components.ratio.median == pytest.approx(2.0)
    assert components.met is False
    assert components.processor == pytest.approx(1.0)
    assert alone.ratio.median == pytest.approx(1.0)
    assert each.ratio.median == pytest.approx((18.63 / 1053) / 0.010)


def test_points_of_a_line_have_no_growth() -> None:
    line = [(n, Spent(2.3 + 0.009 * n, 1 + 0.004 * n)) for n in (27, 270, 1080, 1998)]

    assert [found.ratio.median for found in growth_rows(line, line)] == pytest.approx([1.0, 1.0, 1.0])


def test_the_profile_has_each_part_with_and_without_the_policy_pack() -> None:
    without = {"program": Used(2.0, 100), "engine": Used(1.0, 50)}
    lines = profile_table(without, {**without, "policy pack": Used(0.5, 60)}).splitlines()

    assert lines[1].split() == ["program", "2.00", "s", "100", "MiB", "2.00", "s", "100", "MiB"]
    assert lines[3].split() == ["policy", "pack", "0.50", "s", "60", "MiB"]
    assert lines[4].split() == ["all", "3.00", "s", "3.50", "s"]
