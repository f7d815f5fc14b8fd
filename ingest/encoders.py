"""Text to vectors: the encoders that ship, behind one protocol.

ONNX Runtime does the work where a folder has `model.onnx`; sentence-transformers (and with it
torch) is only imported for a folder that has none, which keeps the service small.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.models import verify_model

Vectors = NDArray[np.float32]

_BATCH_TOKENS = 2048
"""Tokens in one batch: more gains no speed on a CPU and costs memory."""
_BATCH_PAIRS = 2**18
"""Pairs of padded tokens in one batch. Only attention sees padding; it costs the square of the
longest text for every text, 48 bytes a pair, so a long text takes no short ones along."""


_STEP = 8
"""Widths of a batch are multiples of it, and a batch has two rows or more: at other widths, and
alone, ONNX Runtime adds up a text's figures in another order, and the last bits differ."""


class Encoder(Protocol):
    """Turns texts into L2-normalised vectors, so that a dot product is a cosine."""

    @property
    def name(self) -> str:
        """The name that an index remembers."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Vectors float32 [n, dim] of things that are looked for."""
        ...

    def encode_documents(self, texts: list[str]) -> Vectors:
        """Vectors float32 [n, dim] of things that are found."""
        ...


def load_encoder(folder: Path, *, threads: int = 2) -> Encoder:
    """The encoder in a folder, after its files have been checked against its manifest.

    Raises:
        ModelMissing: the folder or its manifest is not there.
        ModelChecksumError: a file is not the one in the manifest.
    """
    verify_model(folder)
    if (folder / "model.onnx").is_file():
        return OnnxEncoder(folder, threads=threads)
    return SentenceTransformerEncoder(folder)


class OnnxEncoder:
    """Runs a folder's `model.onnx`, in which pooling and normalisation are part of the graph."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Loads a folder that `verify_model` has passed; `threads` work on a batch each.

        Threads that share one batch wait for one another hundreds of times in it; two halves of
        a batch side by side are done in seven eighths of the time.
        """
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The arena keeps the memory of the largest batch for ever; a service would rather not.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self.name = folder.name
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"encode-{folder.name}")
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.dim = int(self._session.get_outputs()[0].shape[1])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(
            _read_json(folder, "sentence_bert_config.json").get("max_seq_length", 512)
        )
        pad = _read_json(folder, "tokenizer_config.json").get("pad_token", "[PAD]")
        self._pad_id = self._tokenizer.token_to_id(pad) or 0
        prompts = _read_json(folder, "config_sentence_transformers.json").get("prompts", {})
        self._query_prompt: str = prompts.get("query", "")
        self._document_prompt: str = prompts.get("document", prompts.get("passage", ""))

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(texts, self._query_prompt)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._encode(texts, self._document_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if not texts:
            return vectors
        encodings = self._tokenizer.encode_batch_fast([prompt + text for text in texts])
        ids = [encoding.ids for encoding in encodings]
        batches = list(_batches([len(tokens) for tokens in ids], self._threads))
        # One batch is not worth the way to another thread.
        run = self._pool.map if len(batches) > 1 else map
        made = run(self._run, [[ids[i] for i in batch] for batch in batches])
        for batch, rows in zip(batches, made, strict=True):
            vectors[batch] = rows
        return vectors

    def _run(self, rows: list[list[int]]) -> Vectors:
        width = -(-max(map(len, rows)) // _STEP) * _STEP
        # A row without a token costs nothing: the graph drops padding before the first layer.
        shape = (max(len(rows), 2), width)
        tokens = np.full(shape, self._pad_id, dtype=np.int64)
        mask = np.zeros(shape, dtype=np.int64)
        for i, row in enumerate(rows):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        (output,) = self._session.run(None, {"input_ids": tokens, "attention_mask": mask})
        return np.asarray(output[: len(rows)], dtype=np.float32)


class SentenceTransformerEncoder:
    """Any local sentence-transformers folder, run by torch. Never looks on a network."""

    def __init__(self, folder: Path) -> None:
        """Loads a folder; its own prompts are used."""
        from sentence_transformers import SentenceTransformer

        self.name = folder.name
        self._model = SentenceTransformer(
            str(folder),
            local_files_only=True,
            device="cpu",
            model_kwargs={"use_safetensors": True},
        )
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._finish(self._model.encode_query, texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._finish(self._model.encode_document, texts)

    def _finish(self, encode: Any, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


class HashingEncoder:
    """Words and character trigrams hashed into a vector: exact, instant, needs no model.

    It knows likeness of letters and nothing of meaning: for tests and for trying things out.
    """

    def __init__(self, dim: int = 256) -> None:
        """`dim` is the length of a vector."""
        self.dim = dim
        self.name = f"hashing-{dim}"

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self.encode_documents(texts)

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for feature in _features(text):
                digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
                row[digest % self.dim] += 1.0 if digest >> 63 else -1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        norms[norms == 0] = 1.0
        return np.asarray(vectors / norms, dtype=np.float32)


def _features(text: str) -> Iterator[str]:
    """Words, and the n-grams of each: 3 characters of a spaced script, 1 and 2 of a CJK one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for word in re.findall(r"\w+", folded):
        yield f"w:{word}"
        sizes = (3,) if word.isascii() else (1, 2)
        padded = f"<{word}>" if word.isascii() else word
        for size in sizes:
            for start in range(len(padded) - size + 1):
                yield f"g:{padded[start : start + size]}"


def _batches(lengths: list[int], threads: int) -> Iterator[list[int]]:
    """Positions in groups, longest first: one a thread, or more where there is much to do."""
    left = sum(lengths)
    shares = max(threads, math.ceil(left / _BATCH_TOKENS))
    batch: list[int] = []
    tokens = 0
    for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        pairs = (len(batch) + 1) * lengths[batch[0]] ** 2 if batch else 0
        # A text that straddles the end of a share goes to the side where its larger half is.
        full = tokens + lengths[i] / 2 > left / shares
        if batch and (full or pairs > _BATCH_PAIRS):
            yield batch
            left -= tokens
            shares = max(shares - 1, math.ceil(left / _BATCH_TOKENS), 1)
            batch, tokens = [], 0
        batch.append(i)
        tokens += lengths[i]
    if batch:
        yield batch


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content
