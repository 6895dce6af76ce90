"""`ha-web adopt`: lets Pulumi keep the generated names of what was imported into its state."""
