"""Names of what restore tests make."""

from ops.restore.names import is_ours, name_of

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:site-db"


def test_a_name_is_a_valid_identifier_and_the_same_each_time() -> None:
    name = name_of("vault-1", ARN)
    assert name == name_of("vault-1", ARN)
    assert len(name) <= 63 - len("-1")  # AWS's limit, and an instance's name is longer
    assert "--" not in name


def test_neither_another_stacks_nor_anything_else_is_ours() -> None:
    assert is_ours(name_of("vault-1", ARN), "vault-1")
    assert not is_ours(name_of("vault-2", ARN), "vault-1")
    assert not is_ours("site-db", "vault-1")
    assert not is_ours("ha-web-restore-test-", "vault-1")
