import pytest
from ha_web.site import checks, recovery_checks
from ha_web.site.model import Settings
from ha_web.site.reader import keys_of

EVERY = {"checks": (checks, checks.CHECKS), "recovery_checks": (recovery_checks, recovery_checks.RECOVERY_CHECKS)}


@pytest.mark.parametrize("module", EVERY)
def test_every_check_is_in_its_modules_list_once(module: str) -> None:
    where, listed = EVERY[module]
    written = [each for each in vars(where).values() if isinstance(each, checks.Check)]
    assert listed == written


@pytest.mark.parametrize("check", [*checks.CHECKS, *recovery_checks.RECOVERY_CHECKS])
def test_a_check_needs_settings_that_exist(check: checks.Check) -> None:
    assert set(check.keys) <= set(keys_of(Settings))
