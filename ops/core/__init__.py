"""What the operations share: the stack, the account, plans and what carries them out."""
