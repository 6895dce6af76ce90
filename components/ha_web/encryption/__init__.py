"""Certificates and KMS keys."""
