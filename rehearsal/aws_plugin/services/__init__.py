"""The entries, one file an AWS service; the format is told in `rehearsal/aws_plugin/entry.py`."""
