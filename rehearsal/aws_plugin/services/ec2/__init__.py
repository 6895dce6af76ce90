"""The types of ec2."""
