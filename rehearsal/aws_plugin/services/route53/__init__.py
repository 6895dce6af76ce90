"""The types of route53."""
