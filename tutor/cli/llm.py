"""`maieutic llm`: what the language model has used."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tutor.records import UsageLine, UsageStore, open_database
from tutor.settings import Settings, get_settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def model() -> None:
    """What the language model has used, and its limits."""


@app.command()
def usage(
    user: Annotated[str | None, typer.Option(help="Only this account, by its name.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back to look.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Calls, tokens and cost by user and session, the one used last first."""
    settings = get_settings()
    store = UsageStore(open_database(settings.records_url))
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    lines = store.lines(since, user)
    if as_json:
        typer.echo(json.dumps(_as_json(lines, settings), ensure_ascii=False))
        return
    console = Console(highlight=False)
    if not lines:
        console.print(f"No call to a language model in the last {days} days.", soft_wrap=True)
    else:
        console.print(_table(lines))
    console.print(_limits(settings), soft_wrap=True)


def _table(lines: Sequence[UsageLine]) -> Table:
    shown = Table(box=None)
    for column in ("user", "session", "case", "model", "last"):
        shown.add_column(column)
    for column in ("calls", "tokens in", "tokens out", "cost"):
        shown.add_column(column, justify="right")
    for line in lines:
        about = "≈" if line.estimated_calls else ""
        shown.add_row(
            line.user,
            (line.session_id or "erased")[:8],
            line.case_id or "–",
            line.model,
            f"{line.last:%Y-%m-%d %H:%M}Z",
            str(line.calls),
            f"{about}{line.tokens_in}",
            f"{about}{line.tokens_out}",
            "–" if line.cost is None else f"{about}{line.cost:.4f}",
        )
    return shown


def _limits(settings: Settings) -> str:
    def told(limit: int | None) -> str:
        return "none" if limit is None else f"{limit} tokens"

    return (
        f"Limits: {told(settings.llm_session_tokens)} a session, "
        f"{told(settings.llm_daily_tokens)} a user in 24 hours "
        "(MAIEUTIC_LLM_SESSION_TOKENS, MAIEUTIC_LLM_DAILY_TOKENS). "
        "≈: some calls told no tokens and were estimated."
    )


def _as_json(lines: Sequence[UsageLine], settings: Settings) -> dict[str, object]:
    return {
        "limits": {
            "session_tokens": settings.llm_session_tokens,
            "daily_tokens": settings.llm_daily_tokens,
        },
        "usage": [
            {
                "user": line.user,
                "session": line.session_id,
                "case": line.case_id,
                "model": line.model,
                "calls": line.calls,
                "tokens_in": line.tokens_in,
                "tokens_out": line.tokens_out,
                "estimated_calls": line.estimated_calls,
                "cost": line.cost,
                "last": line.last.isoformat(),
            }
            for line in lines
        ],
    }
