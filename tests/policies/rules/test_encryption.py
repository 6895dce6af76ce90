"""The rules about keys and secrets with AWS's defaults, and with what only looks like a secret."""

import pytest
from resilience.aws.plain_secrets import decoded, names_a_secret, secrets_in

from tests.policies.judged import UNKNOWN, judged, resource, rule
from tests.policies.pairs.encryption import FUNCTION, KEY, PARAMETER, QUEUE, SECRET, TEMPLATE, TOPIC, encoded

ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
FIRST_LINE = "-----BEGIN RSA PRIVATE " + "KEY-----"


@pytest.mark.parametrize(
    "script",
    [
        f"export AWS_ACCESS_KEY_ID={ACCESS_KEY}",
        f"cat > key.pem <<END\n{FIRST_LINE}\n",
        "DB_PASSWORD=correct-horse",
        "export DB_PASSWORD='correct horse'",
        "mysql --password=correct-horse",
        'password: "correct-horse"',
        '{"apiKey": "correct-horse"}',
        "DATABASE_URL=postgres://web:correct-horse@db.example.com/web",
        "clientSecret = correct-horse",
    ],
)
def test_a_secret_in_a_script_is_seen(script: str) -> None:
    assert [*secrets_in(script)]


@pytest.mark.parametrize(
    "script",
    [
        "DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id web)",
        'DB_PASSWORD="$PASSWORD"',
        "password: ${password}",
        "password: {{ resolve }}",
        "PASSWORD_FILE=/run/secrets/password",
        "SECRET_ARN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:web",
        "password_secret=/web/db",
        "DATABASE_SECRET=arn:aws:secretsmanager:eu-west-1:123456789012:secret:web-AbCdEf",
        "TOKEN_TTL=300",
        "token_required=true",
        'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/',
        "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)",
        "DATABASE_URL=postgres://web:$PASSWORD@db.example.com/web",
        "passwd -l root",
        "max_tokens: 200",
        "LRx4!F+o`-Q(2o4dNu$j;secret=g8zV4)",  # an archive in base85
    ],
)
def test_what_leads_to_a_secret_is_none(script: str) -> None:
    assert not [*secrets_in(script)]


def test_what_is_found_is_not_shown() -> None:
    template = resource(TEMPLATE, userData=encoded(f"PASSWORD=correct-horse\nID={ACCESS_KEY}"))

    messages = judged("server-user-data-without-secrets", template).messages
    assert len(messages) == 2
    assert not any("correct-horse" in message or ACCESS_KEY in message for message in messages)


def test_user_data_that_is_not_known_yet_cannot_be_told() -> None:
    assert judged("server-user-data-without-secrets", resource(TEMPLATE, userData=UNKNOWN)).unknown == "userData"


def test_text_that_is_no_base64_is_read_as_it_is() -> None:
    assert decoded("#!/bin/sh\nPASSWORD=x y") == "#!/bin/sh\nPASSWORD=x y"
    assert decoded(encoded("#!/bin/sh")) == "#!/bin/sh"


@pytest.mark.parametrize("name", ["DB_PASSWORD", "dbPassword", "/web/db-password", "API_KEY", "apiKey", "webToken"])
def test_a_name_says_that_its_value_is_secret(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", ["PASSWORD_SECRET_ARN", "TOKEN_TTL", "KEY", "secretName", "tokens", "compass"])
def test_a_name_that_only_mentions_a_secret_says_nothing(name: str) -> None:
    assert not names_a_secret(name)


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256", "HMAC_256"])
def test_a_key_that_cannot_rotate_need_not(spec: str) -> None:
    assert judged("key-rotates", resource(KEY, customerMasterKeySpec=spec)).messages == ()


def test_the_remedy_turns_rotation_on() -> None:
    remedy = rule("key-rotates").remedy

    assert remedy is not None
    assert remedy(resource(KEY), {}) == {"enableKeyRotation": True}
    assert remedy(resource(KEY, enableKeyRotation=True), {}) is None
    assert remedy(resource(KEY, customerMasterKeySpec="RSA_2048"), {}) is None


def test_a_key_without_a_policy_is_its_account_s() -> None:
    assert judged("key-policy-closed", resource(KEY)).messages == ()
    assert judged("key-policy-closed", resource(KEY, policy=UNKNOWN)).unknown == "policy"


def test_the_shortest_wait_that_is_asked_for_is_enough() -> None:
    assert judged("key-deletion-waits", resource(KEY, deletionWindowInDays=14.0)).messages == ()
    assert judged("secret-recoverable", resource(SECRET, recoveryWindowInDays=7.0)).messages == ()


def test_a_queue_with_a_key_of_its_own_needs_no_other() -> None:
    assert judged("queue-encrypted", resource(QUEUE, kmsMasterKeyId=UNKNOWN, sqsManagedSseEnabled=False)).messages == ()


def test_a_topic_without_alarms_may_have_the_key_of_sns() -> None:
    assert judged("topic-key-lets-alarms-in", resource(TOPIC, kmsMasterKeyId="alias/aws/sns")).messages == ()


def test_a_parameter_is_known_by_its_value_too() -> None:
    found = judged("parameter-secret-encrypted", resource(PARAMETER, name="/web/id", type="String", value=ACCESS_KEY))
    path = resource(PARAMETER, name="/web/db-password", type="String", value="/other/parameter")

    assert found.messages == ("type is not SecureString, and the value has an AWS access key",)
    assert judged("parameter-secret-encrypted", path).messages == ()


def test_a_secret_s_variable_that_is_not_known_yet_cannot_be_told() -> None:
    secret = resource(FUNCTION, environment={"variables": {"API_TOKEN": UNKNOWN}})
    other = resource(FUNCTION, environment={"variables": {"TABLE": UNKNOWN}})

    assert judged("function-environment-without-secrets", secret).unknown == "environment.variables.API_TOKEN"
    assert judged("function-environment-without-secrets", other).unknown is None
    assert judged("function-environment-without-secrets", resource(FUNCTION)).messages == ()
