"""The living mode: what AWS's control planes do takes AWS's time and depends on what was measured of real processes.

It is off until `POST /_rehearsal/live` says how fast AWS's time passes. While it is off, everything that AWS does
within minutes happens within the call that causes it.
"""
