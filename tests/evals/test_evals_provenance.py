from __future__ import annotations

from pathlib import Path

from evals.provenance import folder_hash, head_hashes, model_hashes, provenance
from tutor.assess.head import TRAINED
from tutor.settings import get_settings


def test_a_folder_hash_follows_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "one.md").write_text("one", encoding="utf-8")
    first = folder_hash(folder)
    assert first == folder_hash(folder)
    (folder / "a" / "one.md").write_text("two", encoding="utf-8")
    second = folder_hash(folder)
    (folder / "a" / "one.md").rename(folder / "one.md")
    assert len({first, second, folder_hash(folder)}) == 3
    assert folder_hash(tmp_path / "missing") is None


def test_models_heads_and_data_are_named(models_dir: Path, tmp_path: Path) -> None:
    assert set(model_hashes(models_dir)) == {"all-MiniLM-L6-v2", "multilingual-e5-small"}
    found = provenance(get_settings(), tmp_path)
    assert set(found["heads"]) == {"judging", "acts", "ask", "scope", "relevance"}
    assert found["data"]["folder"] == str(tmp_path)
    assert found["versions"]["numpy"]


def test_heads_that_were_trained_here_are_those_that_are_named(tmp_path: Path) -> None:
    shipped = head_hashes(tmp_path)
    (tmp_path / TRAINED).parent.mkdir()
    (tmp_path / TRAINED).write_text("{}", encoding="utf-8")
    trained = head_hashes(tmp_path)
    assert trained["judging"] != shipped["judging"]
    assert trained["acts"] == shipped["acts"]
