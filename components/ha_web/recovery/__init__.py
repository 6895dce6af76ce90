"""The recovery arithmetic: worst cases, objectives, remedies and costs. It needs neither Pulumi nor the AWS SDK."""
