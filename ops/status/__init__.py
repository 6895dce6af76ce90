"""`python -m ops status`: whether a zone or a region may be lost now, and why not."""
