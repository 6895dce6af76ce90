"""The policy pack: `pulumi preview --policy-pack <this folder>` starts it."""

from resilience import rules
from resilience.adapter import serve

serve("resilience", rules.ALL)
