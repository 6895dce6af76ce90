"""The entries, one file an AWS service; the format is documented in `rehearsal/aws_plugin/entry.py`."""
