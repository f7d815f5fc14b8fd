from __future__ import annotations

from pathlib import Path

from evals.provenance import folder_hash, heads_hash, model_hashes, provenance
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
    assert found["heads"] == heads_hash()
    assert found["data"]["folder"] == str(tmp_path)
    assert found["versions"]["numpy"]
