"""A folder that is made like another."""

from pathlib import Path

from rehearsal.live.files.copying import copy_tree


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): "" if path.is_dir() else path.read_text() for path in sorted(folder.rglob("*"))
    }


def test_what_is_new_changed_or_gone_is_so_in_the_copy(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "a").mkdir(parents=True)
    (source / "a/one").write_text("1")
    (source / "two").write_text("2")
    assert copy_tree(source, target) == 2
    assert copy_tree(source, target) == 0
    (source / "two").unlink()
    (source / "a/one").write_text("changed")
    (source / "b").mkdir()
    (source / "link").symlink_to("a/one")
    assert copy_tree(source, target) == 2
    assert tree(target) == {"a": "", "a/one": "changed", "b": "", "link": "changed"}
    assert (target / "link").is_symlink()


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "x").mkdir(parents=True)
    (source / "x/inner").write_text("1")
    (source / "y").write_text("2")
    copy_tree(source, target)
    (source / "x/inner").unlink()
    (source / "x").rmdir()
    (source / "x").write_text("3")
    (source / "y").unlink()
    (source / "y").mkdir()
    copy_tree(source, target)
    assert tree(target) == {"x": "3", "y": ""}
