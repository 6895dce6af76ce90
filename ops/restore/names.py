"""Names of what restore tests make: nobody else's name begins so, and only what does is ever removed. No SDK here."""

import hashlib

BEGINS = "ha-web-restore-test-"


def prefix_of(vault: str) -> str:
    """Return how names begin in a stack's region; another stack's differ, whose tests may run beside."""
    return f"{BEGINS}{_short(vault)}-"


def name_of(vault: str, resource: str) -> str:
    """Return the name of what a resource is restored as."""
    return f"{prefix_of(vault)}{_short(resource)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def is_ours(name: str, vault: str) -> bool:
    """Return whether a restore test of this stack has made something."""
    return name.startswith(prefix_of(vault))
