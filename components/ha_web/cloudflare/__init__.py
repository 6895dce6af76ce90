"""Cloudflare as the edge in front of the clusters."""
