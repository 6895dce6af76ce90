"""IAM: whoever asks under a role may do what its policies allow, and nothing else.

The rehearsal's own key is an administrator's: it asks without any look at policies. What runs under a role (servers,
functions) gets its keys from the service that runs it, here by `POST /_rehearsal/credentials`, or by AssumeRole.
"""
