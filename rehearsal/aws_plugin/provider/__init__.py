"""Pulumi's side of the emulated plugin: check, diff, create, read, update, delete."""
