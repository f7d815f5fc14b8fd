"""What is still to be written: one fault a file, and no other complaint about the same lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from tutor.cases.load import Fault
from tutor.cases.new import TODO


def unwritten(faults: Iterable[Fault], files: Sequence[Path]) -> list[Fault]:
    """The faults, with those of lines that say TODO gathered into one for each file."""
    todo = {path: set(_lines(path)) for path in files if path.is_file()}
    kept = [fault for fault in faults if not _of_todo(fault, todo.get(fault.path, set()))]
    for path, lines in todo.items():
        if lines:
            many = len(lines)
            kept.append(
                Fault(
                    path,
                    min(lines),
                    "todo",
                    f"{many} line{'' if many == 1 else 's'} still say {TODO}: "
                    f"{', '.join(_ranges(sorted(lines)))}.",
                    "Write them, or remove what the case does not need.",
                )
            )
    return kept


def _of_todo(fault: Fault, todo: Collection[int]) -> bool:
    """Whether a fault is about a text that is still to be written; a folded one is a line below."""
    return TODO in fault.message or fault.line in todo or fault.line + 1 in todo


def _lines(path: Path) -> Iterator[int]:
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if TODO in line.partition("# ")[0]:
            yield number


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers in order, runs drawn together: 3, 5-9, 12."""
    first = last = numbers[0]
    for number in [*numbers[1:], -1]:
        if number == last + 1:
            last = number
            continue
        yield str(first) if first == last else f"{first}-{last}"
        first = last = number
