"""The policy pack: `pulumi preview --policy-pack <this folder>` starts it."""

from resilience import rules
from resilience.server import serve

serve("resilience", rules.ALL)
