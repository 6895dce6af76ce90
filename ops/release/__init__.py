"""`ha-web release`: which version each region serves, how a release gets on, its end, and the way back."""
