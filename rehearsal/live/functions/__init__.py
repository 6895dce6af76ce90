"""Functions: Lambda runs the stack's own code on EventBridge's schedules, under its roles."""

from rehearsal.live.functions.system import Functions

__all__ = ["Functions"]
