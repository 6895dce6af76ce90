"""The policy pack, where it was installed as a package: `python -m resilience` prints this folder."""

from resilience import rules
from resilience.server import serve

serve("resilience", rules.ALL)
