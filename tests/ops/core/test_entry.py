"""What ends a command is one line and an exit code."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ops.core.entry import guarded
from ops.core.errors import INTERRUPTED, LOCKED, NOT_ASKED, OpsError

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no\nnever"}}, "DescribeDBClusters")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OpsError("ann is at work", LOCKED), LOCKED, "error: ann is at work\n"),
        (OpsError("two\nlines", LOCKED), LOCKED, "error: two lines\n"),
        (DENIED, NOT_ASKED, "error: these credentials may not call DescribeDBClusters; `--policy` prints"),
        (EndpointConnectionError(endpoint_url="https://x"), NOT_ASKED, "error: doesn't answer"),
        (KeyboardInterrupt(), INTERRUPTED, "\n"),
    ],
)
def test_what_ends_a_command_is_one_line(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert guarded(work) == code
    printed = capsys.readouterr()
    assert printed.err.startswith(said)
    assert len(printed.err.splitlines()) == 1
    assert not printed.out


def test_a_command_that_ends_well_has_its_own_code() -> None:
    assert guarded(lambda: 1) == 1
