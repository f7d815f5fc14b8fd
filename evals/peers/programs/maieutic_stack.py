"""The product: a folder of Markdown files brought into an index by `sync`, then searched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from peer_io import Index, Rank, answer  # type: ignore[import-not-found]

from ingest import E5, MINILM, SyncReport, load_encoder, open_searcher, sync

PACKAGES = ("maieutic", "onnxruntime", "tokenizers", "chromadb", "bm25s")


def load(request: dict[str, Any]) -> Index:
    """See `peer_io.answer`."""
    models, work = Path(request["models"]), Path(request["work"])
    e5 = load_encoder(models / E5, threads=request["threads"])
    minilm = load_encoder(models / MINILM, threads=request["threads"])
    ids = list(request["documents"])
    write_folder(request, work / "corpus")

    def index() -> tuple[int, Rank]:
        report = sync(work / "corpus", work / "index", e5, english=minilm)
        if report.failures:
            first = report.failures[0]
            raise SystemExit(f"{len(report.failures)} documents refused, first: {first.reason}")
        twins = twins_of(report)
        searcher = open_searcher(work / "index", e5, english=minilm)

        def rank(text: str, depth: int) -> list[str]:
            hits = searcher.search(text, k=depth)
            found = [name for hit in hits for name in twins[hit.passage.document_id]]
            return [ids[int(name)] for name in found]

        return sum(result.passages for result in report.files), rank

    return index


def write_folder(request: dict[str, Any], folder: Path) -> None:
    """Writes one file for each document, its name the document's place in the request.

    A blank document is left out: nobody can find it, and the product would report it.
    """
    folder.mkdir(parents=True)
    for number, (id_, document) in enumerate(request["documents"].items()):
        if not document.strip():
            continue
        text = as_markdown(request["titles"][id_], document)
        (folder / f"{number:07d}.md").write_text(text, encoding="utf-8")


def twins_of(report: SyncReport) -> dict[str, list[str]]:
    """By document that is searched, itself and those that say exactly the same, in file order.

    The product indexes one of them and names it for the others; a list of judgements may name any.
    """
    twins: dict[str, list[str]] = {}
    for result in report.files:
        if result.document_id is None:
            continue
        searched = result.document_id
        if result.status == "duplicate":
            searched = result.duplicates[0].document_id
        twins.setdefault(searched, []).append(result.document_id)
    return twins


def as_markdown(title: str, document: str) -> str:
    """A document with its title in the front matter, where the product looks for one.

    The product sets the title over every passage. Without one it would set the file's name there,
    which is a number here and means nothing. The words are those that every peer is given.
    """
    body = document.removeprefix(title).strip()
    if not title.strip() or not body:
        return document
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n{body}\n"


if __name__ == "__main__":
    answer(PACKAGES, load)
