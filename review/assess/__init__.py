"""Assesses a preview: changes, lost state, interruptions, openings, recovery, cost, verdict."""
