"""Throughput of the encoders against what the processor can do: `python -m evals.bench_encoders`.

The limit is arithmetic: a token costs two floating point operations a weight of the layers, and
attention on top, which grows with the length of the text. What the processor can do is measured,
not looked up: the same runtime multiplies square matrices on the same threads.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from evals.provenance import machine
from ingest import E5, MINILM, Encoder, load_encoder
from tutor.settings import get_settings

SIDE, THREADS, TEXTS = 1024, 2, 16
"""Rows of the square matrices; threads of the encoders and of the peak; texts in one call."""
WORDS = "A clinician weighs how serious, likely and preventable the harm is and writes it down. "
MIXES = {"short (a sentence)": 1, "passage": 12, "longest": 60}
"""Texts by how often WORDS stands in them; the encoders cut what is longer than they can read."""


@dataclass(frozen=True, slots=True)
class Speed:
    """One encoder on texts of one length."""

    encoder: str
    texts: str
    tokens_a_text: float
    tokens_a_second: float
    gflops: float
    """10^9 floating point operations a second that the model's arithmetic asks for."""
    share: float
    """Of what the processor does in a plain product of matrices."""


def flops(config: dict[str, Any], length: float) -> float:
    """Floating point operations for one token of a text of `length` tokens.

    Two for each weight of the layers' four attention and two feed-forward matrices; two products
    of attention, each of 2 * length * hidden (Kaplan et al. 2020, table 1, forward pass).
    """
    hidden, wide = config["hidden_size"], config["intermediate_size"]
    weights = 4 * hidden**2 + 2 * hidden * wide
    return float(config["num_hidden_layers"] * (2 * weights + 4 * length * hidden))


def peak_gflops(seconds: float = 1.0) -> float:
    """What ONNX Runtime reaches in float32 products of square matrices, one on each thread."""
    import onnxruntime  # type: ignore[import-untyped]
    from onnx import TensorProto, helper

    shape = [SIDE, SIDE]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n in ("a", "b", "c")]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["a", "b"], ["c"])], "product", ends[:2], ends[2:]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    square = np.random.default_rng(0).standard_normal(shape).astype(np.float32)

    def multiply(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            session.run(None, {"a": square, "b": square})
            done += 1
        return done

    multiply(time.perf_counter() + 0.1)
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.perf_counter()
        products = sum(pool.map(multiply, [began + seconds] * THREADS))
        took = time.perf_counter() - began
    return products * 2 * SIDE**3 / took / 1e9


def speed(folder: Path, encoder: Encoder, mix: str, seconds: float, peak: float) -> Speed:
    """Encodes texts of one length, in batches as ingest makes them, for about so many seconds."""
    from tokenizers import Tokenizer

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    limit = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit.get("max_seq_length", 512))
    texts = [f"{WORDS * MIXES[mix]} {i}" for i in range(TEXTS)]
    length = float(np.mean([len(e.ids) for e in tokenizer.encode_batch(texts)]))
    encoder.encode_documents(texts[:8])
    done, took = _repeat(encoder.encode_documents, texts, seconds)
    rate = done * length / took
    gflops = rate * flops(config, length) / 1e9
    return Speed(encoder.name, mix, length, rate, gflops, gflops / peak)


def _repeat(
    encode: Callable[[list[str]], Any], texts: Sequence[str], seconds: float
) -> tuple[int, float]:
    began, done = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < seconds:
        encode(list(texts))
        done += len(texts)
    return done, took


def main(
    seconds: Annotated[float, typer.Option(min=0.1, help="For each line of the table.")] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a figure.")] = False,
) -> None:
    """Tokens a second of each encoder, and the share of the processor's peak that this is."""
    settings = get_settings()
    peak = peak_gflops()
    lines = []
    for name in (E5, MINILM):
        folder = settings.models_dir / name
        encoder = load_encoder(folder, threads=THREADS)
        lines += [speed(folder, encoder, mix, seconds, peak) for mix in MIXES]
    if as_json:
        for line in lines:
            typer.echo(json.dumps(asdict(line) | {"peak_gflops": peak}))
        return
    table = Table(
        title=f"Encoders on {THREADS} threads; peak {peak:.0f} GFLOP/s", caption=machine()["system"]
    )
    for column in ("encoder", "texts", "tokens a text", "tokens/s", "GFLOP/s", "share of peak"):
        table.add_column(column, justify="left" if column in {"encoder", "texts"} else "right")
    for line in lines:
        table.add_row(
            line.encoder,
            line.texts,
            f"{line.tokens_a_text:.0f}",
            f"{line.tokens_a_second:,.0f}",
            f"{line.gflops:.0f}",
            f"{line.share:.0%}",
        )
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
