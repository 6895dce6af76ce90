"""What AWS Backup is told of a restore."""

from ops.restore.metadata import changed, into_own_file_system, of_cluster, of_file_system


def test_a_value_of_our_own_takes_the_place_of_one_in_another_spelling() -> None:
    assert changed({"dbClusterIdentifier": "old", "Engine": "e"}, {"DBClusterIdentifier": "new"}) == {
        "Engine": "e",
        "DBClusterIdentifier": "new",
    }


def test_a_cluster_is_beside_its_source() -> None:
    source = {"DBSubnetGroup": "data", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}]}
    known = {"DBClusterIdentifier": "site", "DBSubnetGroupName": "default", "KmsKeyId": "key"}
    assert of_cluster(known, source, "trial") == {
        "KmsKeyId": "key",
        "DBClusterIdentifier": "trial",
        "DBSubnetGroupName": "data",
        "VpcSecurityGroupIds": '["sg-1"]',
    }


def test_files_are_a_file_system_of_their_own_or_in_a_directory() -> None:
    source = {"FileSystemId": "fs-1", "PerformanceMode": "generalPurpose", "KmsKeyId": "key"}
    made = of_file_system({"encrypted": "false"}, source, "trial")
    assert (made["newFileSystem"], made["CreationToken"], made["KmsKeyId"], made["Encrypted"]) == (
        "true",
        "trial",
        "key",
        "true",
    )
    assert "encrypted" not in made
    assert into_own_file_system({"NewFileSystem": "true"}, "fs-1")["newFileSystem"] == "false"
