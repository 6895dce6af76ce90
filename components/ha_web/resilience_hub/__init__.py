"""A site's objectives at AWS Resilience Hub: the same declaration, for a second judge."""
