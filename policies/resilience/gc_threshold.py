"""Raises the garbage collector's threshold before Pulumi's SDK loads, whose objects live as long as the pack.

At Python's own threshold (700) the collector walks them again and again while they load, and while a stack is decoded,
and finds nothing: a tenth of the pack's processor time. Cycles are still collected, only later.
https://docs.python.org/3/library/gc.html#gc.set_threshold
"""

import gc

YOUNGEST = 50_000
"""Objects made and not yet freed until the collector looks at the youngest."""


def raise_threshold() -> None:
    """Have the collector look at the youngest objects when there are `YOUNGEST` of them; leave its other thresholds."""
    gc.set_threshold(YOUNGEST)
