"""What the instances that build and try an image may do, as plain policy documents. No SDK here."""

from ha_web.core.policy_documents import Document, document

MANAGED_BY_SYSTEMS_MANAGER = {
    "Sid": "TakeCommands",
    "Effect": "Allow",
    "Action": [
        "ssm:DescribeAssociation",
        "ssm:DescribeDocument",
        "ssm:GetDeployablePatchSnapshotForInstance",
        "ssm:GetDocument",
        "ssm:GetManifest",
        "ssm:ListAssociations",
        "ssm:ListInstanceAssociations",
        "ssm:PutComplianceItems",
        "ssm:PutConfigurePackageResult",
        "ssm:PutInventory",
        "ssm:UpdateAssociationStatus",
        "ssm:UpdateInstanceAssociationStatus",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "ec2messages:AcknowledgeMessage",
        "ec2messages:DeleteMessage",
        "ec2messages:FailMessage",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
    ],
    "Resource": "*",
}
"""Run Command, by which Image Builder works: AmazonSSMManagedInstanceCore without the right to read every parameter.
None of it can be limited to a resource.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html"""


def building(partition: str, log_group_arn: str) -> Document:
    """Return what Image Builder's own tool does on the instance: fetch itself and its documents, and write its log.

    Of EC2InstanceProfileForImageBuilder it leaves out what imports disks and ISO files.
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/EC2InstanceProfileForImageBuilder.html
    """
    log = log_group_arn.removesuffix(":*")
    return document(
        MANAGED_BY_SYSTEMS_MANAGER,
        {"Sid": "ReadDocuments", "Effect": "Allow", "Action": "imagebuilder:GetComponent", "Resource": "*"},
        {
            "Sid": "DecryptDocuments",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "ForAnyValue:StringEquals": {
                    "kms:EncryptionContextKeys": "aws:imagebuilder:arn",
                    "aws:CalledVia": ["imagebuilder.amazonaws.com"],
                }
            },
        },
        {
            "Sid": "FetchTheTool",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:{partition}:s3:::ec2imagebuilder*",
        },
        {
            "Sid": "WriteTheLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [log, f"{log}:*"],
        },
    )
