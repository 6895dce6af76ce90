"""What every component uses: argument checks, child resources, tags, regions, policy documents."""
