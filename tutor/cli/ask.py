"""`maieutic ask`: a cited answer, or an honest no."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ingest import detect_language
from tutor.ask import CorpusAnswerer
from tutor.cli.common import Lang, retrieval


def ask(
    question: Annotated[str, typer.Argument(help="In any of the languages.")],
    lang: Annotated[
        Lang | None, typer.Option(help="Of the answer; by default the question's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
) -> None:
    """Ask the corpus: at most three sentences of it, each cited, or "not in the corpus"."""
    searcher, encoder = retrieval()
    language = lang.code if lang else detect_language(question)
    answer = CorpusAnswerer(searcher, encoder)(question, language)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "found": answer.found,
                    "chance": round(answer.chance, 3),
                    "note": answer.note,
                    "language": language,
                    "sentences": [
                        {"text": s.text, "citations": [c.model_dump() for c in s.citations]}
                        for s in answer.sentences
                    ],
                },
                ensure_ascii=False,
            )
        )
        return
    if not answer.found:
        typer.echo(answer.note or "That is not in the corpus.")
        return
    for sentence in answer.sentences:
        typer.echo(sentence.text)
        for cited in sentence.citations:
            place = " › ".join(cited.section)
            typer.echo(f"    [{cited.title}{', ' + place if place else ''}] {cited.url or ''}")
    if answer.note:
        typer.echo(f"\n{answer.note}")
