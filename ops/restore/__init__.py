"""`python -m ops restore`: backups on trial beside what runs, and what is restored after damage."""
