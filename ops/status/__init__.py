"""`ha-web status`: whether a zone or a region may be lost now, and why not."""
