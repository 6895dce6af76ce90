"""Keys, secrets, and what is encrypted by them."""

from resilience.rule import Domain

RULES = Domain("Encryption and secrets")
