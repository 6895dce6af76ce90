"""The stack's objectives at AWS Resilience Hub: declared there, and its judgement beside ours."""
