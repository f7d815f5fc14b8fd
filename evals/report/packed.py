"""The records of a report, packed: small in the file, and unpacked where somebody opens one.

A run of all has some twelve thousand records, which as plain HTML are twenty megabytes. Deflate
looks back 32 kB only, while two sessions on one case say the same things 100 kB apart, so lines
that stand twice are kept once, in the index of the task, and deflated once. Each chunk is deflated
by itself: to open a record is to inflate its chunk. The browser does so (`DecompressionStream`,
which also works from a file), and base64 is what may stand in a script element.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CHUNK = 64_000
"""Characters of records in a chunk, before deflating; a longer record is a chunk of its own."""
LEAST = 24
"""Characters from which a line that stands twice is kept once."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The records of one task."""

    index: str
    """What is needed before any record can be shown; base64 of a deflated JSON object."""
    chunks: Mapping[int, str]
    """By the line of the log that a chunk begins with, `{line: [text or number of a common one]}`;
    base64 of deflated JSON too."""


def pack(bodies: Mapping[int, str], index: Mapping[str, Any]) -> Packed:
    """The records of one task.

    Args:
        bodies: HTML by the line of the log, in the order of the lines.
        index: what else has to be known about them. `common`, the texts that stand more than once,
            and `starts`, the lines that chunks begin with, are added.
    """
    seen = Counter(line for body in bodies.values() for line in body.splitlines(keepends=True))
    common = [text for text, count in seen.items() if count > 1 and len(text) >= LEAST]
    at = {text: number for number, text in enumerate(common)}
    chunks = {min(held): deflated(held) for held in _chunks(bodies, at)}
    return Packed(deflated({**index, "common": common, "starts": list(chunks)}), chunks)


def deflated(value: Any) -> str:
    """JSON, deflated (zlib, RFC 1950), in base64."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate, which a log may hold as an escape, has no UTF-8.
    return base64.b64encode(zlib.compress(text.encode(errors="replace"), 9)).decode()


def _chunks(bodies: Mapping[int, str], at: Mapping[str, int]) -> Iterator[dict[int, list[Any]]]:
    held: dict[int, list[Any]] = {}
    size = 0
    for line, body in bodies.items():
        held[line] = _pieces(body, at)
        size += sum(len(piece) if isinstance(piece, str) else 4 for piece in held[line])
        if size >= CHUNK:
            yield held
            held, size = {}, 0
    if held:
        yield held


def _pieces(body: str, at: Mapping[str, int]) -> list[str | int]:
    pieces: list[str | int] = []
    for line in body.splitlines(keepends=True):
        if line in at:
            pieces.append(at[line])
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += line
        else:
            pieces.append(line)
    return pieces
