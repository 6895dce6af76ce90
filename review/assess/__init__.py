"""What a preview means: changes, lost state, interruptions, openings, recovery, cost."""
