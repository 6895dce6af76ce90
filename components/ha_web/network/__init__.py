"""The VPC: addresses, zones, subnets, routes, flow logs."""
