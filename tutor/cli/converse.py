"""`maieutic converse`: a session in the terminal, or from a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ingest import Language
from tutor.cli.common import Lang, lines_of, runtime_for
from tutor.dialogue import (
    EVENT,
    Completed,
    Event,
    LearnerSaid,
    StageEntered,
    TutorMoved,
    end_early,
    fold,
    open_session,
    turn,
)
from tutor.records.words import WORDS
from tutor.safety import redact


def converse(
    case: Annotated[str, typer.Argument(help="The case's id, such as g1-sister-not-told.")],
    lang: Annotated[Lang, typer.Option(help="The language of the session.")] = Lang.EN,
    script: Annotated[
        Path | None, typer.Option(help="Replies, one a line; `-` reads standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One event a line.")] = False,
) -> None:
    """Work a case in the terminal, or play a script of replies. Nothing is stored.

    Type /end to end the case early, /quit to leave.
    """
    replies = _typed() if script is None else iter(_scripted(script))
    held, loaded = runtime_for(case, lang)
    events = open_session(loaded, lang.code, held.wording)
    if not as_json:
        typer.echo(f"\n{loaded.texts[lang.code].title}\n\n{loaded.texts[lang.code].vignette}\n")
    for event in events:
        _show(event, lang.code, as_json=as_json)
    for reply in replies:
        if fold(events).phase == "closed" or reply == "/quit":
            break
        if reply == "/end":
            new = end_early(loaded, events, held.wording)
        else:
            text, kinds = redact(reply, told=loaded.told)
            new = turn(
                loaded,
                events,
                text,
                judge=held.judge,
                answerer=held.answerer,
                wording=held.wording,
                redacted=kinds,
            )
        events += new
        for event in new:
            if script is None and isinstance(event, LearnerSaid):
                continue
            _show(event, lang.code, as_json=as_json)


def _scripted(script: Path) -> list[str]:
    lines = sys.stdin.read().split("\n") if str(script) == "-" else lines_of(script)
    return [line.strip() for line in lines if line.strip()]


def _typed() -> Iterator[str]:
    while True:
        try:
            reply = input("> ").strip()
        except EOFError:
            return
        if reply:
            yield reply


def _show(event: Event, language: Language, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(EVENT.dump_python(event, mode="json"), ensure_ascii=False))
        return
    match event:
        case StageEntered(reveal=reveal) if reveal:
            typer.secho(f"\n[{reveal}]\n", italic=True)
        case LearnerSaid():
            typer.secho(f"\n> {event.text}", fg="cyan")
        case TutorMoved():
            typer.echo(f"\n{event.text}")
            for cited in event.citations:
                place = " › ".join((cited.title, *cited.section))
                typer.secho(f"    “{cited.quote}”\n    {place}", dim=True)
        case Completed():
            typer.secho(f"\n({WORDS[language].outcomes[event.outcome]})", dim=True)
        case _:
            return
