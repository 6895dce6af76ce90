"""Releases: a new version of a region's servers is brought out, waited for, and taken back when it fails."""
