"""Writes `rehearsal/aws_plugin/provider_rules.json` from what was read of the real provider's schemas.

`python -m tools.provider_rules RULES.json` writes the types that the rehearsal knows, so a new type is added by its
entry and one run. RULES.json is read from the source of terraform-provider-aws 6.58.0: per type (`aws_vpc`) its
`package` and its `arguments` by path (snake case, blocks in the singular, `default_action.redirect.port`), each with
what its schema says: `required`, `optional`, `computed`, `force_new`, `write_only`, `normalised`, `default`,
`min_items`, `max_items`, `conflicts_with`, `required_with`, `exactly_one_of`, `at_least_one_of`, `diff_suppressed_by`,
and `limits` and `element_limits`, one object a check: `{"StringLenBetween": ["1", "64"]}`,
`{"enum": "awstypes.ProtocolEnum"}`, `{"check": "ValidARN"}`. `config_rules` are of the whole type.

What a check of the provider's means is in `checks.py`, the values of its lists and constants in `words.py`. A check
that is in neither is written as `not_held`, by its own name.
"""
