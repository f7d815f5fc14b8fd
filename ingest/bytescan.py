"""Looks for many byte strings at once in every file of a folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

SHORTEST: Final = 8
"""Bytes of a string that can be looked for."""
_CHUNK: Final = 1 << 22
_BITS: Final = 20
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)


class Needles:
    """Byte strings to be looked for, found by a hash of their first eight bytes."""

    def __init__(self, strings: Iterable[bytes]) -> None:
        """Strings shorter than `SHORTEST` are left out: they are found everywhere."""
        self.strings = {string for string in strings if len(string) >= SHORTEST}
        self._by_start: dict[int, list[bytes]] = {}
        for string in self.strings:
            start = int.from_bytes(string[:SHORTEST], "little")
            self._by_start.setdefault(start, []).append(string)
        self._starts = np.array(sorted(self._by_start), dtype=np.uint64)
        self._table = np.zeros(1 << _BITS, dtype=bool)
        self._table[_slots(self._starts)] = True
        self._overlap = max(map(len, self.strings), default=1) - 1

    def __len__(self) -> int:
        """How many there are."""
        return len(self.strings)

    def without(self, strings: Iterable[bytes]) -> Needles:
        """All but these."""
        return Needles(self.strings - set(strings))

    def found_in(self, data: bytes) -> set[bytes]:
        """Those that stand in these bytes."""
        return self.found_in_stream(io.BytesIO(data))

    def found_in_stream(self, stream: BinaryIO) -> set[bytes]:
        """Those that stand in what a stream still holds."""
        found: set[bytes] = set()
        tail = b""
        while part := stream.read(_CHUNK):
            data = tail + part
            found |= self._found(data)
            tail = data[len(data) - min(self._overlap, len(data)) :]
        return found

    def _found(self, data: bytes) -> set[bytes]:
        if len(data) < SHORTEST or not self.strings:
            return set()
        # Eight bytes from every place on, without copying them.
        windows = np.ndarray(len(data) - SHORTEST + 1, np.dtype("<u8"), data, strides=(1,))
        places = np.flatnonzero(self._table[_slots(windows)])
        places = places[np.isin(windows[places], self._starts)]
        return {
            string
            for place in places.tolist()
            for string in self._by_start[int(windows[place])]
            if data.startswith(string, place)
        }


@dataclass(slots=True)
class Scan:
    """What was looked through, and what was found there."""

    files: int = 0
    size: int = 0
    """Bytes of all files."""
    found: dict[Path, set[bytes]] = field(default_factory=dict)

    @property
    def places(self) -> int:
        """Strings found, counted once for each file."""
        return sum(map(len, self.found.values()))


def scan_folders(folders: Iterable[Path], needles: Needles) -> Scan:
    """Looks through every file under the folders; in archives also through what they hold."""
    scan = Scan()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        scan.files += 1
        for size, found in _in_file(path, needles):
            scan.size += size
            if found:
                scan.found.setdefault(path, set()).update(found)
    return scan


def _in_file(path: Path, needles: Needles) -> Iterator[tuple[int, set[bytes]]]:
    with path.open("rb") as file:
        yield path.stat().st_size, needles.found_in_stream(file)
    if path.suffix == ".npz":
        # What is compressed does not stand in the file as it is.
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield 0, needles.found_in_stream(io.BytesIO(member.read()))


def _slots(
    starts: np.ndarray[tuple[int], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return ((starts * _MIXER) >> np.uint64(64 - _BITS)).astype(np.int64)
