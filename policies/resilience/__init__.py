"""Rules about resilience for Pulumi programs on AWS, as pure functions, and what makes a policy pack of them."""
