"""Facts about AWS, and about how Pulumi's AWS provider writes them, that several rules share."""
