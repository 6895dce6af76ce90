"""CloudWatch: metrics of what is measured, and the account's alarms on them."""
