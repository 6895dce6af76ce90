"""The program of this site: its settings, the arguments of each component, and what spans its regions."""
