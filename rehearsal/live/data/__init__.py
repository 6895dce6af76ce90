"""What session stores and databases have in common: addresses of their subnets, lost hosts, passwords."""
