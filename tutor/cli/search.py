"""`maieutic search`: passages, and why they came."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest import Hit
from tutor.cli.common import Lang, retrieval


def search(
    query: Annotated[str, typer.Argument(help="Words or a question, in any of the languages.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Passages at most.")] = 8,
    lang: Annotated[Lang | None, typer.Option(help="Only passages in this language.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only guideline, curriculum, case or other.")
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Only HK, CN, INT, ...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a hit.")] = False,
) -> None:
    """Search the corpus: meaning and words, fused; each leg's score and rank is shown."""
    searcher, _ = retrieval()
    if kind not in {None, "guideline", "curriculum", "case", "other"}:
        raise typer.BadParameter("kind is one of guideline, curriculum, case, other.")
    hits = searcher.search(
        query,
        k=k,
        kind=kind,  # type: ignore[arg-type]
        language=lang.code if lang else None,
        jurisdiction=jurisdiction,
    )
    if as_json:
        for rank, hit in enumerate(hits, 1):
            typer.echo(json.dumps(_row(rank, hit), ensure_ascii=False))
        return
    if not hits:
        typer.echo("Nothing in the corpus matches.")
        return
    table = Table(show_lines=True, expand=True)
    table.add_column("#", justify="right")
    table.add_column("passage", ratio=1)
    for column in ("score", "dense\n(rank)", "words\n(rank)"):
        table.add_column(column, justify="right", no_wrap=True)
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        where = " › ".join(passage.section)
        pages = f", p. {', '.join(map(str, passage.pages))}" if passage.pages else ""
        text = " ".join(passage.text.split())
        table.add_row(
            str(rank),
            f"[bold]{escape(passage.document_id)}[/] {escape(f'{where}{pages}')}\n"
            f"{escape(text[:220])}",
            f"{hit.score:.3f}",
            _leg(hit, "dense"),
            _leg(hit, "lexical"),
        )
    Console().print(table)


def _leg(hit: Hit, name: str) -> str:
    leg = hit.legs.get(name)
    return "-" if leg is None else f"{leg.score:.2f} ({leg.rank})"


def _row(rank: int, hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "legs": {name: asdict(leg) for name, leg in hit.legs.items()},
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": passage.source.title,
        "kind": passage.source.kind,
        "jurisdiction": passage.source.jurisdiction,
        "language": passage.language,
        "section": list(passage.section),
        "pages": list(passage.pages),
        "confidence": passage.confidence,
        "url": passage.source.url,
        "text": passage.text,
    }
