"""What a figure was measured on: versions, models, corpus, heads, machine, each by a hash."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from evals.answers import data_hash, read_answers
from evals.questions import QUESTIONS
from tutor.assess.head import TRAINED
from tutor.settings import Settings

PACKAGES = ("maieutic", "numpy", "onnxruntime", "tokenizers", "chromadb", "bm25s")
ROOMS = ("ingest", "tutor", "evals")
DIGITS = 16
"""Hexadecimal digits of a sha256 that are kept: enough to tell any two states apart."""


def provenance(settings: Settings, data: Path | None = None) -> dict[str, Any]:
    """Everything that could change a figure, for the first line of a log."""
    known: dict[str, Any] = {
        "versions": {"python": platform.python_version()} | _versions(),
        "machine": machine(),
        "source": source_hash(),
        "corpus": folder_hash(settings.corpus),
        "models": model_hashes(settings.models_dir),
        "heads": head_hashes(settings.home),
        "answers": data_hash(read_answers()),
        "questions": file_hash(QUESTIONS),
    }
    if data is not None:
        known["data"] = {"folder": str(data), "hash": folder_hash(data)}
    return known


@cache
def source_hash() -> str:
    """sha256 over the code and data of the product's own packages."""
    digest = hashlib.sha256()
    for room in ROOMS:
        digest.update((folder_hash(Path(str(resources.files(room)))) or "").encode())
    return digest.hexdigest()[:DIGITS]


def folder_hash(folder: Path) -> str | None:
    """sha256 over the relative paths and contents of a folder's files; None where it is missing."""
    if not folder.is_dir():
        return None
    files = sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return _hash_files(files, folder)


def model_hashes(models_dir: Path) -> dict[str, str]:
    """By model, the hash of its manifest, which in turn holds the sha256 of every file."""
    manifests = sorted(models_dir.glob("*/manifest.json"))
    return {path.parent.name: _hash_files([path], models_dir) for path in manifests}


def head_hashes(home: Path) -> dict[str, str]:
    """By head in force, the hash of its file: the judging heads may be of this installation."""
    trained = home / TRAINED
    found = {name: file_hash(path) for name, path in shipped_heads().items()}
    return found | ({"judging": file_hash(trained)} if trained.is_file() else {})


def shipped_heads() -> dict[str, Path]:
    """The files of the heads that come with the product, by name."""
    files = {
        "judging": ("tutor.assess", "heads.json"),
        "acts": ("tutor.assess", "acts.json"),
        "ask": ("tutor.ask", "gate.json"),
        "scope": ("tutor.ask", "scope.json"),
        "relevance": ("ingest", "relevance.json"),
    }
    return {name: Path(str(resources.files(p) / file)) for name, (p, file) in files.items()}


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]


def machine() -> dict[str, Any]:
    """The processor and its cores."""
    return {"system": platform.platform(), "cores": os.cpu_count()}


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _hash_files(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:DIGITS]
