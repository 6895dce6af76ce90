"""Metric math."""

import pytest

from rehearsal.live.watch.expressions import Query, UnsupportedError, evaluate, query

SHARE = "IF(MAX([FILL(requests,0),FILL(errors,0)])>=20,100*FILL(errors,0)/MAX([FILL(requests,0),FILL(errors,0)]),0)"


@pytest.mark.parametrize(
    ("requests", "errors", "wanted"),
    [(100, 10, 10), (19, 19, 0), (None, 40, 100), (100, None, 0), (None, None, 0), (20, 1, 5)],
)
def test_the_share_of_errors(requests: float | None, errors: float | None, wanted: float) -> None:
    assert evaluate(SHARE, {"requests": requests, "errors": errors}) == wanted


@pytest.mark.parametrize(("runs", "happens", "wanted"), [(50, 2, 2), (50, None, 0), (None, None, None), (None, 1, 1)])
def test_what_should_happen_counts_only_in_hours_with_data(
    runs: float | None, happens: float | None, wanted: float | None
) -> None:
    assert evaluate("SUM([0*runs,happens])", {"runs": runs, "happens": happens}) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a+b", 5),
        ("a-b", -1),
        ("-a", -2),
        ("a/0", None),
        ("a+gone", None),
        ("a<b", 1),
        ("AVG([a,b,gone])", 2.5),
        ("MIN([a,b])", 2),
        ("ABS(a-b)", 1),
        ("IF(a>b,1,gone)", None),
    ],
)
def test_arithmetic(expression: str, wanted: float | None) -> None:
    assert evaluate(expression, {"a": 2, "b": 3, "gone": None}) == wanted


@pytest.mark.parametrize("expression", ["RATE(a)", "a if b else c", "__import__('os')", "unknown", "a+", "METRICS()"])
def test_what_is_not_rehearsed_is_said(expression: str) -> None:
    with pytest.raises(UnsupportedError):
        evaluate(expression, {"a": 1})


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('SELECT MAX(Lag) FROM "AWS/RDS"', Query("MAX", "Lag", "AWS/RDS")),
        ('SELECT SUM(N) FROM SCHEMA("AWS/X", Y)', Query("SUM", "N", "AWS/X")),
        (
            "SELECT AVG(N) FROM \"AWS/X\" WHERE Y = 'a' AND Z = 'b'",
            Query("AVG", "N", "AWS/X", (("Y", "a"), ("Z", "b"))),
        ),
        ("a+b", None),
    ],
)
def test_queries(expression: str, wanted: Query | None) -> None:
    assert query(expression) == wanted


def test_a_query_that_groups_is_not_rehearsed() -> None:
    with pytest.raises(UnsupportedError):
        query('SELECT MAX(N) FROM "AWS/X" GROUP BY Y')
