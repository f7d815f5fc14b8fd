"""The files of a folder that are to be ingested, their ids, and how a change of one is noticed."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ingest.details import PART, SUFFIX, Details, details_path, read_details
from ingest.errors import IngestError, UnreadableDocument
from ingest.readers import SUFFIXES, content_hash, document_id
from ingest.readers.case import is_case_file

Origin = Literal["corpus", "uploads"]
UPLOADS: Final = "uploads"
_NOT_TAUGHT = ("readme", "notice", "license", "licence", "changelog", "terminology")
"""Files about a corpus, by the start of their names, that are no part of it."""
_SOURCES = "src"
"""A folder of this name holds what other files of the corpus are made from."""
_MISPLACED: Final = "./"
"""In front of the name of a file of the corpus that would have the name of an upload."""


@dataclass(frozen=True, slots=True)
class FolderFile:
    """One file to be ingested."""

    path: Path
    root: Path
    origin: Origin
    name: str
    """Under which the catalogue knows it: its path under the root, of an upload behind
    `uploads/`."""
    document_id: str
    size: int

    @property
    def details(self) -> Details:
        """What was said of an upload; nothing of a file of the corpus."""
        return read_details(self.path) if self.origin == UPLOADS else Details()

    def content_hash(self) -> str:
        """The sha256 by which a change is noticed, of the file and of what was said of it.

        Raises:
            UnreadableDocument: the file cannot be opened, or is too large.
            IngestError: it lies where uploads are looked for.
        """
        if self.name.startswith(_MISPLACED):
            raise IngestError(
                f"The document {self.path} lies in a folder whose name is kept for uploads.",
                remedy=f"Give the corpus's folder {UPLOADS} another name.",
            )
        digest = content_hash(self.path)
        said = self.details.said
        return hashlib.sha256(digest.encode() + said).hexdigest() if said else digest


def files_in(root: Path, origin: Origin = "corpus") -> list[FolderFile]:
    """The files to be ingested under `root`, in the order of their names."""
    paths = files_under(root) if origin == "corpus" else _uploaded(root)
    ids = document_ids(paths, root)
    found = []
    for path in paths:
        relative = path.relative_to(root)
        prefix = _MISPLACED if relative.parts[0] == UPLOADS else ""
        if origin == UPLOADS:
            prefix = f"{UPLOADS}/"
        name = prefix + relative.as_posix()
        found.append(FolderFile(path, root, origin, name, prefix + ids[path], _size(path)))
    return found


def files_under(root: Path) -> list[Path]:
    """Files to be ingested, in order: no hidden ones, none that only describe the corpus."""
    found = []
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = [name for name in folders if not _hidden(name) and name != _SOURCES]
        found += [Path(folder, name) for name in names if not _hidden(name) and _is_taught(name)]
    return sorted(path for path in found if path.is_file())


def document_ids(paths: Iterable[Path], root: Path) -> dict[Path, str]:
    """What `document_id` says of each; it looks through the folder only where it has to."""
    paths = list(paths)
    bare = Counter(path.with_suffix("") for path in paths if path.suffix.lower() in SUFFIXES)
    return {
        path: document_id(path, root)
        if is_case_file(path) or path.suffix.lower() not in SUFFIXES
        else (path if bare[path.with_suffix("")] > 1 else path.with_suffix(""))
        .relative_to(root)
        .as_posix()
        for path in paths
    }


def remove_upload(path: Path) -> None:
    """Removes an upload and what was said of it."""
    path.unlink(missing_ok=True)
    details_path(path).unlink(missing_ok=True)


def tidy_uploads(root: Path) -> None:
    """Removes what a write that was cut short has left: for the holder of the write lock."""
    for path in list(root.iterdir()) if root.is_dir() else ():
        name = path.name
        kept = path.with_name(name[1:].removesuffix(SUFFIX))
        orphan = name.startswith(".") and name.endswith(SUFFIX) and not kept.exists()
        if orphan or (name.startswith(".") and name.endswith(PART)):
            path.unlink(missing_ok=True)


def unreadable(path: Path, error: OSError) -> UnreadableDocument:
    """What the system said of a file, as what a user is told."""
    return UnreadableDocument(path, error.strerror or "it cannot be opened")


def _uploaded(root: Path) -> list[Path]:
    """The files of the folder itself: uploads have no folders."""
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_file() and not _hidden(path.name))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        # It went away, or never could be opened; reading it will say so.
        return 0


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _is_taught(name: str) -> bool:
    return not name.lower().startswith(_NOT_TAUGHT)
