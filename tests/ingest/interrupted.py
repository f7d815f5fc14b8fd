"""Runs an operation again and again, each time killed at another moment, and compares the ends.

Started as a program, so that every run is a fork of a process in which nothing is open yet:
`python interrupted.py OPERATION FOLDER SEED KILLS`. Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from ingest import HashingEncoder, sync
from ingest.bytescan import Needles, scan_folders
from ingest.legs import open_legs
from ingest.lexical import LexicalIndex
from ingest.library import Library, Upload
from ingest.stages import TrustingReader

ENCODER, ENGLISH = HashingEncoder(64), HashingEncoder(32)
READER = TrustingReader()
OWN = "ingest/"
SECRET = b"the zebra clause of paragraph"


def text(number: int, change: str = "") -> str:
    said = [f"Passage {n} of {number} speaks of consent and of word{number}x{n}." for n in range(6)]
    return "\n\n".join([*said, change])


def prepare(folder: Path) -> None:
    """An index of a corpus and of some uploads, and a corpus that has changed since."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(12):
        (corpus / f"doc{number}.txt").write_text(text(number))
    (corpus / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    synced(folder)
    library = library_in(folder)
    secret = SECRET.decode()
    library.add(Upload("secret.txt", f"{text(50)}\n\nIt is {secret} nine.".encode(), "ada", {}))
    library.add(Upload("secret.txt", f"{text(51)}\n\nIt was {secret} ten.".encode(), "ada", {}))
    library.add(Upload("twin.txt", f"{text(51)}\n\nIt was {secret} ten.".encode(), "ben", {}))
    library.delete("uploads/twin", "ben")
    library.add(Upload("other.txt", text(52).encode(), "ben", {}))
    (corpus / "doc0.txt").write_text(text(0, "A line that is new."))
    (corpus / "doc1.txt").unlink()
    (corpus / "sub").mkdir()
    (corpus / "doc2.txt").rename(corpus / "sub" / "doc2.txt")
    (corpus / "doc3-copy.txt").write_text(text(3))
    (corpus / "doc4.txt").write_text(text(60))
    (corpus / "doc4-copy.txt").write_text(text(4))
    (corpus / "upload-copy.txt").write_text(text(52))
    (corpus / "doc5.txt").write_bytes(b"")
    for number in range(20, 26):
        (corpus / f"doc{number}.txt").write_text(text(number))


def synced(folder: Path) -> None:
    """A whole run over corpus and uploads."""
    options: dict[str, Any] = {"english": ENGLISH, "reader": READER}
    sync(folder / "corpus", folder / "index", ENCODER, **options)
    if (folder / "uploads").is_dir():
        sync(folder / "uploads", folder / "index", ENCODER, origin="uploads", **options)


def erased(folder: Path) -> None:
    """The erasure of one upload."""
    proof = library_in(folder).erase("uploads/secret", "ben")
    assert not proof.found, proof


def library_in(folder: Path) -> Library:
    return Library(folder / "uploads", folder / "index", ENCODER, ENGLISH, reader=READER)


def content(folder: Path) -> dict[str, Any]:
    """All that an index holds, without times."""
    index_dir = folder / "index"
    with closing(sqlite3.connect(index_dir / "catalogue.db")) as db:
        tables = {
            name: [list(row) for row in db.execute(query)]
            for name, query in {
                "documents": "SELECT path, id, hash, state, reason, version, duplicate_of, "
                "text_hash, hex(signature), findings, source FROM documents ORDER BY path",
                "passages": "SELECT * FROM passages ORDER BY id",
                "versions": "SELECT path, number, document, hash, passages, state, texts "
                "FROM versions ORDER BY path, number",
                "near": "SELECT * FROM near ORDER BY one, other",
            }.items()
        }
    with closing(open_legs(index_dir, ENCODER, ENGLISH)) as legs:
        vectors = {
            leg.name: {
                id_: [round(float(x), 5) for x in vector]
                for id_, vector in sorted(leg.index.vectors(sorted(leg.index.ids())).items())
            }
            for leg in legs.legs
        }
    words = sorted(LexicalIndex.load(index_dir / "lexical.npz").ids)
    uploads = sorted(p.name for p in (folder / "uploads").iterdir())
    traces = scan_folders([index_dir, folder / "uploads"], Needles([SECRET])).places
    told = {**tables, "vectors": vectors, "words": words, "uploads": uploads, "traces": traces}
    return json.loads(json.dumps(told).replace(str(folder), "FOLDER"))


def forked(work: Callable[[], object]) -> int:
    """Runs something in a fork; returns by which signal it ended, 0 for none."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0
    return 0


def killed_after(share: float, seconds: float, work: Callable[[], object]) -> None:
    """Does the work, ended by the system after a share of the processor time that it takes.

    So it ends inside Chroma and SQLite too, with no more warning than SIGKILL gives.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, max(0.001, share * seconds))
    work()
    signal.setitimer(signal.ITIMER_PROF, 0)


def killed_at(moment: int, work: Callable[[], object], seen: Path | None = None) -> None:
    """Does the work, killed when so many functions of the room were entered or left."""
    count = 0
    started = time.process_time()

    def watch(frame: Any, _event: str, _value: object) -> None:
        nonlocal count
        if OWN in frame.f_code.co_filename:
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    work()
    sys.setprofile(None)
    if seen:
        seen.write_text(json.dumps([count, time.process_time() - started]))


def main(operation: str, base: Path, seed: int, kills: int) -> None:
    """Prints how many runs were killed and how many ended differently."""
    import chromadb  # noqa: F401 - imported once, for all forks

    work = {"sync": synced, "erase": erased}[operation]
    start = base / "start"
    start.mkdir()
    forked(lambda: prepare(start))

    def finished(name: str) -> Any:
        told = base / f"{name}.json"
        forked(lambda: told.write_text(json.dumps(content(base / name))))
        return json.loads(told.read_text())

    shutil.copytree(start, base / "whole")
    counted = base / "count"
    forked(lambda: killed_at(0, lambda: work(base / "whole"), counted))
    if operation == "erase":
        # What comes after the interruption is a run over the corpus.
        forked(lambda: synced(base / "whole"))
    expected = finished("whole")
    calls, seconds = json.loads(counted.read_text())
    chance = random.Random(seed)
    signals, differing = [], []
    for number in range(kills):
        folder = base / f"run{number}"
        shutil.copytree(start, folder)
        share = chance.random()
        if number % 2:
            # Watching calls makes a run slower: the timer is set for a run that is not watched.
            kill = partial(killed_after, share, seconds / 3, partial(work, folder))
        else:
            kill = partial(killed_at, 1 + int(share * calls), partial(work, folder))
        signals.append(forked(kill))
        if operation == "erase" and still_known(folder):
            forked(partial(erased, folder))
        forked(partial(synced, folder))
        if finished(folder.name) != expected:
            differing.append([number, share])
        else:
            shutil.rmtree(folder)
    told = {
        "calls": calls,
        "seconds": seconds,
        "killed": signals.count(signal.SIGKILL),
        "ended": signals.count(signal.SIGPROF),
        "differing": differing,
        "traces": expected["traces"],
    }
    print(json.dumps(told))  # noqa: T201


def still_known(folder: Path) -> bool:
    """Whether the document is still there and nothing says that it is to be erased."""
    if (folder / "index" / "erasing.json").exists():
        return False
    with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as db:
        query = "SELECT COUNT(*) FROM versions WHERE document = 'uploads/secret'"
        return bool(db.execute(query).fetchone()[0])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
