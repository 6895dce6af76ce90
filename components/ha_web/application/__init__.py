"""The application of the servers: its package, where each region fetches it from, the program that runs it there."""
