"""What session stores and databases have in common: subnets, hardware, control planes, passwords, who takes writes."""
