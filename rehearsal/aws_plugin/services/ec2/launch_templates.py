"""EC2: launch templates. A changed template is a new version; versions are numbered."""

from dataclasses import replace

from rehearsal.aws_plugin.entry import Call, Read, Type
from rehearsal.aws_plugin.services.ec2.vpc import ec2_arn, ec2_tags

DATA = {
    "description": "VersionDescription",
    "vpcSecurityGroupIds": "LaunchTemplateData.SecurityGroupIds",
    "securityGroupNames": "LaunchTemplateData.SecurityGroups",
    "tagSpecifications": "LaunchTemplateData.TagSpecifications",
    "networkInterfaces.ipv4AddressCount": "SecondaryPrivateIpAddressCount",
    "networkInterfaces.securityGroups": "Groups",
}

TAGS_OF_ID = {"Filters": [{"Name": "resource-id", "Values": ["{id}"]}]}

TYPES = [
    Type(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "ec2",
        create=Call("CreateLaunchTemplate", rename={"name": "LaunchTemplateName", **DATA}, into="LaunchTemplateData"),
        update=(
            Call(
                "CreateLaunchTemplateVersion",
                {"LaunchTemplateId": "{id}"},
                rename=DATA,
                into="LaunchTemplateData",
                skip=("name",),
            ),
            Call(
                "ModifyLaunchTemplate",
                {
                    "LaunchTemplateId": "{id}",
                    "DefaultVersion": "{to_string(answer.LaunchTemplateVersion.VersionNumber || latestVersion)}",
                },
                when="{updateDefaultVersion}",  # whatever else changes: a default set by hand is taken back
                takes=(),
                always=True,
            ),
            Call("ModifyLaunchTemplate", {"LaunchTemplateId": "{id}"}, takes=("defaultVersion",)),
        ),
        id="LaunchTemplate.LaunchTemplateId",
        read=(
            Read(
                "DescribeLaunchTemplates",
                {"LaunchTemplateIds": ["{id}"]},
                "LaunchTemplates[0]",
                rename={
                    "name": "LaunchTemplateName",
                    "latestVersion": "LatestVersionNumber",
                    "defaultVersion": "DefaultVersionNumber",
                },
            ),
            Read(
                "DescribeLaunchTemplateVersions",
                {"LaunchTemplateId": "{id}", "Versions": ["$Latest"]},
                "LaunchTemplateVersions[0].LaunchTemplateData",
                # moto puts the template's own tags among those of the instances
                rename={"tagSpecifications": "TagSpecifications[?ResourceType!='launch-template']"},
            ),
        ),
        delete=Call("DeleteLaunchTemplate", {"LaunchTemplateId": "{id}"}),
        # moto's DescribeLaunchTemplates has the first tags only
        tags=replace(ec2_tags("launch-template"), read="DescribeTags", read_target=TAGS_OF_ID, at="Tags"),
        auto_name="name",
        local=("updateDefaultVersion",),
        volatile=("latestVersion", "defaultVersion"),
        # A new description is a new version, too: what follows the latest one learns of it at the next `up`.
        unannounced={
            "latestVersion": ("defaultVersion", "description", "name", "updateDefaultVersion"),
            "defaultVersion": ("description", "name"),
        },
        unsent=("maintenanceOptions",),
        ordered=("blockDeviceMappings", "networkInterfaces"),
        outputs={"arn": ec2_arn("launch-template")},
    ),
]
