"""What belongs to this site: its settings, what they mean for each component, and what spans its regions."""
