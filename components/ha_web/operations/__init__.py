"""What operators need when the state of Pulumi, or a whole region, is out of reach."""
