"""What the pack found, in the forms that code hosts and build servers read: SARIF and JUnit."""
