"""Identical servers: image, launch template, Auto Scaling group, and security groups."""
