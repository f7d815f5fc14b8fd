"""`maieutic search`: passages, and why they came."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest import Hit, Relevance
from tutor.cli.common import Lang, retrieval

_LEGS = {"dense": "meaning", "english": "English", "lexical": "words"}
"""What the legs are called in the table."""


def search(
    query: Annotated[str, typer.Argument(help="Words or a question, in any of the languages.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Passages at most.")] = 8,
    lang: Annotated[Lang | None, typer.Option(help="Only passages in this language.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only guideline, curriculum, case or other.")
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Only HK, CN, INT, ...")] = None,
    document: Annotated[str | None, typer.Option(help="Only the document of this id.")] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Documents of this tenant too; without it, public ones.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only what was checked on that day or later."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a hit.")] = False,
) -> None:
    """Search the corpus: meaning and words, fused; each leg's score and rank is shown.

    Neighbouring passages are one hit, and of nearly identical ones the best is shown.
    """
    searcher, _ = retrieval()
    if kind not in {None, "guideline", "curriculum", "case", "other"}:
        raise typer.BadParameter("kind is one of guideline, curriculum, case, other.")
    found = searcher.find(
        query,
        k=k,
        condense=True,
        kind=kind,  # type: ignore[arg-type]
        language=lang.code if lang else None,
        jurisdiction=jurisdiction,
        document=document,
        tenant=tenant,
        as_of=as_of.date().isoformat() if as_of else None,
    )
    if as_json:
        for rank, hit in enumerate(found.hits, 1):
            typer.echo(json.dumps(_row(rank, hit, found.relevance), ensure_ascii=False))
        return
    if not found.hits:
        typer.echo("Nothing in the corpus matches.")
        return
    Console().print(_table(found.hits))
    chance = f"{found.relevance.probability:.0%}"
    if found.relevance.likely:
        typer.echo(f"Chance that the first hit answers: {chance}.")
    else:
        typer.echo(f"Nothing in the corpus seems to answer this: the chance is {chance}.")


def _table(hits: list[Hit]) -> Table:
    """The hits, with a column for each leg that found any of them."""
    legs = [name for name in _LEGS if any(name in hit.legs for hit in hits)]
    table = Table(show_lines=True, expand=True)
    table.add_column("#", justify="right")
    table.add_column("passage", ratio=1)
    for column in ("score", *(f"{_LEGS[name]}\n(rank)" for name in legs)):
        table.add_column(column, justify="right", no_wrap=True)
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        where = " › ".join(passage.section)
        pages = f", p. {', '.join(map(str, passage.pages))}" if passage.pages else ""
        text = " ".join(passage.text.split())
        more = _more(hit)
        table.add_row(
            str(rank),
            f"[bold]{escape(passage.document_id)}[/] {escape(f'{where}{pages}')}\n"
            f"{escape(text[:220])}{more}",
            f"{hit.score:.3f}",
            *(_leg(hit, name) for name in legs),
        )
    return table


def _more(hit: Hit) -> str:
    """What stands behind a hit that is not shown by itself."""
    told = []
    if hit.merged:
        told.append(f"{len(hit.merged)} neighbouring passages")
    if hit.similar:
        told.append(f"{len(hit.similar)} more that say nearly the same")
    return f"\n[dim]{'; '.join(told)}[/]" if told else ""


def _leg(hit: Hit, name: str) -> str:
    leg = hit.legs.get(name)
    return "-" if leg is None else f"{leg.score:.2f} ({leg.rank})"


def _row(rank: int, hit: Hit, relevance: Relevance) -> dict[str, object]:
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
        "as_of": passage.source.as_of,
        "merged": [p.id for p in hit.merged],
        "similar": list(hit.similar),
        "relevance": round(relevance.probability, 4),
    }
