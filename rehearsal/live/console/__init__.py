"""The console: one page in real time: what stands, what users see, what the automation does, buttons that break it."""

from rehearsal.live.console.server import app

__all__ = ["app"]
