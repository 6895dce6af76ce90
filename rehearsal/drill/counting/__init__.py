"""What became of each operation, in Jepsen's words (https://jepsen.io/consistency), and what users saw."""
