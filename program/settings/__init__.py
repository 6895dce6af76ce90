"""The settings of a stack: read, checked, and turned into facts."""
