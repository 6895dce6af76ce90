"""`ha-web releases`: which versions each region has served, and the way back."""
