"""Which search stacks are compared, and by what a finished measurement is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import ingest
from evals.provenance import DIGITS, folder_hash, model_hashes

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
OURS = "maieutic"
THREADS, DEPTH = 2, 100
"""Threads that every peer may use; documents of a ranking."""


class PeerFailed(Exception):
    """A peer cannot be installed or measured; the message is a sentence for the table."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A search stack."""

    name: str
    title: str
    """As it stands in the table and beside its point."""

    @property
    def program(self) -> Path:
        """What its interpreter runs."""
        return PROGRAMS / f"{self.name}_stack.py"

    @property
    def pins(self) -> Path | None:
        """Its packages; None: it runs in the project's own environment."""
        return None if self.name == OURS else HERE / f"{self.name}.txt"

    def fingerprint(self, models_dir: Path) -> str:
        """A hash of all that its figures depend on, besides the data and the machine."""
        digest = hashlib.sha256()
        for path in (self.program, PROGRAMS / "peer_io.py", self.pins):
            if path is not None:
                digest.update(path.read_bytes())
        if self.pins is None:
            code = folder_hash(Path(ingest.__file__).parent) or ""
            digest.update(f"{code} {sorted(model_hashes(models_dir).items())}".encode())
        digest.update(f"{THREADS} {DEPTH}".encode())
        return digest.hexdigest()[:DIGITS]


PEERS = (
    Peer(OURS, "Maieutic"),
    Peer("langchain", "LangChain default"),
    Peer("llamaindex", "LlamaIndex default"),
    Peer("haystack", "Haystack hybrid"),
    Peer("txtai", "txtai hybrid"),
)


def chosen(names: Iterable[str]) -> list[Peer]:
    """The peers of those names, in the order of the table; all where none is named.

    Raises:
        KeyError: a name is unknown; its message is a sentence.
    """
    wanted = set(names)
    known = {peer.name for peer in PEERS}
    if unknown := sorted(wanted - known):
        told = ", ".join(peer.name for peer in PEERS)
        raise KeyError(f"There is no peer {unknown[0]!r}. The peers are: {told}.")
    return [peer for peer in PEERS if not wanted or peer.name in wanted]
