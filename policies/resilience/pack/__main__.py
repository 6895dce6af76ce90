"""The policy pack, where it was installed as a package: `python -m resilience` prints this folder."""

from resilience.gc_threshold import raise_threshold

raise_threshold()  # before the SDK is loaded

from resilience import rules
from resilience.server import serve

serve("resilience", rules.ALL)
