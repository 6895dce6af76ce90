"""VPCs, subnets, NAT gateways and security groups."""

from resilience.rule import Domain

RULES = Domain("Network")
