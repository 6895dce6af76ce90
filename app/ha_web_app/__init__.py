"""The web application of ha-web's servers: a page that counts visits, in sessions that any server can serve."""
