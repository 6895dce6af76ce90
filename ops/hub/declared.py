"""What a stack's outputs declare to Resilience Hub: the words are the component's. No calls here."""

from ha_web.resilience_hub import declaration
from ha_web.resilience_hub.declaration import Declaration

from ops.core.stack import Stack


def declared(stack: Stack) -> Declaration:
    """Return what the hub is to be told."""
    return declaration.declaration(stack.site, stack.regions, stack.strategy, stack.objectives)


def seconds(stack: Stack, failure: str, kind: str) -> float | None:
    """Return an objective in seconds; None if nothing is declared."""
    return declaration.seconds(stack.objectives, failure, kind)
