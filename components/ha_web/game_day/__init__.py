"""Failures on purpose in a real account: templates of AWS Fault Injection Service, started by a person."""
