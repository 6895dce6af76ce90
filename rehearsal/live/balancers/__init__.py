"""The load balancers: an HAProxy for each zone of each load balancer, set as the account's load balancer is.

Not emulated: web ACLs, access logs, security groups, authentication of users, UDP, the capacity of a node.
"""

from rehearsal.live.balancers.part import Balancers

__all__ = ["Balancers"]
