"""What the components cost: ratios of one run, against the same resources written flat and against the AWS CDK."""
