"""Users of the site: an open-loop load over real HTTPS and DNS, whose every outcome is written down."""
