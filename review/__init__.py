"""Turns what the Pulumi engine says of a preview into one Markdown report for the reviewer of a pull request.

Only the standard library; nothing of ours: the folder can be copied into any project.
"""
