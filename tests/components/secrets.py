"""Secrets of components under test: the password that Secrets Manager draws, and the secret that it is kept in."""

RANDOM = "aws:secretsmanager/getRandomPassword:getRandomPassword"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"

DRAWN = {RANDOM: lambda args: {"randomPassword": "x" * int(args["passwordLength"])}}
"""AWS's answer to whoever asks for a random password."""


def secret_arn(component: str, region: str = "eu-west-1") -> str:
    """Return the ARN that AWS gives a component's secret, and its replica in another region."""
    return f"arn:aws:secretsmanager:{region}:123456789012:secret:{component}-secret-AbCdEf"
