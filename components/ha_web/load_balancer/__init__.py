"""Load balancers: protocol, listeners, target groups, health checks, access logs, web ACL."""
