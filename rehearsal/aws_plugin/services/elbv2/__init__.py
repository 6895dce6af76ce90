"""The types of elbv2."""
