"""The production topology in the AWS CDK for Python, as its users write it: the peer that the benchmark compares with.

A stack a region and one in us-east-1, where Route 53 puts its metrics. It runs only in the environment that
`bench/peers.py` installs.
"""
