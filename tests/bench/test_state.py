"""What a state in S3 costs, as rows against the local disk."""

from bench.ratios import Spent
from bench.state import Kept, _notes, _rows


def test_each_setting_is_held_against_the_local_disk_with_what_was_sent() -> None:
    disk = Kept(Spent(40.0, 30.0), Spent(5.0, 5.0), 470)
    kept = Kept(Spent(60.0, 36.0), Spent(5.4, 5.0), 470, requests=4000, saves=1000, megabytes=150.4)
    first, second = _rows(disk, {"zstd": kept})
    assert (first.what, first.ours, first.other) == ("up of 470 resources, state in S3, zstd", 60.0, 40.0)
    assert (first.ratio.median, first.processor, first.met) == (1.5, 1.2, False)
    assert (second.what, second.met) == ("up without a change, state in S3, zstd", True)
    assert [*_notes({"zstd": kept})] == ["state in S3, zstd: 1000 saves, 4000 requests, 150 MB sent"]
