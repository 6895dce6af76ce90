"""Lets the load balancers themselves answer with a page, and keeps the automation from acting meanwhile."""
