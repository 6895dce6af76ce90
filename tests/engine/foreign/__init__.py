"""Well-built programs that never heard of ha_web, in the style of the usual examples: the policy pack judges them."""
