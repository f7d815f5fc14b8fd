"""Makes the index say what a folder says, doing only the work that changes ask for.

The order of writes makes a run that is killed at any point harmless: vectors first, then the
catalogue row that makes them count, then the removal of vectors that no row names. The next run
removes what was left over and does again what was not committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Literal

from ingest.catalogue import Catalogue
from ingest.encoders import Encoder
from ingest.folder import Origin
from ingest.legs import DENSE, ENGLISH, open_legs
from ingest.parsing import ParsingProcess
from ingest.plan import check_root, preview
from ingest.report import SyncReport
from ingest.run import Ahead, Run, Tell
from ingest.stages import Made, Reader, Task
from ingest.storage import only_writer, storage_faults
from ingest.windows import windowed

Engine = Literal["local", "ray"]


def sync(
    root: Path,
    index_dir: Path,
    encoder: Encoder,
    *,
    english: Encoder | None = None,
    progress: Tell | None = None,
    origin: Origin = "corpus",
    dry_run: bool = False,
    retry: bool = False,
    engine: Engine = "local",
    encoder_folders: Mapping[str, Path] | None = None,
    workers: int = 2,
    reader: Reader | None = None,
    vectors_url: str | None = None,
) -> SyncReport:
    """Ingests what is new or changed under `root`, and forgets what is gone.

    A file that fails is reported and does not stop the others; what an earlier version of it said
    is no longer found. It is read again when it changes. Passages in English are embedded by
    `english` too, where it is given. A document that was moved keeps its history, and only what
    is searched of it otherwise than before, its title for one, is embedded again.

    Args:
        root: the folder.
        index_dir: where the index is, or will be.
        encoder: of all languages.
        english: a second opinion on English.
        progress: is told how far the run has come; what it raises ends the run harmlessly.
        origin: whose files these are; those of the other origin are left alone.
        dry_run: only says what would be done, as far as can be told without reading the files.
        retry: reads files that failed again although they have not changed.
        engine: `ray` reads and embeds on a Ray cluster; the same index comes of it.
        encoder_folders: by leg, the folder that the encoder was loaded from: for `ray`.
        workers: processes that read, and as many that embed: for `ray`.
        reader: reads the files; by default a process of its own with limits.
        vectors_url: where the vectors are, if not in the index; see `open_index`.

    Raises:
        IndexLocked: another process is writing.
        IndexMismatch: the index was made with another encoder.
        StorageFull: the disk is full.
        IngestError: there is no folder `root`; an index is never emptied by a mistyped path.
    """
    started = time.perf_counter()
    if dry_run:
        results = preview(root, index_dir, origin, retry=retry)
        return SyncReport(tuple(results), 0, time.perf_counter() - started, dry_run=True)
    check_root(root)
    with storage_faults(index_dir), ExitStack() as stack:
        index_dir.mkdir(parents=True, exist_ok=True)
        stack.enter_context(only_writer(index_dir))
        by = reader or stack.enter_context(ParsingProcess())
        ahead: Ahead | None = None
        if engine == "ray":
            encoder, english, ahead = _on_ray(encoder, english, encoder_folders, workers, by)
        legs = stack.enter_context(closing(open_legs(index_dir, encoder, english, vectors_url)))
        stack.enter_context(Catalogue(index_dir).held())
        run = Run(root, index_dir, legs, by, origin, progress, ahead)
        results = run.all_files(retry=retry)
    return SyncReport(tuple(results), run.embedded, time.perf_counter() - started)


def _on_ray(
    encoder: Encoder,
    english: Encoder | None,
    folders: Mapping[str, Path] | None,
    workers: int,
    reader: Reader,
) -> tuple[Encoder, Encoder | None, Ahead]:
    """The encoders that the writer uses when a cluster embeds, and what reads ahead of it."""
    from ingest.cluster import LentVectors, ReadAhead, read_and_embed_on_ray

    lent = {DENSE: LentVectors(encoder)}
    if english:
        lent[ENGLISH] = LentVectors(windowed(english))
    own = {leg: folder for leg, folder in (folders or {}).items() if leg in lent}
    if own.keys() != lent.keys():
        raise ValueError("a cluster has to be told the folder of every leg's encoder")

    def ahead(tasks: Sequence[Task]) -> Callable[[Task], Made]:
        coming = read_and_embed_on_ray(tasks, own, workers=workers)
        return ReadAhead(coming, lent, reader).read

    return lent[DENSE], lent.get(ENGLISH), ahead
