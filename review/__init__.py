"""Turns the Pulumi engine's events of a preview into one Markdown report for the reviewer of a pull request.

It needs only the standard library, so that the folder can be copied into any project.
"""
