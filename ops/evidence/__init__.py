"""`python -m ops evidence`: one dated file for an auditor: what is promised, what was measured, what is backed up."""
