"""The function that validates restored resources. It runs on AWS Lambda; nothing here imports Pulumi."""
