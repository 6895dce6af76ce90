"""The policy pack: `pulumi preview --policy-pack <this folder>` starts it."""

from resilience.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

from resilience import rules
from resilience.server import serve

serve("resilience", rules.ALL)
