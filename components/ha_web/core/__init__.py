"""Shared by all components: argument checks, child resources, tags, regions, policy documents."""
