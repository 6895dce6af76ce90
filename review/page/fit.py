"""Fits the report into a limit: the least important blocks are cut first, and a note lists the cuts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum


class Rank(IntEnum):
    """Order of cutting: the higher, the earlier. KEPT is never cut."""

    KEPT = 0
    VIOLATIONS = 1
    """Cut row by row, and only when all other tables are gone."""
    TABLE = 2
    """Cut row by row, the longest tables first."""
    NOISE = 3
    DETAILS = 4
    PICTURE = 5


@dataclass(frozen=True)
class Block:
    """A piece of the report: lines, of which those between `head` and `tail` are a table's rows."""

    rank: Rank
    what: str
    """Name of the block for the note, when it is cut."""
    head: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    left_out: int = 0
    """Number of rows cut."""

    @property
    def lines(self) -> list[str]:
        """The block as it stands in the report, an empty line after it."""
        cut = [f"| ... and {self.left_out} more |"] if self.left_out else []
        return [*self.head, *self.rows, *cut, *self.tail, ""]

    @property
    def size(self) -> int:
        """Its characters."""
        return sum(len(line) + 1 for line in self.lines)


def fitted(blocks: list[Block], limit: int, pointer: str) -> str:
    """The blocks as one text of at most `limit` characters. `pointer` says where the whole report is."""
    if size(blocks) <= limit:
        return joined(blocks)
    room = limit - len(note(LONGEST_NOTE, 1_000_000, pointer)) - 2
    kept, gone = without_ranks(blocks, room)
    for rank, what in ((Rank.TABLE, "the tables of components"), (Rank.VIOLATIONS, "violations of policies")):
        if size(kept) <= room:
            break
        kept = shortened(kept, rank, room)
        if size(kept) > room:
            kept, gone = [each for each in kept if each.rank is not rank], [*gone, what]
    cut_rows = sum(each.left_out for each in kept)
    return joined([*kept[:1], Block(Rank.KEPT, "", [note(gone, cut_rows, pointer)]), *kept[1:]])


LONGEST_NOTE = [
    "the picture",
    "property changes of 10000 components",
    "noise",
    "the tables of components",
    "violations of policies",
]


def without_ranks(blocks: list[Block], room: int) -> tuple[list[Block], list[str]]:
    """The blocks left after cutting as many as needed, the least important first, and what was cut."""
    gone: list[Block] = []
    over = size(blocks) - room
    for rank in (Rank.PICTURE, Rank.DETAILS, Rank.NOISE):
        for block in [each for each in blocks if each.rank is rank][::-1]:
            if over > 0:
                gone.append(block)
                over -= block.size
    left = {id(block) for block in gone}
    return [each for each in blocks if id(each) not in left], counted(Counter(block.what for block in gone))


def counted(gone: Mapping[str, int]) -> list[str]:
    """The blocks that were cut, counted."""
    return [f"{what} of {number} components" if number > 1 else what for what, number in gone.items()]


def shortened(blocks: list[Block], rank: Rank, room: int) -> list[Block]:
    """Tables of a rank cut to the most rows with which all fits; without rows if none do."""
    longest = max((len(each.rows) for each in blocks if each.rank is rank), default=0)
    return trimmed(blocks, rank, largest(lambda rows: size(trimmed(blocks, rank, rows)) <= room, longest))


def trimmed(blocks: Iterable[Block], rank: Rank, most: int) -> list[Block]:
    """Every table of a rank with at most so many rows."""
    return [
        replace(each, rows=each.rows[:most], left_out=len(each.rows) - most)
        if each.rank is rank and len(each.rows) > most
        else each
        for each in blocks
    ]


def largest(fits: Callable[[int], bool], highest: int) -> int:
    """The largest number up to `highest` that fits; 0 if none does."""
    low = 0
    while low < highest:
        middle = (low + highest + 1) // 2
        low, highest = (middle, highest) if fits(middle) else (low, middle - 1)
    return low


def note(gone: list[str], rows: int, pointer: str) -> str:
    """The note that says what was cut, and where the full report is."""
    parts = [*gone, *([f"{rows} rows of tables"] if rows else [])]
    return f"> Cut to fit the size limit: {', '.join(parts)}. {pointer}"


def size(blocks: Iterable[Block]) -> int:
    """The characters of all blocks together."""
    return sum(each.size for each in blocks)


def joined(blocks: Iterable[Block]) -> str:
    """The blocks as one text."""
    return "\n".join(line for block in blocks for line in block.lines).rstrip("\n") + "\n"
