"""The servers' image: built, tested and in every region before a server needs it."""
