"""The checks, by what they are about, and the list of them all. No SDK here."""
