"""The emulated AWS: one address on the loopback interface behind which every AWS client sees one account."""

ACCOUNT = "123456789012"
"""The account that every client sees, whatever its credentials."""

KEY_HEADER = "x-rehearsal-key"
"""The header with the access key in requests to the server itself, which aren't signed."""
