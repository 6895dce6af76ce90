"""What catalogues ask for and an outage doesn't: order, tracing, keys of one's own.

All of it is advice, and only given where it is asked for: `profiles/catalogues.json` switches it on.
"""

from resilience.rule import Domain
from resilience.rules import table
from resilience.rules.advice import computing, networks, storing

RULES = Domain("Advice", networks.RULES, computing.RULES, storing.RULES, table.ADVICE, by_default=False)
