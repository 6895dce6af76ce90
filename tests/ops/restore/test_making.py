"""Only what a restore test has made is removed."""

import pytest

from ops.backup.jobs import Waiting
from ops.backup.look import Place
from ops.core.account import Account
from ops.core.errors import OpsError
from ops.restore.making import Making
from tests.components.standby import Time


@pytest.mark.parametrize("name", ["site-db", "ha-web-restore-test-", "ha-web-restore-test-00000000-11111111"])
def test_what_is_not_of_this_stacks_tests_is_never_removed(name: str) -> None:
    making = Making(Place(Account(), "eu-west-1", "vault"), Waiting(lambda _: None, Time().clock))
    with pytest.raises(OpsError, match="is not of a restore test of this stack and is not removed"):
        making.remove(name)
