"""EC2: copies of images."""

from __future__ import annotations

from rehearsal.aws_plugin.entry import Call, Hook, HookContext, Read, Type
from rehearsal.aws_plugin.services.ec2.vpc import ec2_tags


def delete_snapshots(context: HookContext) -> None:
    """Delete the snapshots that the copy was made of: nothing else keeps account of them."""
    for device in context.state.get("ebsBlockDevices") or []:
        if device.get("snapshotId"):
            context.call("DeleteSnapshot", {"SnapshotId": device["snapshotId"]})


TYPES = [
    Type(
        "aws:ec2/amiCopy:AmiCopy",
        "ec2",
        create=Call(
            "CopyImage",
            rename={"sourceAmiId": "SourceImageId", "sourceAmiRegion": "SourceRegion"},
            wait="image_available",
            waits={"ImageIds": ["{answer.ImageId}"]},
        ),
        id="ImageId",
        update=(
            Call(
                "ModifyImageAttribute",
                {"ImageId": "{id}", "Description": {"Value": "{description || ''}"}},
                takes=("description",),
                whole=True,
            ),
        ),
        read=Read(
            "DescribeImages",
            {"ImageIds": ["{id}"]},
            "Images[0]",
            rename={
                "ebsBlockDevices": "BlockDeviceMappings[?Ebs].{DeviceName: DeviceName, SnapshotId: Ebs.SnapshotId, "
                "Encrypted: Ebs.Encrypted, VolumeSize: Ebs.VolumeSize, VolumeType: Ebs.VolumeType, "
                "DeleteOnTermination: Ebs.DeleteOnTermination}"
            },
        ),
        delete=(Call("DeregisterImage", {"ImageId": "{id}"}), Hook(delete_snapshots)),
        tags=ec2_tags("image"),
        auto_name="name",
        unread=("sourceAmiId", "sourceAmiRegion", "encrypted", "kmsKeyId"),
        computed=("ebsBlockDevices", "kmsKeyId"),
        outputs={
            "arn": "arn:{partition}:ec2:{region}::image/{id}",
            "rootSnapshotId": "BlockDeviceMappings[0].Ebs.SnapshotId",
        },
        gone=("InvalidAMIID.Unavailable",),
    ),
]
