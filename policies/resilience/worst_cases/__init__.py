"""How long a site of any program is down, and what it loses, when a server, a zone or a region is lost."""
