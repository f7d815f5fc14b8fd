"""Shipped heads are what their commands give: by hashes, and the heads of ask by a new fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from evals import fit_ask, fit_relevance, fitted
from evals.beir import read_beir
from evals.corpus_texts import taught
from evals.provenance import shipped_heads
from evals.task import DataError
from ingest import Encoder
from ingest.catalogue import Catalogue
from tests.evals import beir_folder
from tutor.ask import CorpusAnswerer
from tutor.runtime import Runtime
from tutor.settings import Settings, get_settings

NEAR = 2e-3
"""A command gives the same figures to the digit on one processor. Another adds up in another
order, and last bits may set a passage before its equal; one question more moves weights further."""


def _held(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(shipped_heads()[name].read_text(encoding="utf-8"))
    return held


@pytest.mark.parametrize("head", fitted.FITTED)
def test_a_head_was_fitted_on_what_lies_here(head: str) -> None:
    assert [str(one) for one in fitted.stale(get_settings(), head)] == []


def test_the_scope_head_is_what_its_command_gives(e5: Encoder) -> None:
    found, held = fit_ask.fit_scope(e5), _held("scope")
    assert (found["samples"], found["by"]) == (held["samples"], held["by"])
    for name in ("weights", "intercepts"):
        np.testing.assert_allclose(found[name], held[name], atol=NEAR)
    for language, mean in found["means"].items():
        np.testing.assert_allclose(mean, held["means"][language], atol=NEAR)


def test_the_gate_is_what_its_command_gives(real_settings: Settings, runtime: Runtime) -> None:
    try:
        fit_ask.check_index(real_settings)
    except DataError as error:
        pytest.skip(str(error))
    assert isinstance(runtime.answerer, CorpusAnswerer)
    held = _held("ask")
    kept, measured = fit_ask.measures(runtime.answerer, fit_ask.dev_questions())
    found, _ = fit_ask.fit_gate(measured, np.asarray([q.answerable for q in kept]))
    for name in ("features", "samples", "answerable", "strength", "costs"):
        assert found[name] == held[name], name
    for name in ("mean", "scale", "weights", "intercept"):
        np.testing.assert_allclose(found[name], held[name], atol=NEAR, err_msg=name)
    assert len(found["reliability"]) == len(held["reliability"])


def _small_corpus(folder: Path, words: str) -> Path:
    source = get_settings().corpus / "guidelines"
    (folder / "guidelines").mkdir(parents=True)
    first = sorted(source.glob("*.en.md"))[0]
    copy = folder / "guidelines" / first.name
    shutil.copy(first, copy)
    copy.write_text(copy.read_text(encoding="utf-8") + words, encoding="utf-8")
    return folder


def test_what_has_changed_is_named_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAIEUTIC_CORPUS", str(_small_corpus(tmp_path / "one", "\n")))
    changed = {head: fitted.stale(get_settings(), head) for head in fitted.FITTED}
    assert {head for head, found in changed.items() if found} == {"relevance", "ask"}
    assert [one.what for one in changed["ask"]] == ["corpus"]
    with pytest.raises(typer.Exit):
        fitted.main()
    said = capsys.readouterr().out
    assert "ask was fitted on other corpus" in said
    assert "Run python -m evals.fit_ask." in said


def test_a_word_more_in_a_digest_is_another_corpus(tmp_path: Path) -> None:
    one = get_settings().model_copy(update={"corpus": _small_corpus(tmp_path / "one", "\n")})
    two = get_settings().model_copy(update={"corpus": _small_corpus(tmp_path / "two", "\nMore.\n")})
    assert fitted.relevance_inputs(one)["corpus"] != fitted.relevance_inputs(two)["corpus"]
    # A file's place on the disk and blank lines are no part of what it says.
    again = get_settings().model_copy(update={"corpus": _small_corpus(tmp_path / "again", "\n\n")})
    assert fitted.relevance_inputs(one)["corpus"] == fitted.relevance_inputs(again)["corpus"]


def test_an_index_of_other_documents_is_not_fitted_on(
    tmp_path: Path, real_settings: Settings
) -> None:
    other = real_settings.model_copy(update={"corpus": _small_corpus(tmp_path, "\n")})
    with pytest.raises(DataError, match="maieutic ingest"):
        fit_ask.check_index(other)


def test_the_corpus_is_read_as_sync_reads_it(real_settings: Settings) -> None:
    held = Catalogue(real_settings.index_dir).passages()
    ours = [p for p in held if not p.document_id.startswith("uploads/")]
    assert ours == list(taught(real_settings.corpus))


def test_claims_are_the_same_packed_or_not_and_others_if_one_is_judged_otherwise(
    tmp_path: Path,
) -> None:
    folder = beir_folder.make(tmp_path / "plain")
    first = fit_relevance.claims_hash(read_beir(folder))
    packed = beir_folder.make(tmp_path / "packed", packed=True)
    assert fit_relevance.claims_hash(read_beir(packed)) == first
    qrels = folder / "qrels" / "test.tsv"
    qrels.write_text(beir_folder.JUDGED.replace("d2\t0", "d2\t1"), encoding="utf-8")
    assert fit_relevance.claims_hash(read_beir(folder)) != first
