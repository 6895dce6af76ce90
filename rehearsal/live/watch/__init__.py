"""CloudWatch: metrics of what is measured, and the account's alarms on them."""

from rehearsal.live.watch.system import Watch

__all__ = ["Watch"]
