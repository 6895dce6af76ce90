"""The readings of AWS, a module a kind of thing."""
