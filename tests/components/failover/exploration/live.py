"""Which variables of a function still matter at a call: the others make no difference to what it does.

Those matter that are read later, on whatever way, before they are set anew; and those that the same statement has read
already, whose values wait for the call's result where no variable shows them.
"""

import ast
import dis
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType

ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
ALWAYS_JUMPS = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")


def live_at(code: CodeType, offset: int) -> frozenset[str]:
    """Return the names of the variables that matter while the call at an offset runs."""
    found = _analysed(code)
    while offset not in found:
        offset -= 2  # it may be a cache entry behind the instruction
    return found[offset]


@cache
def _analysed(code: CodeType) -> dict[int, frozenset[str]]:
    shared = frozenset((*code.co_cellvars, *code.co_freevars))  # an inner function may read them at any time
    instructions = list(dis.get_instructions(code))
    follows = _successors(code, instructions)
    before: dict[int, frozenset[str]] = {each.offset: shared for each in instructions}
    after = dict(before)
    changed = True
    while changed:
        changed = False
        for each in reversed(instructions):
            live = shared.union(*(before[offset] for offset in follows[each.offset]))
            after[each.offset] = live
            found = _before(each, live)
            if found != before[each.offset]:
                before[each.offset] = found
                changed = True
    read = _read(instructions, _statements(code.co_filename))
    return {offset: names | others for (offset, names), others in zip(after.items(), read, strict=True)}


def _read(instructions: list[dis.Instruction], statements: dict[int, int]) -> Iterator[frozenset[str]]:
    """Yield for each instruction what its statement has read so far."""
    names: frozenset[str] = frozenset()
    statement = 0
    for each in instructions:
        line = (each.positions.lineno if each.positions else None) or 0
        if statements.get(line, line) != statement:
            names, statement = frozenset(), statements.get(line, line)
        if "LOAD_FAST" in each.opname:
            names |= {*(each.argval if isinstance(each.argval, tuple) else (each.argval,))}
        yield names


@cache
def _statements(file: str) -> dict[int, int]:
    """Return the first line of the statement that each line is part of; of a block's, only its head."""
    found: dict[int, int] = {}
    for node in ast.walk(ast.parse(Path(file).read_text())):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            found.update(dict.fromkeys(range(node.lineno, end + 1), node.lineno))
    return found


def _successors(code: CodeType, instructions: list[dis.Instruction]) -> dict[int, set[int]]:
    """Return where each instruction may lead: the next, a jump's target, or a handler of what it raises."""
    follows: dict[int, set[int]] = {}
    for each, after in zip(instructions, [*instructions[1:], None], strict=True):
        found = set()
        if after is not None and each.opname not in (*ENDS, *ALWAYS_JUMPS):
            found.add(after.offset)
        if each.opcode in (*dis.hasjrel, *dis.hasjabs):
            found.add(int(each.argval))
        follows[each.offset] = found
    for entry in dis._parse_exception_table(code):  # type: ignore[attr-defined]  # no public reader of it
        for offset, found in follows.items():
            if entry.start <= offset < entry.end:
                found.add(entry.target)
    return follows


def _before(instruction: dis.Instruction, live: frozenset[str]) -> frozenset[str]:
    """Return what is live before an instruction: `STORE_FAST_LOAD_FAST` stores one name, then loads another."""
    name = instruction.opname
    if "_FAST" not in name:
        return live
    names = instruction.argval if isinstance(instruction.argval, tuple) else (instruction.argval,)
    parts = [part for part in name.split("_") if part in ("LOAD", "STORE", "DELETE", "CLEAR")]
    acts = parts if len(names) > 1 else parts[:1]
    for act, each in reversed(list(zip(acts, names, strict=True))):
        live = live | {each} if act in ("LOAD", "DELETE") else live - {each}
    return live
