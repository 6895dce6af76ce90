"""An account of which one region is asked: with the primary region lost, no call may depend on it."""

from typing import Any

from ops.core.account import Account
from ops.core.errors import OpsError


class OnlyRegion(Account):
    """Makes clients of one region, and refuses all others."""

    def __init__(self, account: Account, region: str) -> None:
        super().__init__()
        self._account, self._region = account, region

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:
        """Return a client. Raises OpsError for another region."""
        if region != self._region:
            raise OpsError(f"{service} of {region} is not asked: with --region-lost only {self._region} is")
        return self._account.client(service, region, brief=brief)
