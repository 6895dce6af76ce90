"""`ha-web completion`: what a shell needs to complete the commands, made from their own options."""
