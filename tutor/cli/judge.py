"""`maieutic judge`: answers in, judgements out, one line each; and training it on more answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

from tutor.cases import LoadedCase
from tutor.cli.common import Lang, bar, lines_of, runtime_for
from tutor.dialogue import Judge, targets_of
from tutor.safety import redact


class _AnswersFirst(TyperGroup):
    """`maieutic judge CASE ...` means `maieutic judge answers CASE ...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts the name of the command in where none is given."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["answers", *args]
        return super().parse_args(ctx, args)


judge_app = typer.Typer(cls=_AnswersFirst, no_args_is_help=True)


@judge_app.command()
def answers(
    case: Annotated[str, typer.Argument(help="The case's id, such as g1-sister-not-told.")],
    source: Annotated[
        Path, typer.Option("--in", help="JSON lines, each with a `text` and perhaps an `id`.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Where the judgements go, JSON lines.")],
    lang: Annotated[Lang, typer.Option(help="The language of the answers.")] = Lang.EN,
) -> None:
    """Judge each answer against every expectation and misconception of a case.

    Verdicts are covered, partial, absent or unsure for expectations, and present, absent or
    unsure for misconceptions. A message that states nothing (a question, "I don't know") is not
    judged: all its verdicts are absent.
    """
    # What can be wrong with the files is said before the models are loaded.
    rows = list(_rows(source))
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"There is no folder {out.parent} to write to.")
    held, loaded = runtime_for(case, lang)
    draft = out.with_name(out.name + ".part")
    with bar("Judging", len(rows)) as (progress, task), draft.open("w", encoding="utf-8") as file:
        for row in rows:
            _write(file, judged(held.judge, loaded, lang, row))
            progress.advance(task)
    draft.replace(out)
    typer.echo(f"Judged {len(rows)} answers; written to {out}.", err=True)


@judge_app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
    add_help_option=False,
)
def train(context: typer.Context) -> None:
    """Fit the judge on labelled answers of your own beside the shipped ones."""
    # Training needs the harness, which stands on the tutor: it is found by name, at run time.
    from importlib import import_module

    import_module("evals.train_judge").app(
        args=context.args, prog_name="maieutic judge train", standalone_mode=False
    )


def judged(judge: Judge, case: LoadedCase, lang: Lang, row: dict[str, Any]) -> dict[str, Any]:
    """The line that answers one line."""
    text, _ = redact(str(row["text"]), told=case.told)
    acts = judge.acts(text, lang.code)
    targets = targets_of(case, lang.code)
    wanted = {t.id for t in targets if t.kind in {"expectation", "misconception"}}
    states = bool({"assertion", "uncertainty", "agree", "disagree", "question"} & set(acts))
    found = judge.judge(text if states else "", targets, lang.code)
    return {
        "id": row.get("id"),
        "act": acts[0],
        "judgements": [
            {
                "target": j.target,
                "verdict": j.verdict,
                "probability": j.probability,
                "span": j.span,
            }
            for j in found
            if j.target in wanted
        ],
    }


def _rows(source: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines_of(source), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise typer.BadParameter(f"{source}:{number} is not JSON: {error.msg}.") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise typer.BadParameter(f"{source}:{number} has no `text`.")
        row.setdefault("id", str(number))
        yield row


def _write(file: TextIO, row: dict[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
