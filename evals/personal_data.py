"""Our own texts with personal data, marked, in three languages; every person in them is invented.

A line of `evals/data/personal_data.jsonl` is one text, its personal data marked in place:
`{"id": ..., "language": ..., "batch": 1, "text": "I saw Mrs {name:Lam} today."}`. A text without a
mark holds none, and what is found in it is a false alarm. Kinds are those of
`ingest.screening.PRIVATE_KINDS`. Each batch was written before the rules were tried on it, and the
rules were mended after it: docs/safety.md has what was found at the first try.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.second_reader import tokens
from evals.task import DataError
from ingest import LANGUAGES, Language
from ingest.screening import PRIVATE_KINDS

PERSONAL_DATA = Path(__file__).parent / "data" / "personal_data.jsonl"
_MARK = re.compile(r"\{(?P<kind>[a-z_]+):(?P<value>[^{}]+)\}")
_LABEL = re.compile(r"\[[A-Z ]+\]")
Span = tuple[int, int, str]
"""Start, end and kind."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One text and the personal data in it."""

    id: str
    language: Language
    batch: int
    text: str
    spans: tuple[Span, ...]


def read_marked(path: Path = PERSONAL_DATA) -> list[Marked]:
    """Every text, in file order.

    Raises:
        DataError: a line is not of the format of the module.
    """
    return [
        _marked(line, f"{path}:{number}")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def _marked(line: str, where: str) -> Marked:
    try:
        row = json.loads(line)
        marked, language = str(row["text"]), row["language"]
        known = next(code for code in LANGUAGES if code == language)
    except (json.JSONDecodeError, KeyError, TypeError, StopIteration) as error:
        raise DataError(f"{where}: not a text with language and marks ({error!r}).") from error
    parts: list[str] = []
    spans: list[Span] = []
    end, length = 0, 0
    for match in _MARK.finditer(marked):
        if match["kind"] not in PRIVATE_KINDS:
            raise DataError(f"{where}: there is no kind {match['kind']!r}.")
        parts += [marked[end : match.start()], match["value"]]
        start = length + match.start() - end
        length = start + len(match["value"])
        spans.append((start, length, match["kind"]))
        end = match.end()
    return Marked(
        str(row["id"]),
        known,
        int(row.get("batch", 1)),
        "".join([*parts, marked[end:]]),
        tuple(spans),
    )


def removed(text: str, spans: Sequence[Span], stored: str) -> list[bool]:
    """By span, whether no word of it stands in what is stored of the text.

    A word, or a Chinese character, that the text has outside its spans too may stand as often as it
    does there.

    Args:
        text: as somebody wrote it.
        spans: the personal data in it.
        stored: the text after redaction, labels such as `[NAME]` included.
    """
    inside = {i for start, end, _ in spans for i in range(start, end)}
    harmless = "".join(" " if i in inside else letter for i, letter in enumerate(text))
    left: Counter[str] = tokens(_LABEL.sub(" ", stored)) - tokens(harmless)
    found = []
    for start, end, _ in spans:
        kept = tokens(text[start:end]) & left
        left -= kept  # Of two spans with one name, one was removed.
        found.append(not kept)
    return found


def touched(span: Span, found: Sequence[Span]) -> bool:
    """Whether any finding overlaps a span."""
    return any(start < span[1] and span[0] < end for start, end, _ in found)
