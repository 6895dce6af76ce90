"""An API of functions over a table."""

import json

import pulumi
import pulumi_aws as aws

REPLICA_KEY = "arn:aws:kms:eu-central-1:111122223333:key/2"
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}

orders = aws.dynamodb.Table(
    "orders",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
    point_in_time_recovery={"enabled": True},
    deletion_protection_enabled=True,
    server_side_encryption={"enabled": True, "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1"},
    replicas=[{"region_name": "eu-central-1", "point_in_time_recovery": True, "kms_key_arn": REPLICA_KEY}],
    tags={"backup": "no: point-in-time recovery and a replica"},
)
role = aws.iam.Role("api", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}))
aws.iam.RolePolicy(
    "api",
    role=role.id,
    policy=orders.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], "Resource": arn}],
            }
        )
    ),
)
failures = aws.sqs.Queue("failures")
function = aws.lambda_.Function(
    "api",
    role=role.arn,
    runtime="python3.13",
    handler="api.handler",
    code=pulumi.AssetArchive({"api.py": pulumi.StringAsset("def handler(*_): return {'statusCode': 200}")}),
    dead_letter_config={"target_arn": failures.arn},
    reserved_concurrent_executions=20,
    environment={"variables": {"TABLE": orders.name}},
)
aws.cloudwatch.LogGroup("api", retention_in_days=90)
api = aws.apigatewayv2.Api("api", protocol_type="HTTP")
aws.lambda_.Permission(
    "api",
    function=function.name,
    action="lambda:InvokeFunction",
    principal="apigateway.amazonaws.com",
    source_arn=pulumi.Output.concat(api.execution_arn, "/*"),
)
