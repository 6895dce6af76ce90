"""Rights of a server for its application: these secrets, this release, this log, and no others."""

from ha_web.application.rights import pulling, reading_release, reading_secrets, writing_log

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:stripe-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"


def test_each_secret_is_named_and_decrypted_by_its_own_name() -> None:
    read, decrypt = reading_secrets([SECRET])
    assert (read["Action"], read["Resource"]) == ("secretsmanager:GetSecretValue", [SECRET])
    assert decrypt["Resource"] == ["arn:aws:kms:eu-west-1:123456789012:key/*"]
    assert decrypt["Condition"] == {
        "StringLike": {
            "kms:EncryptionContext:SecretARN": ["arn:aws:secretsmanager:*:123456789012:secret:stripe-AbCdEf"]
        }
    }


def test_one_key_of_a_secret_needs_the_right_to_the_secret() -> None:
    assert reading_secrets([f"{SECRET}:key::", SECRET])[0]["Resource"] == [SECRET]


def test_parameters_have_rights_of_their_own() -> None:
    actions = [each["Action"] for each in reading_secrets([SECRET, PARAMETER])]
    assert actions == ["secretsmanager:GetSecretValue", "ssm:GetParameter", "kms:Decrypt", "kms:Decrypt"]
    assert reading_secrets([PARAMETER])[0]["Resource"] == [PARAMETER]


def test_without_secrets_there_is_no_right() -> None:
    assert reading_secrets([]) == []


def test_a_release_a_log_and_a_repository_are_named() -> None:
    assert reading_release("b", "release.tar", "aws-cn")["Resource"] == "arn:aws-cn:s3:::b/release.tar"
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:web"
    assert writing_log(f"{group}:*")["Resource"] == [group, f"{group}:*"]
    assert pulling("arn:repository")[1]["Resource"] == "arn:repository"
