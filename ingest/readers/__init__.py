"""One reader for each kind of file, and the one door to them all: `read_document`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ingest.documents import LANGUAGES, Document, Kind, Language, Page, Source
from ingest.errors import (
    EmptyDocument,
    NeedsOcr,
    ParsingTooLarge,
    UnreadableDocument,
    UnsupportedDocument,
)
from ingest.language import detect_language
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.readers._extract import Extract
from ingest.readers.case import STRUCTURE, case_language, is_case_file

Reader = Callable[[Path, bytes, Limits], Extract]
Announce = Callable[[int, int], None]
"""Told, before they are read, how many pages a file has, and how many of them are scans."""

MAX_BYTES: Final = 200_000_000
_READERS: Final = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}
"""The module of each kind; loaded when a file of the kind comes, for some are slow to load."""
TENANTS: Final = "tenants"
"""The folder under the root that has one folder for each tenant's own documents."""
SUFFIXES: Final = tuple(_READERS)
_KINDS: Final[dict[str, Kind]] = {
    "guidelines": "guideline",
    "curricula": "curriculum",
    "cases": "case",
}


def read_document(
    path: Path,
    *,
    root: Path,
    defaults: Source | None = None,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = False,
    announce: Announce | None = None,
) -> Document:
    """Reads a file under `root`, in this process: for files that are trusted.

    Args:
        path: of the file.
        root: of the corpus; with the path it makes the document's id.
        defaults: fill in what the file does not say of itself.
        limits: how many pages and characters it may have; time and memory are bounded by
            `ingest.parsing` alone.
        ocr: whether the text of scanned pages is recognised, where the programs for it are.
        announce: is told what is about to be read.

    Raises:
        UnsupportedDocument: no reader knows its kind.
        UnreadableDocument: it is damaged, too large, or not what its name says.
        EncryptedDocument: it needs a password.
        NeedsOcr: its pages are pictures, and their text was not recognised.
        EmptyDocument: it holds no text.
    """
    reader = _reader(path, announce)
    data = _bytes(path)
    extract = reader(path, data, limits)
    if extract.unread:
        extract = _with_scans(path, data, extract, limits, announce, ocr=ocr)
    if not extract.pages:
        raise EmptyDocument(path)
    source = _source(path, root, extract, defaults)
    content = _hash(path, data)
    return Document(document_id(path, root), source, extract.pages, content, extract.unread)


def content_hash(path: Path) -> str:
    """The sha256 by which a change is noticed: of the file, and of what else was read for it.

    Raises:
        UnreadableDocument: the file cannot be opened, or is too large.
    """
    return _hash(path, _bytes(path))


def document_id(path: Path, root: Path) -> str:
    """The id of a file: its path under `root`, without suffix unless two files would share it."""
    relative = path.relative_to(root)
    if is_case_file(path):
        return f"{relative.parent.as_posix()}.{case_language(path)}"
    bare = relative.with_suffix("")
    rivals = [p for p in path.parent.glob(_escape(bare.name) + ".*") if _rivals(p, path)]
    return (relative if rivals else bare).as_posix()


def is_readable(path: Path) -> bool:
    """Whether some reader knows this kind of file, going by its name."""
    return path.suffix.lower() in _READERS or is_case_file(path)


def _rivals(other: Path, path: Path) -> bool:
    return other != path and other.stem == path.stem and other.suffix.lower() in _READERS


def _escape(name: str) -> str:
    """A name as a glob pattern that matches only itself."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _with_scans(
    path: Path,
    data: bytes,
    extract: Extract,
    limits: Limits,
    announce: Announce | None,
    *,
    ocr: bool,
) -> Extract:
    """With the text of its scanned pages, as far as that can be had here."""
    from ingest.ocr import PACKAGES, available, recognise

    engine = available()
    if ocr and engine:
        if announce:
            numbers = [page.number or 0 for page in extract.pages]
            announce(max([*numbers, *extract.unread]), min(len(extract.unread), limits.scans))
        extract = recognise(engine, data, extract, limits)
    if not extract.pages:
        raise NeedsOcr(path, extract.unread, packages="" if engine else PACKAGES)
    return extract


def _reader(path: Path, announce: Announce | None) -> Reader:
    if is_case_file(path):
        module, name = "case", "read_case"
    elif path.suffix.lower() in _READERS:
        module = _READERS[path.suffix.lower()]
        name = f"read_{module}"
    else:
        raise UnsupportedDocument(path, SUFFIXES)
    reader = getattr(import_module(f"ingest.readers.{module}"), name)
    return partial(reader, announce=announce) if module == "pdf" else reader


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ParsingTooLarge(path, f"it is larger than {MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(path, error.strerror or "it cannot be opened") from error
    if not data:
        raise EmptyDocument(path, "the file is empty")
    return data


def _hash(path: Path, data: bytes) -> str:
    digest = hashlib.sha256(data)
    structure = path.with_name(STRUCTURE)
    if is_case_file(path) and path.name != STRUCTURE and structure.is_file():
        digest.update(structure.read_bytes())
    return digest.hexdigest()


def _source(path: Path, root: Path, extract: Extract, defaults: Source | None) -> Source:
    """What the file says of itself, over what its place says, over the defaults."""
    values: dict[str, Any] = asdict(defaults) if defaults else {"title": ""}
    stem = path.stem
    for language in LANGUAGES:
        stem = stem.removesuffix(f".{language}")
    values["title"] = stem if not values["title"] else values["title"]
    values["kind"] = _kind(path, root) or values.get("kind", "other")
    if tenant := _tenant(path, root):
        values["tenant"] = tenant
    values.update({name: _typed(path, name, value) for name, value in extract.fields.items()})
    values["language"] = _language(path, extract.fields, extract)
    return Source(**values)


def _kind(path: Path, root: Path) -> Kind | None:
    """The kind that the folder stands for: the nearest folder of a known name decides."""
    folders = (*path.relative_to(root).parts[-2::-1], root.name)
    return next((_KINDS[name] for name in folders if name in _KINDS), None)


def _tenant(path: Path, root: Path) -> str | None:
    """Whose file it is, by its place alone: a file must not be able to say so itself."""
    parts = path.relative_to(root).parts
    return parts[1] if len(parts) > 2 and parts[0] == TENANTS else None


def _typed(path: Path, name: str, value: object) -> str | int:
    if name == "year":
        digits = str(value)[:4]
        if not digits.isdigit():
            raise UnreadableDocument(path, f"its year, {value!r}, is not a number")
        return int(digits)
    return str(value).strip()


def _language(path: Path, fields: Mapping[str, object], extract: Extract) -> Language:
    """From the file's own statement, else from `.en`, `.zh-Hant`, `.zh-Hans` in its name."""
    stated = fields.get("language") or next(
        (language for language in LANGUAGES if path.stem.endswith(f".{language}")), None
    )
    if stated is None:
        return detect_language(_sample(extract.pages))
    for language in LANGUAGES:
        if stated == language:
            return language
    raise UnreadableDocument(path, f"its language, {stated!r}, is none of {', '.join(LANGUAGES)}")


def _sample(pages: tuple[Page, ...]) -> str:
    text = ""
    for page in pages:
        text += page.text + "\n"
        if len(text) > 20_000:
            break
    return text
