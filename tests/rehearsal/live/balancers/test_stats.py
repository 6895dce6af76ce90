"""HAProxy's figures, and the words that AWS has for a failed check."""

import pytest

from rehearsal.live.balancers.stats import Counter, Counts, Row, counts, rows

TEXT = """\
# pxname,svname,scur,stot,econ,status,check_status,check_code,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,req_tot,rtime
listener-443,FRONTEND,3,10,,OPEN,,,90,1,2,7,100,
web,t1,1,60,4,UP,,,50,,,6,,12
checks-web,t1,0,0,0,DOWN 1/2,* L7STS,503,0,0,0,0,,

"""


def test_lines_are_read() -> None:
    front, server, check = rows(TEXT)
    assert front == Row("listener-443", "FRONTEND", "OPEN", requests=100, codes=(90, 1, 2, 7), active=3)
    assert (server.requests, server.connection_errors, server.response_ms) == (60, 4, 12)
    assert (check.check, check.code) == ("L7STS", "503")


@pytest.mark.parametrize(
    ("status", "check", "code", "state", "reason"),
    [
        ("UP", "L7OK", "200", "healthy", ""),
        ("UP 1/2", "L7TOUT", "", "healthy", ""),
        ("DOWN", "L7TOUT", "", "unhealthy", "Target.Timeout"),
        ("DOWN 1/2", "L4TOUT", "", "unhealthy", "Target.Timeout"),
        ("DOWN", "L7STS", "503", "unhealthy", "Target.ResponseCodeMismatch"),
        ("DOWN", "L4CON", "", "unhealthy", "Target.FailedHealthChecks"),
        ("UP", "INI", "", "initial", "Elb.RegistrationInProgress"),
        ("MAINT", "L7OK", "200", "initial", "Elb.RegistrationInProgress"),
    ],
)
def test_a_check_in_the_words_of_aws(status: str, check: str, code: str, state: str, reason: str) -> None:
    assert Row("checks-web", "t1", status, check, code).view[:2] == (state, reason)


def test_the_code_that_came_is_named() -> None:
    assert Row("c", "t", "DOWN", "L7STS", "503").view[2] == "Health checks failed with these codes: [503]"


def test_counting_goes_on_when_haproxy_begins_anew() -> None:
    counter = Counter()
    counter.add(Counts(10, (9, 0, 0, 1), 1))
    counter.add(Counts(15, (14, 0, 0, 1), 1))
    counter.add(Counts(3, (3, 0, 0, 0), 0))
    assert counter.add(Counts(4, (4, 0, 0, 0), 0)) == Counts(19, (18, 0, 0, 1), 1)


def test_lines_are_summed() -> None:
    assert counts(rows(TEXT)[:2]) == Counts(160, (140, 1, 2, 13), 4)
