"""Keys, secrets, and what is encrypted by them: their rules, from a file each."""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.encryption import keys, messages, rotation, secrets

RULES = Domain("Encryption and secrets", keys.RULES, secrets.RULES, rotation.RULES, messages.RULES, table.ENCRYPTION)
