"""The types of s3."""
