"""What a restore test's function does with what was restored. It runs on AWS Lambda; nothing here imports Pulumi."""
