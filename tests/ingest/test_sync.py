import errno
import fcntl
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import (
    HashingEncoder,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IngestError,
    Progress,
    StorageFull,
    open_searcher,
    read_document,
    split,
)
from ingest import sync as sync_function
from ingest.catalogue import Catalogue
from ingest.duplicates import Duplicate
from ingest.encoders import Vectors
from ingest.index import ChromaIndex
from ingest.lexical import LexicalIndex
from ingest.shelf import Shelf
from ingest.split import embedding_text
from ingest.stages import TrustingReader
from ingest.storage import only_writer

ENCODER = HashingEncoder()
sync = partial(sync_function, reader=TrustingReader())
"""What is read is no matter here, and a process for it would take half of the time."""
REPOSITORY = Path(__file__).parents[2]


class Interrupting(HashingEncoder):
    """Stops the run after some passages, as a kill would."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def encode_documents(self, texts: list[str]) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


def vectors_and_passages(index_dir: Path) -> tuple[set[str], set[str], set[str]]:
    """The ids in Chroma, in the catalogue and in the lexical index."""
    index = ChromaIndex(index_dir / "chroma", ENCODER.name, ENCODER.dim)
    catalogue = {passage.id for passage in Catalogue(index_dir).passages()}
    return index.ids(), catalogue, set(LexicalIndex.load(index_dir / "lexical.npz").ids)


def consistent(index_dir: Path, root: Path) -> bool:
    """Whether all three agree with what the files say."""
    paths = [p for p in root.rglob("*") if p.is_file() and p.name != "NOTICE.md"]
    said = {p.id for path in paths for p in split(read_document(path, root=root))}
    return all(ids == said for ids in vectors_and_passages(index_dir))


def test_a_first_run_adds_everything_and_a_second_nothing(corpus: Path, index_dir: Path) -> None:
    first = sync_function(corpus, index_dir, ENCODER)
    assert first.counts == {"added": 5}
    assert first.embedded == 11
    assert consistent(index_dir, corpus)
    second = sync(corpus, index_dir, ENCODER)
    assert second.counts == {"unchanged": 5}
    assert second.embedded == 0
    assert second.failures == ()


def test_only_what_changed_is_embedded_again(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    sync(corpus, index_dir, ENCODER)
    write_digest(corpus / "guidelines", "code.en", doubt="The edition is not verified.")
    report = sync(corpus, index_dir, ENCODER)
    assert report.counts == {"updated": 1, "unchanged": 4}
    assert report.embedded == 1
    assert consistent(index_dir, corpus)


def test_a_new_title_reaches_every_passage(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    sync(corpus, index_dir, ENCODER)
    write_digest(corpus / "guidelines", "code.en", title="A new name")
    assert sync(corpus, index_dir, ENCODER).embedded == 3
    searcher = open_searcher(index_dir, ENCODER)
    assert {p.source.title for p in searcher.passages("guidelines/code.en")} == {"A new name"}


def test_what_is_gone_is_forgotten_on_both_legs(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    (corpus / "guidelines" / "alerts.en.md").unlink()
    report = sync(corpus, index_dir, ENCODER)
    assert report.counts == {"removed": 1, "unchanged": 4}
    assert consistent(index_dir, corpus)


def test_a_failed_file_is_reported_and_stops_no_other(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    (corpus / "guidelines" / "alerts.en.md").write_bytes(b"torn \x00 file")
    (corpus / "a.pdf").write_bytes(b"%PDF-1.4 torn")
    (corpus / "b.xyz").write_bytes(b"?")
    report = sync(corpus, index_dir, ENCODER)
    assert report.counts == {"failed": 3, "unchanged": 4}
    assert {failure.path for failure in report.failures} == {
        "a.pdf",
        "b.xyz",
        "guidelines/alerts.en.md",
    }
    for failure in report.failures:
        assert failure.reason is not None
        assert failure.path.rsplit("/", maxsplit=1)[-1] in failure.reason
        assert failure.remedy
    searcher = open_searcher(index_dir, ENCODER)
    assert "guidelines/alerts.en" not in {document.id for document in searcher.documents()}


def test_a_file_that_takes_anothers_name_renames_both(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    (corpus / "guidelines" / "alerts.en.txt").write_text("Alerts, told again.", encoding="utf-8")
    report = sync(corpus, index_dir, ENCODER)
    assert report.counts == {"added": 1, "updated": 1, "unchanged": 4}
    named = {document.id for document in open_searcher(index_dir, ENCODER).documents()}
    assert {"guidelines/alerts.en.md", "guidelines/alerts.en.txt"} <= named


@pytest.mark.parametrize("after", [0, 1, 3, 6, 10])
def test_an_interrupted_run_is_finished_by_the_next(
    corpus: Path, index_dir: Path, after: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        sync(corpus, index_dir, Interrupting(after))
    sync(corpus, index_dir, ENCODER)
    assert consistent(index_dir, corpus)


@pytest.mark.parametrize("step", ["put", "publish", "remove"])
def test_a_stop_between_two_writes_is_mended(
    corpus: Path,
    index_dir: Path,
    write_digest: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    sync(corpus, index_dir, ENCODER)
    write_digest(corpus / "guidelines", "code.en", doubt="Changed.")
    (corpus / "guidelines" / "alerts.en.md").unlink()

    def stop(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, step, stop)
        with pytest.raises(KeyboardInterrupt):
            sync(corpus, index_dir, ENCODER)
    assert open_searcher(index_dir, ENCODER).search("tell a relative")
    sync(corpus, index_dir, ENCODER)
    assert consistent(index_dir, corpus)


def test_vectors_that_were_lost_are_made_again(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    index = ChromaIndex(index_dir / "chroma", ENCODER.name, ENCODER.dim)
    index.delete(sorted(index.ids())[:2])
    index.close()
    assert sync(corpus, index_dir, ENCODER).embedded > 0
    assert consistent(index_dir, corpus)


def test_a_killed_process_holds_no_lock_and_leaves_nothing_wrong(
    corpus: Path, index_dir: Path
) -> None:
    code = (
        "import time; from pathlib import Path; from ingest import HashingEncoder, sync\n"
        "class Slow(HashingEncoder):\n"
        "    def encode_documents(self, texts):\n"
        "        print('here', flush=True); time.sleep(60)\n"
        "        return super().encode_documents(texts)\n"
        f"sync(Path({str(corpus)!r}), Path({str(index_dir)!r}), Slow())"
    )
    run = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert run.stdout is not None
    with run.stdout:
        run.stdout.readline()
        with pytest.raises(IndexLocked, match=str(run.pid)):
            sync(corpus, index_dir, ENCODER)
        run.send_signal(signal.SIGKILL)
        run.wait()
    sync(corpus, index_dir, ENCODER)
    assert consistent(index_dir, corpus)


def test_a_second_writer_is_told_who_the_first_is(corpus: Path, index_dir: Path) -> None:
    index_dir.mkdir()
    with (index_dir / "writer.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(str(os.getpid()))
        file.flush()
        with pytest.raises(IndexLocked, match=f"process {os.getpid()}"):
            sync(corpus, index_dir, ENCODER)
    sync(corpus, index_dir, ENCODER)


def test_a_full_disk_is_said_to_be_full(
    corpus: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", full)
        with pytest.raises(StorageFull) as caught:
            sync(corpus, index_dir, ENCODER)
    assert "Free some disk space" in caught.value.remedy
    assert [p.name for p in index_dir.iterdir() if p.name.startswith(".")] == []
    sync(corpus, index_dir, ENCODER)
    assert consistent(index_dir, corpus)


def test_a_mistyped_folder_empties_no_index(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    with pytest.raises(IngestError, match="There is no folder"):
        sync(corpus / "nowhere", index_dir, ENCODER)
    assert len(open_searcher(index_dir, ENCODER).documents()) == 5


def test_another_encoder_is_refused_before_anything_is_changed(
    corpus: Path, index_dir: Path
) -> None:
    sync(corpus, index_dir, ENCODER)
    with pytest.raises(IndexMismatch):
        sync(corpus, index_dir, HashingEncoder(64))
    assert consistent(index_dir, corpus)


def test_a_catalogue_that_is_no_database_is_named(corpus: Path, index_dir: Path) -> None:
    index_dir.mkdir()
    (index_dir / "catalogue.db").write_bytes(b"no database" * 200)
    with pytest.raises(IndexDamaged) as caught:
        sync(corpus, index_dir, ENCODER)
    assert str(index_dir) in caught.value.remedy


def test_an_empty_folder_gives_an_index_of_nothing(tmp_path: Path, index_dir: Path) -> None:
    (tmp_path / "void").mkdir()
    report = sync(tmp_path / "void", index_dir, ENCODER)
    assert report.files == ()
    assert open_searcher(index_dir, ENCODER).search("anything") == []


def test_progress_rises_to_the_number_of_files(corpus: Path, index_dir: Path) -> None:
    heard: list[Progress] = []
    report = sync_function(corpus, index_dir, ENCODER, progress=heard.append)
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    assert {p.total for p in heard} == {5}
    assert {p.path for p in heard} == {result.path for result in report.files}
    assert heard[-1].done == 5
    assert report.seconds < time.perf_counter()


def test_what_only_describes_the_corpus_is_left_alone(corpus: Path, index_dir: Path) -> None:
    for name in (".hidden.md", "~$open.docx", "README.md", "src/made-from.md"):
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_text("# Text\n\nof no matter")
    assert sync(corpus, index_dir, ENCODER).counts == {"added": 5}


def test_a_moved_file_is_not_embedded_again_and_keeps_its_history(
    corpus: Path, index_dir: Path
) -> None:
    sync(corpus, index_dir, ENCODER)
    (corpus / "guidelines" / "hk").mkdir()
    (corpus / "guidelines" / "code.en.md").rename(corpus / "guidelines" / "hk" / "law.en.md")
    report = sync(corpus, index_dir, Interrupting(0))
    assert report.counts == {"moved": 1, "unchanged": 4}
    (moved,) = report.changes
    assert moved.moved_from == "guidelines/code.en.md"
    assert (moved.document_id, moved.passages, moved.embedded, moved.version) == (
        "guidelines/hk/law.en",
        3,
        0,
        1,
    )
    assert consistent(index_dir, corpus)
    shelf = Shelf(index_dir)
    assert [v.state for v in shelf.versions("guidelines/hk/law.en")] == ["current"]
    with pytest.raises(KeyError):
        shelf.versions("guidelines/code.en")


def test_a_file_whose_name_is_its_title_is_embedded_under_the_new_one(
    corpus: Path, index_dir: Path
) -> None:
    (corpus / "old.txt").write_text("A text without a title.")
    sync(corpus, index_dir, ENCODER)
    (corpus / "old.txt").rename(corpus / "new.txt")
    (moved,) = sync(corpus, index_dir, ENCODER).changes
    assert (moved.status, moved.embedded) == ("moved", 1)
    (passage,) = open_searcher(index_dir, ENCODER).passages("new")
    index = ChromaIndex(index_dir / "chroma", ENCODER.name, ENCODER.dim)
    fresh = ENCODER.encode_documents([embedding_text(passage)])[0]
    assert index.vectors([passage.id])[passage.id] == pytest.approx(fresh, abs=1e-6)


def test_a_section_put_in_front_leaves_the_others_as_they_were_embedded(
    corpus: Path, index_dir: Path
) -> None:
    path = corpus / "long.md"
    sections = [f"## Part {n}\n\nIt speaks of matter {n}." for n in range(6)]
    path.write_text("# Long\n\n" + "\n\n".join(sections))
    sync(corpus, index_dir, ENCODER)
    path.write_text("# Long\n\n## First\n\nA new part.\n\n" + "\n\n".join(sections))
    (changed,) = sync(corpus, index_dir, ENCODER).changes
    assert (changed.status, changed.passages, changed.embedded) == ("updated", 7, 1)
    assert consistent(index_dir, corpus)


def test_the_same_text_is_indexed_once_and_its_duplicate_named(
    corpus: Path, index_dir: Path
) -> None:
    sync(corpus, index_dir, ENCODER)
    original = (corpus / "guidelines" / "alerts.en.md").read_text(encoding="utf-8")
    (corpus / "guidelines" / "other.en.md").write_text(original, encoding="utf-8")
    report = sync(corpus, index_dir, ENCODER)
    assert report.counts == {"duplicate": 1, "unchanged": 5}
    (other,) = report.changes
    assert other.duplicates == (Duplicate("guidelines/alerts.en", 1.0, "exact"),)
    assert other.passages == report.embedded == 0
    again = {file.path: file for file in sync(corpus, index_dir, ENCODER).files}
    assert again["guidelines/other.en.md"].status == "unchanged"
    assert again["guidelines/other.en.md"].duplicates == other.duplicates
    (corpus / "guidelines" / "alerts.en.md").unlink()
    report = sync(corpus, index_dir, ENCODER)
    # The copy was known already, so it is no move; it takes the place of what it was a copy of.
    assert report.counts == {"updated": 1, "removed": 1, "unchanged": 4}
    assert consistent(index_dir, corpus)


def test_a_near_duplicate_is_indexed_and_named(corpus: Path, index_dir: Path) -> None:
    said = " ".join(f"Sentence {n} speaks of consent and relatives." for n in range(60))
    (corpus / "one.txt").write_text(said)
    sync(corpus, index_dir, ENCODER)
    (corpus / "two.txt").write_text(said + " And one sentence more is in here.")
    (two,) = sync(corpus, index_dir, ENCODER).changes
    assert two.status == "added"
    (near,) = two.duplicates
    assert (near.document_id, near.kind) == ("one", "near")
    assert 0.9 < near.similarity < 1.0
    assert [d.document_id for d in Shelf(index_dir).state("one").duplicates] == ["two"]


def test_language_versions_are_no_duplicates(corpus: Path, index_dir: Path) -> None:
    original = (corpus / "guidelines" / "alerts.en.md").read_text(encoding="utf-8")
    (corpus / "guidelines" / "alerts.zh-Hant.md").write_text(original, encoding="utf-8")
    assert sync(corpus, index_dir, ENCODER).counts == {"added": 6}


def test_a_tenants_copy_is_its_own(corpus: Path, index_dir: Path) -> None:
    original = (corpus / "guidelines" / "alerts.en.md").read_text(encoding="utf-8")
    (corpus / "tenants" / "ward").mkdir(parents=True)
    (corpus / "tenants" / "ward" / "alerts.en.md").write_text(original, encoding="utf-8")
    assert sync(corpus, index_dir, ENCODER).counts == {"added": 6}
    assert Shelf(index_dir).state("tenants/ward/alerts.en").duplicates == ()


def test_a_file_that_failed_is_read_again_only_when_asked(corpus: Path, index_dir: Path) -> None:
    class Counting(TrustingReader):
        asked = 0

        def examine(self, path: Path, **options: Any) -> Any:
            self.asked += 1
            return super().examine(path, **options)

    (corpus / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    reader = Counting()
    sync(corpus, index_dir, ENCODER, reader=reader)
    assert reader.asked == 6
    report = sync(corpus, index_dir, ENCODER, reader=reader)
    assert reader.asked == 6
    (failure,) = report.failures
    assert failure.state == "failed"
    assert failure.reason is not None
    assert "torn.pdf" in failure.reason
    sync(corpus, index_dir, ENCODER, reader=reader, retry=True)
    assert reader.asked == 7
    state = Shelf(index_dir).state("torn")
    assert (state.state, state.reason, state.version) == ("failed", failure.reason, 1)


def test_a_dry_run_says_what_a_run_does_and_writes_nothing(
    corpus: Path, index_dir: Path, write_digest: Callable[..., Path]
) -> None:
    assert sync(corpus, index_dir, ENCODER, dry_run=True).counts == {"added": 5}
    assert not index_dir.exists()
    sync(corpus, index_dir, ENCODER)
    write_digest(corpus / "guidelines", "code.en", doubt="Changed.")
    alerts = corpus / "guidelines" / "alerts.en.md"
    (corpus / "copy.md").write_bytes(alerts.read_bytes())
    (corpus / "new.md").write_text("# New\n\nA new text.")
    (corpus / "cases" / "quiet-ward" / "zh-Hant.yaml").unlink()
    before = {p: p.read_bytes() for p in index_dir.rglob("*") if p.is_file()}
    foreseen = sync(corpus, index_dir, ENCODER, dry_run=True)
    assert before == {p: p.read_bytes() for p in index_dir.rglob("*") if p.is_file()}
    assert foreseen.dry_run
    done = sync(corpus, index_dir, ENCODER)
    assert [(f.path, f.status) for f in foreseen.files] == [(f.path, f.status) for f in done.files]
    assert done.counts == {"updated": 1, "duplicate": 1, "added": 1, "removed": 1, "unchanged": 3}


def test_a_catalogue_of_an_earlier_day_is_migrated(corpus: Path, index_dir: Path) -> None:
    sync(corpus, index_dir, ENCODER)
    with closing(sqlite3.connect(index_dir / "catalogue.db")) as db, db:
        db.execute("DROP TABLE versions")
        db.execute("DROP TABLE near")
        db.execute(
            "CREATE TABLE old (path TEXT PRIMARY KEY, id TEXT NOT NULL, hash TEXT NOT NULL, "
            "recipe INTEGER NOT NULL, source TEXT NOT NULL, pages INTEGER)"
        )
        db.execute("INSERT INTO old SELECT path, id, hash, 1, source, pages FROM documents")
        db.execute("DROP TABLE documents")
        db.execute("ALTER TABLE old RENAME TO documents")
        db.execute("PRAGMA user_version = 0")
    assert len(open_searcher(index_dir, ENCODER).documents()) == 5
    assert sync(corpus, index_dir, ENCODER, dry_run=True).counts == {"updated": 5}
    report = sync(corpus, index_dir, ENCODER)
    # Read again by the new recipe; what they say was embedded before.
    assert report.counts == {"updated": 5}
    assert report.embedded == 0
    assert [v.number for v in Shelf(index_dir).versions("guidelines/code.en")] == [1]
    assert consistent(index_dir, corpus)


def test_the_holder_of_the_lock_is_named_with_its_command(index_dir: Path) -> None:
    index_dir.mkdir()
    with only_writer(index_dir), pytest.raises(IndexLocked) as caught, only_writer(index_dir):
        pass
    assert re.search(rf"process {os.getpid()} \(.+, since 20\d\d-.+\)\.", caught.value.message)
    with only_writer(index_dir):
        pass


def test_uploads_have_a_folder_name_of_their_own(corpus: Path, index_dir: Path) -> None:
    (corpus / "uploads").mkdir()
    (corpus / "uploads" / "a.md").write_text("# A\n\nText.")
    (failure,) = sync(corpus, index_dir, ENCODER).failures
    assert failure.path == "./uploads/a.md"
    assert failure.remedy is not None
    assert "another name" in failure.remedy
