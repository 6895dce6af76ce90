"""Preflight: questions to AWS, answers as facts, and checks that are pure functions of the facts."""
