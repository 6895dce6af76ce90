"""Quotas as a new account has them."""

from collections.abc import Callable

from rehearsal.emulator.corrections.quotas import DEFAULTS
from tests.conftest import Client


def test_a_quota_has_awss_default_until_the_account_asks_for_more(aws: Client, refused: Callable[..., str]) -> None:
    quotas = aws("service-quotas")
    for (service, code), (name, value) in DEFAULTS.items():
        asked = {"ServiceCode": service, "QuotaCode": code}
        assert refused(quotas.get_service_quota, **asked) == "NoSuchResourceException"
        quota = quotas.get_aws_default_service_quota(**asked)["Quota"]
        assert (quota["QuotaName"], quota["Value"]) == (name, value)
    unknown = {"ServiceCode": "ec2", "QuotaCode": "L-00000000"}
    assert refused(quotas.get_aws_default_service_quota, **unknown) == "NoSuchResourceException"


def test_a_new_account_runs_ten_functions_at_once(aws: Client) -> None:
    limit = aws("lambda").get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (10, 10)
