"""The stages of ingest on a Ray cluster: same files, same passages, same ids, same vectors.

Ray reads and embeds; the process that asks for it stores, because an index has one writer. Every
machine of the cluster has this project installed and sees the files and the encoders' folders
under the same paths. Where `RAY_ADDRESS` names no cluster, one is started on this machine.
"""

from __future__ import annotations

import errno
import logging
import os
import pickle
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ingest.documents import Passage
from ingest.encoders import Encoder, Vectors, load_encoder
from ingest.errors import ClusterMissing, IngestError
from ingest.folder import unreadable
from ingest.legs import BATCH, ENGLISH, LANGUAGES_OF
from ingest.models import verify_model
from ingest.parsing import ParsingProcess
from ingest.parsing.wire import error_message, error_of
from ingest.split import embedding_text
from ingest.stages import Made, Reader, Task, read_stage
from ingest.windows import windowed

if TYPE_CHECKING:
    import ray.data

_BLOCKS: Final = 4_096
"""Shares that the files are dealt out in: each costs Ray some milliseconds of its own."""


_PATIENCE: Final = 10.0
"""Seconds for the cluster to take a connection."""


@dataclass(frozen=True, slots=True)
class EmbeddedDocument:
    """What a file became, or why it became nothing."""

    task: Task
    made: Made | None
    error: IngestError | None = None
    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    """By leg, float32 [passages that the leg takes, dim], in the order of the passages."""


class LentVectors:
    """An encoder that has been told the vectors of some texts, and encodes the others itself.

    With it the writer's code is the same whoever did the encoding.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Takes the encoder that made, or would make, the vectors."""
        self.name = encoder.name
        self.dim = encoder.dim
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def lend(self, texts: Iterable[str], vectors: Vectors) -> None:
        """Tells the vectors [n, dim] of the n texts that come next, and forgets all others."""
        self._known = dict(zip(texts, vectors, strict=True))

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encoder.encode_queries(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        made = dict(zip(unknown, self._encoder.encode_documents(unknown), strict=True))
        rows = [self._known[text] if text in self._known else made[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dim), dtype=np.float32)


class ReadAhead:
    """Gives the writer what the cluster has made, and reads here what it was not asked for."""

    def __init__(
        self,
        coming: Iterator[EmbeddedDocument],
        lent: Mapping[str, LentVectors],
        reader: Reader,
    ) -> None:
        """Takes what `read_and_embed_on_ray` gives; by leg, the writer's encoder; a reader."""
        self._coming = coming
        self._lent = lent
        self._reader = reader
        self._next = next(coming, None)

    def read(self, task: Task) -> Made:
        """What `read_stage` gives; the legs' encoders are lent the vectors of its passages.

        Raises:
            IngestError: the file is not to be read.
            OSError: the system refused it.
        """
        one = self._next
        if one is None or one.task != task:
            return read_stage(task, self._reader)
        self._next = next(self._coming, None)
        if one.error is not None or one.made is None:
            raise one.error or IngestError("The file was not read.", remedy="Read it again.")
        for leg, encoder in self._lent.items():
            encoder.lend(texts_of(leg, one.made.passages), one.vectors[leg])
        return one.made


def embed_stage(passages: Iterable[Passage], encoders: Mapping[str, Encoder]) -> dict[str, Vectors]:
    """The vectors of a document's passages, by leg; see `EmbeddedDocument.vectors`."""
    return {leg: _embed(texts_of(leg, passages), by) for leg, by in encoders.items()}


def texts_of(leg: str, passages: Iterable[Passage]) -> list[str]:
    """What a leg embeds of a document."""
    read = LANGUAGES_OF[leg]
    return [embedding_text(p) for p in passages if read is None or p.language in read]


def read_and_embed_on_ray(
    tasks: Iterable[Task], encoder_folders: Mapping[str, Path], *, workers: int
) -> Iterator[EmbeddedDocument]:
    """Reads and embeds files on a cluster; gives them back in the order of the tasks.

    Args:
        tasks: the files.
        encoder_folders: by leg, the folder of its encoder.
        workers: processes that read, and as many that embed; each two share one processor.

    Raises:
        ClusterMissing: Ray is not installed, or its cluster does not answer.
        ModelMissing, ModelChecksumError: an encoder cannot be loaded.
    """
    for folder in encoder_folders.values():
        verify_model(folder)
    items = [{"task": pickle.dumps(task)} for task in tasks]
    if not items:
        return
    with _Cluster(workers):
        for row in _dataset(items, encoder_folders, workers).iter_rows():
            yield _unpacked(row)


def _dataset(
    items: list[dict[str, bytes]], encoder_folders: Mapping[str, Path], workers: int
) -> ray.data.Dataset:
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    pool = ray.data.ActorPoolStrategy(size=workers)
    files = ray.data.from_items(items, override_num_blocks=min(len(items), _BLOCKS))
    read_one: Any = _ReadOnWorker
    embed_one: Any = _EmbedOnWorker
    read = files.map(read_one, compute=pool, num_cpus=0.5)
    return read.map(
        embed_one,
        fn_constructor_args=(dict(encoder_folders),),
        compute=ray.data.ActorPoolStrategy(size=workers),
        num_cpus=0.5,
    )


class _ReadOnWorker:
    """Reads on one worker, with a parsing process of its own."""

    def __init__(self) -> None:
        self._reader = ParsingProcess()

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        task: Task = pickle.loads(row["task"])
        try:
            made = read_stage(task, self._reader)
        except IngestError as error:
            return row | {"made": b"", "error": pickle.dumps(error_message(error))}
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            told = error_message(unreadable(task.path, error))
            return row | {"made": b"", "error": pickle.dumps(told)}
        return row | {"made": pickle.dumps(made), "error": b""}


class _EmbedOnWorker:
    """Embeds on one worker, which loads the encoders once."""

    def __init__(self, encoder_folders: Mapping[str, Path]) -> None:
        self._encoders = {
            leg: load_encoder(folder, threads=1) for leg, folder in encoder_folders.items()
        }
        if ENGLISH in self._encoders:
            self._encoders[ENGLISH] = windowed(self._encoders[ENGLISH])

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        made: Made | None = pickle.loads(row["made"]) if row["made"] else None
        vectors = embed_stage(made.passages, self._encoders) if made else {}
        return row | {"vectors": pickle.dumps(vectors)}


def _embed(texts: list[str], encoder: Encoder) -> Vectors:
    """In the batches in which one process would store them."""
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    made = [encoder.encode_documents(batch) for batch in batches]
    return np.concatenate([np.zeros((0, encoder.dim), dtype=np.float32), *made])


def _unpacked(row: dict[str, Any]) -> EmbeddedDocument:
    return EmbeddedDocument(
        pickle.loads(row["task"]),
        pickle.loads(row["made"]) if row["made"] else None,
        error_of(pickle.loads(row["error"])["error"]) if row["error"] else None,
        pickle.loads(row["vectors"]),
    )


def _knock(address: str | None) -> None:
    """Fails at once where Ray would go on trying for minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


class _Cluster:
    """Is connected to a cluster for a while; one that was connected to before stays so."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._ours = False

    def __enter__(self) -> None:
        # Read when Ray is imported: nobody is told that, or how, it is used here.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError as error:
            raise ClusterMissing(
                "Ray is not installed", "Run `pip install 'maieutic[ray]'` and try again."
            ) from error
        if ray.is_initialized():
            return
        known = os.environ.get("RAY_ADDRESS")
        options: dict[str, Any] = {} if known else {"num_cpus": self._workers}
        try:
            _knock(known)
            ray.init(
                address=known,
                include_dashboard=None if known else False,
                log_to_driver=False,
                logging_level=logging.WARNING,
                **options,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise ClusterMissing(
                f"the Ray cluster at {known or 'this machine'} does not answer",
                "Check RAY_ADDRESS, or unset it to use this machine.",
            ) from error
        self._ours = True

    def __exit__(self, *_: object) -> None:
        if self._ours:
            import ray

            ray.shutdown()
