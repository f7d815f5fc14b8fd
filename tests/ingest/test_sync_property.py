"""Random operations on corpus and library against a plain model of what must come of them.

A long run: `LONG_PROPERTY_TEST=200 pytest tests/ingest/test_sync_property.py`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from ingest import HashingEncoder, IndexLocked, SyncReport, open_searcher, sync
from ingest.bytescan import Needles, scan_folders
from ingest.catalogue import Catalogue
from ingest.encoders import Vectors
from ingest.erase import kept_texts
from ingest.legs import open_legs
from ingest.library import Library, Upload
from ingest.split import embedding_text
from ingest.stages import TrustingReader
from ingest.storage import only_writer

LONG = int(os.environ.get("LONG_PROPERTY_TEST", "0"))
ENCODER, ENGLISH = HashingEncoder(64), HashingEncoder(32)
READER = TrustingReader()
TORN = 6
"""The content that no reader can read."""
NEARLY_THE_FIRST = 5
CONTENTS = st.integers(0, TORN)
PLACES = st.sampled_from(["a.txt", "b.txt", "b.md", "sub/a.txt", "sub/c.txt"])
NAMES = st.sampled_from(["a.txt", "one.txt", "two.txt"])


class Interrupting(HashingEncoder):
    """Stops the run after some passages."""

    def __init__(self, after: int) -> None:
        super().__init__(64)
        self.left = after

    def encode_documents(self, texts: list[str]) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


def word(content: int) -> str:
    """A word that one content has and no other."""
    return f"zebra{content:05}quark"


def data(content: int) -> bytes:
    if content == TORN:
        return b"torn \x00 file"
    of = 0 if content == NEARLY_THE_FIRST else content
    said = [f"Sentence {n} of {of} on m{of}x{n} and consent, told at length." for n in range(60)]
    return "\n\n".join([*said, f"It ends with {word(content)}."]).encode()


class IndexMachine(RuleBasedStateMachine):
    """The model: which content lies where, and which versions an upload has had."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.corpus = self.home / "corpus"
        self.corpus.mkdir()
        self.index_dir = self.home / "index"
        self.library = Library(
            self.home / "uploads", self.index_dir, ENCODER, ENGLISH, reader=READER
        )
        self.there: dict[str, int] = {}
        """What lies in the corpus folder now."""
        self.synced: dict[str, int] | None = None
        """What lay there when it was last ingested; None while a run was cut short."""
        self.uploads: dict[str, int] = {}
        self.versions: dict[str, list[str]] = defaultdict(list)
        self.run()

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    # What happens to the corpus folder.

    @rule(place=PLACES, content=CONTENTS)
    def write(self, place: str, content: int) -> None:
        path = self.corpus / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data(content))
        self.there[place] = content

    @precondition(lambda self: self.there)
    @rule(at=st.integers(0, 9), place=PLACES)
    def move(self, at: int, place: str) -> None:
        old = sorted(self.there)[at % len(self.there)]
        (self.corpus / place).parent.mkdir(exist_ok=True)
        (self.corpus / old).replace(self.corpus / place)
        self.there[place] = self.there.pop(old)

    @precondition(lambda self: self.there)
    @rule(at=st.integers(0, 9))
    def remove(self, at: int) -> None:
        old = sorted(self.there)[at % len(self.there)]
        (self.corpus / old).unlink()
        del self.there[old]

    # What is done with the index.

    @rule()
    def ingest(self) -> None:
        self.run()
        again = self.run()
        assert set(again.counts) <= {"unchanged", "failed"}
        assert again.embedded == 0
        self.check()

    @rule(after=st.integers(0, 60))
    def ingest_interrupted(self, after: int) -> None:
        try:
            sync(self.corpus, self.index_dir, Interrupting(after), english=ENGLISH, reader=READER)
        except KeyboardInterrupt:
            self.synced = None
        else:
            self.run()
            self.check()

    @rule()
    def second_writer(self) -> None:
        with (
            only_writer(self.index_dir),
            pytest.raises(IndexLocked, match=f"process {os.getpid()} "),
        ):
            self.run()

    @rule(name=NAMES, content=CONTENTS)
    def upload(self, name: str, content: int) -> None:
        result = self.library.add(Upload(name, data(content), "ada"))
        assert (result.status == "failed") == (content == TORN)
        history = self.versions[name]
        if self.uploads.get(name) != content:
            if name in self.uploads:
                history[-1] = "superseded"
            history.append("current")
        self.uploads[name] = content
        self.check()

    @precondition(lambda self: self.uploads)
    @rule(at=st.integers(0, 9))
    def delete(self, at: int) -> None:
        name = sorted(self.uploads)[at % len(self.uploads)]
        proof = self.library.delete(self.id_of(name), "ben")
        assert proof.found == proof.left_vectors == 0
        assert proof.searched >= proof.passages
        del self.uploads[name]
        self.versions[name][-1] = "deleted"
        self.check()

    @precondition(lambda self: self.versions)
    @rule(at=st.integers(0, 9))
    def erase(self, at: int) -> None:
        name = sorted(self.versions)[at % len(self.versions)]
        proof = self.library.erase(self.id_of(name), "ben")
        assert proof.found == 0
        assert proof.files >= 5
        self.uploads.pop(name, None)
        del self.versions[name]
        with pytest.raises(KeyError):
            self.library.versions(self.id_of(name))
        self.check()
        kept = b"\n".join(kept_texts(Catalogue(self.index_dir)))
        gone = [word(c).encode() for c in range(TORN) if word(c).encode() not in kept]
        assert scan_folders([self.index_dir], Needles(gone)).found == {}

    # What must come of it.

    def run(self) -> SyncReport:
        report = sync(self.corpus, self.index_dir, ENCODER, english=ENGLISH, reader=READER)
        if self.library.folder.is_dir():
            sync(
                self.library.folder,
                self.index_dir,
                ENCODER,
                english=ENGLISH,
                origin="uploads",
                reader=READER,
            )
        self.synced = dict(self.there)
        return report

    @staticmethod
    def id_of(name: str) -> str:
        return f"uploads/{name.removesuffix('.txt')}"

    def check(self) -> None:
        assert self.library.verify().sound
        for name, states in self.versions.items():
            told = self.library.versions(self.id_of(name))
            assert [version.state for version in told] == states, name
            assert [version.number for version in told] == list(range(1, len(states) + 1))
        self.check_vectors()
        if self.synced is not None:
            self.check_states(self.synced)
            self.check_search(self.synced)

    def check_vectors(self) -> None:
        """Every vector is the encoder's of what the passage says now, moved or not."""
        passages = Catalogue(self.index_dir).passages()
        if not passages:
            return
        made = ENCODER.encode_documents([embedding_text(p) for p in passages])
        with closing(open_legs(self.index_dir, ENCODER, ENGLISH)) as legs:
            stored = legs.legs[0].index.vectors([p.id for p in passages])
        for passage, vector in zip(passages, made, strict=True):
            assert stored[passage.id] == pytest.approx(vector, abs=1e-6), passage

    def check_states(self, synced: dict[str, int]) -> None:
        expected = synced | {f"uploads/{name}": c for name, c in self.uploads.items()}
        states = {state.path: state for state in self.library.states()}
        assert states.keys() == expected.keys()
        groups: dict[int, list[str]] = defaultdict(list)
        for path, content in expected.items():
            assert (states[path].state == "failed") == (content == TORN), path
            if content != TORN:
                groups[content].append(path)
        for content, paths in groups.items():
            searched = [path for path in paths if states[path].passages]
            assert len(searched) == 1, (content, paths, searched)
            if any(path in synced for path in paths):
                assert searched[0] in synced
            for path in set(paths) - set(searched):
                assert [(d.document_id, d.kind) for d in states[path].duplicates] == [
                    (states[searched[0]].document_id, "exact")
                ]
        near = {d.kind for state in states.values() if state.passages for d in state.duplicates}
        assert near == ({"near"} if {0, NEARLY_THE_FIRST} <= groups.keys() else set())

    def check_search(self, synced: dict[str, int]) -> None:
        held = set(synced.values()) | set(self.uploads.values())
        with closing(open_searcher(self.index_dir, ENCODER, english=ENGLISH)) as searcher:
            for content in range(TORN):
                hits = searcher.search(word(content), k=20)
                found = {h.passage.document_id for h in hits if word(content) in h.passage.text}
                assert len(found) == (content in held), (content, found)


def test_random_operations_end_as_the_model_says() -> None:
    chosen = settings(
        max_examples=LONG or 8,
        stateful_step_count=25 if LONG else 10,
        derandomize=not LONG,
        # Shrinking a run that takes seconds takes hours; the steps of a failure are printed as is.
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(IndexMachine, settings=chosen)


def test_the_model_would_notice_text_that_was_left() -> None:
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/x.db")) as db:
        db.execute("CREATE TABLE t (said TEXT)")
        db.execute("INSERT INTO t VALUES (?)", (data(1).decode(),))
        db.commit()
        assert scan_folders([Path(folder)], Needles([word(1).encode()])).places == 1
