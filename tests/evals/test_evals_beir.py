from __future__ import annotations

from pathlib import Path

import pytest

from evals.beir import read_beir
from evals.task import DataError
from tests.evals.beir_folder import make


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_is_read_with_and_without_compression(tmp_path: Path, packed: bool) -> None:
    found = read_beir(make(tmp_path / "set", packed=packed))
    assert found.documents["d1"] == "On d1\nConsent is asked before a consultation is recorded."
    assert found.queries == {"1": "was consent asked"}
    assert found.judged == {"1": {"d1": 1, "d2": 0}}


def test_what_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no corpus.jsonl"):
        read_beir(tmp_path)
    folder = make(tmp_path / "set")
    (folder / "qrels" / "test.tsv").write_text("1\td1\tmuch\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"test\.tsv:1"):
        read_beir(folder)
    (folder / "qrels" / "test.tsv").write_text("7\td1\t1\n", encoding="utf-8")
    with pytest.raises(DataError, match="1 judged queries have no text, e.g. 7"):
        read_beir(folder)
    (folder / "queries.jsonl").write_text('{"text": "no id"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"queries\.jsonl:1"):
        read_beir(folder)
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(DataError, match="is missing"):
        read_beir(folder)
