"""What several rules have to know of AWS and of how Pulumi writes it down."""
