import os
import random
from pathlib import Path

import numpy as np
import pytest

from ingest import Passage, Source
from ingest.bytescan import Needles, scan_folders
from ingest.traces import file_traces, text_traces, vector_traces


@pytest.mark.parametrize("at", [0, 1, 7, 4_194_300, 4_194_304, 4_194_311, 5_000_000 - 20])
def test_a_string_is_found_at_every_place(at: int) -> None:
    data = bytearray(random.Random(at).randbytes(5_000_000))
    needle = b"the needle in it all"
    data[at : at + len(needle)] = needle
    assert Needles([needle, b"another that is not"]).found_in(bytes(data)) == {needle}


def test_strings_of_one_beginning_are_told_apart() -> None:
    needles = Needles([b"begins alike one", b"begins alike two", b"begins a"])
    assert needles.found_in(b"..begins alike two..") == {b"begins alike two", b"begins a"}


def test_short_strings_are_not_looked_for() -> None:
    assert len(Needles([b"short", b""])) == 0
    assert Needles([]).found_in(b"anything at all, long enough") == set()


def test_archives_are_looked_through(tmp_path: Path) -> None:
    secret = "a secret that is compressed" * 3
    np.savez_compressed(tmp_path / "x.npz", words=np.frombuffer(secret.encode(), dtype=np.uint8))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "plain").write_bytes(os.urandom(1000) + secret.encode("utf-16-le"))
    needles = Needles([secret[:20].encode(), secret[:20].encode("utf-16-le")])
    scan = scan_folders([tmp_path], needles)
    assert scan.files == 2
    assert scan.places == 2
    assert {path.name for path in scan.found} == {"x.npz", "plain"}


def test_a_passage_leaves_traces_in_every_encoding() -> None:
    lines = 'He said "no".', "She then asked why he would not.", "病人有權知道自己的診斷結果。"
    text = "\n".join(lines)
    passage = Passage("0123456789abcdef0123", "d", Source("On asking why"), text, 0)
    traces = set(text_traces([passage]))
    for stored in (
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("unicode_escape"),
        np.array([passage.id]).tobytes(),
        passage.source.title.encode(),
    ):
        assert any(trace in stored for trace in traces), stored
    assert not any(b'"' in trace or b"\n" in trace for trace in traces if trace.isascii())


def test_a_vector_leaves_itself_and_parts() -> None:
    vector = np.zeros(384, dtype=np.float32)
    vector[10:] = np.random.default_rng(0).normal(size=374)
    traces = list(vector_traces(vector))
    assert traces[0] == vector[10:].tobytes()
    assert len(traces) == 4
    assert all(trace in vector.tobytes() for trace in traces)
    assert list(vector_traces(np.zeros(8, dtype=np.float32))) == []


def test_a_file_leaves_pieces() -> None:
    data = random.Random(1).randbytes(10_000)
    pieces = list(file_traces(data))
    assert len(pieces) >= 15
    assert all(piece in data for piece in pieces)
    assert list(file_traces(bytes(10_000))) == []
