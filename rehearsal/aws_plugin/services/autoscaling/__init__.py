"""The types of autoscaling."""
