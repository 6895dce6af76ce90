"""Identical servers: image, launch template, Auto Scaling group, and who reaches them."""
