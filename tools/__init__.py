"""What `make check` needs and no Python package brings."""
