"""Damage to files, made again the same from a seed: what a reader of strangers' files must bear.

Miller, Fredriksen and So, "An Empirical Study of the Reliability of UNIX Utilities", 1990, began
with random bytes; changes to valid files, as here, get past the first check of a format.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Change = Callable[[random.Random, bytes, bytes], bytes]
"""From a source of chance, a file and another file to a damaged file."""
_MOST = 64
"""Bytes or digits that one change flips."""
_DIGITS = b"0123456789"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A damaged copy of a file."""

    path: Path
    """The file that it was made from."""
    change: str
    data: bytes


def flip(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """Some bytes become others."""
    damaged = bytearray(data)
    for _ in range(chance.randint(1, _MOST)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def digits(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """Some digits become others: lengths, places and references that are wrong."""
    damaged = bytearray(data)
    places = [at for at, byte in enumerate(data) if byte in _DIGITS]
    for at in chance.sample(places, min(len(places), chance.randint(1, _MOST))):
        damaged[at] = chance.choice(_DIGITS)
    return bytes(damaged)


def truncate(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """The end is missing."""
    return data[: chance.randrange(len(data))]


def splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A part of another file stands in the middle."""
    at = chance.randrange(len(data))
    start = chance.randrange(len(other))
    return data[:at] + other[start : start + chance.randint(1, 4096)] + data[at:]


def duplicate(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A part is there twice."""
    start, end = _range(chance, data)
    return data[:end] + data[start:end] + data[end:]


def zero(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A part is nothing but NUL bytes."""
    start, end = _range(chance, data)
    return data[:start] + bytes(end - start) + data[end:]


def inside(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """A part of a zip file is damaged, and the zip file is whole; other files are flipped."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return flip(chance, data, other)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(name for name, part in parts.items() if part))
    change = chance.choice([flip, digits, truncate, duplicate, zero])
    parts[name] = change(chance, parts[name], other)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


CHANGES: Final[tuple[Change, ...]] = (flip, digits, truncate, splice, duplicate, zero, inside)


def mutation(files: Sequence[Path], number: int, seed: int) -> Mutation:
    """The mutation of a number: each file in turn, its damage by chance.

    Args:
        files: those to be damaged; none of them empty.
        number: from 0.
        seed: another seed, other damage.
    """
    chance = random.Random(f"{seed}:{number}")
    path = files[number % len(files)]
    change = chance.choice(CHANGES)
    other = chance.choice(files).read_bytes()
    return Mutation(path, change.__name__, change(chance, path.read_bytes(), other))


def _range(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.randint(1, max(2, len(data) // 4)))
