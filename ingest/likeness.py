"""Which documents of the catalogue say the same as one that is being ingested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ingest.catalogue import Catalogue, FileRecord
from ingest.documents import Passage
from ingest.duplicates import (
    NEAR,
    Duplicate,
    Signature,
    jaccard,
    likely,
    shingles,
    signature,
)
from ingest.variants import stem_of


class Likeness:
    """What the catalogue's documents say, in short, kept up while a run changes them."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Reads the catalogue's records and signatures."""
        self.records = catalogue.files()
        self._catalogue = catalogue
        self._signatures = catalogue.signatures()
        self._by_text: dict[str, set[str]] = defaultdict(set)
        for record in self.records.values():
            self._by_text[record.text_hash].add(record.path)

    def twin(self, record: FileRecord, moved_from: str | None) -> FileRecord | None:
        """The searched document that says exactly the same to the same readers; the first one."""
        others = sorted(self._by_text.get(record.text_hash, set()) - {record.path, moved_from})
        found = [
            other
            for other in map(self.records.__getitem__, others)
            if self.is_searched(other) and _comparable(record, other)
        ]
        return min(found, key=lambda other: (other.origin, other.path), default=None)

    def near(
        self, record: FileRecord, passages: Sequence[Passage], leaving: Collection[str | None]
    ) -> tuple[dict[str, float], Signature]:
        """Documents that nearly say the same, by path, with their similarity; and a signature.

        Args:
            record: of the document at hand.
            passages: of it.
            leaving: paths that will not be searched any more once it is.
        """
        own = shingles(passages)
        signed = signature(own)
        found = {}
        for path in likely(signed, self._signatures):
            if path in {record.path, *leaving} or not _comparable(record, self.records[path]):
                continue
            similarity = jaccard(own, shingles(self._catalogue.passages(path)))
            if similarity >= NEAR:
                found[path] = round(similarity, 4)
        return found, signed

    def exact(self, path: str) -> tuple[Duplicate, ...]:
        """The duplicate that a document at `path` is."""
        record = self.records.get(path)
        return (Duplicate(record.document_id, 1.0, "exact"),) if record else ()

    def named(self, near: Mapping[str, float]) -> tuple[Duplicate, ...]:
        """Near duplicates by their documents' ids, the most similar first."""
        return tuple(
            Duplicate(self.records[path].document_id, similarity, "near")
            for path, similarity in sorted(near.items(), key=lambda item: (-item[1], item[0]))
        )

    def bereaved(self, path: str) -> bool:
        """Whether the document is kept as the duplicate of one that says the same no more."""
        record = self.records.get(path)
        if record is None or record.duplicate_of is None:
            return False
        twin = self.records.get(record.duplicate_of)
        return not (
            twin
            and self.is_searched(twin)
            and twin.text_hash == record.text_hash
            and _comparable(record, twin)
        )

    def remember(
        self,
        record: FileRecord,
        signed: Signature | None,
        moved_from: str | None,
        demoted: FileRecord | None,
    ) -> None:
        """What `Catalogue.put` has just noted of a file that was read."""
        for path in (record.path, moved_from):
            if path:
                self.forget(path)
        self.records[record.path] = record
        self._by_text[record.text_hash].add(record.path)
        if signed is not None:
            self._signatures[record.path] = signed
        if demoted:
            self.records[demoted.path] = replace(demoted, duplicate_of=record.path)
            self._signatures.pop(demoted.path, None)

    def forget(self, path: str) -> None:
        """A file that is gone, or cannot be searched any more."""
        record = self.records.pop(path, None)
        self._signatures.pop(path, None)
        if record:
            self._by_text[record.text_hash].discard(path)

    @staticmethod
    def is_searched(record: FileRecord) -> bool:
        """Whether a document's passages are in the index."""
        return record.state == "indexed" and record.duplicate_of is None


def _comparable(one: FileRecord, other: FileRecord) -> bool:
    """Not the language versions of one digest, and not what different tenants own."""
    stem, language = stem_of(one.document_id)
    versions = language and stem_of(other.document_id)[1] and stem_of(other.document_id)[0] == stem
    return one.tenant == other.tenant and not versions
