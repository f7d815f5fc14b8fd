"""`maieutic judge train`: the judge, fitted on an institution's own labelled answers too.

The shipped answers stay in the fit, so that few new ones move it a little and many move it much.
The heads go into the home of the installation and are in force from the next start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evals.answers import ANSWERS, AnswersError, LabelledAnswer, read_answers
from evals.fit_judge import trained
from evals.task import DataError
from ingest import E5, MINILM, load_encoder
from tutor.assess.head import TRAINED
from tutor.cases.load import CaseError, read_case
from tutor.cases.loaded import LoadedCase
from tutor.dialogue import targets_of
from tutor.settings import get_settings

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console(highlight=False)


@app.command()
def train(
    answers: Annotated[
        list[Path] | None,
        typer.Option(
            help="A folder of <case>.<language>.jsonl, labelled as docs/labelling.md says; may be "
            "given more than once."
        ),
    ] = None,
    case: Annotated[
        list[Path] | None,
        typer.Option(help="The folder of a case that is not in the corpus; more than once."),
    ] = None,
    forget: Annotated[bool, typer.Option(help="Go back to the shipped heads.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Report, and write nothing.")] = False,
) -> None:
    """Fit the judge on labelled answers of your own beside the shipped ones.

    Of your answers too, half (`split`, by the hash of the id) only measure. The table is of cases
    that were left out of the fit. Minutes: every answer is encoded.
    """
    settings = get_settings()
    path = settings.home / TRAINED
    if forget:
        path.unlink(missing_ok=True)
        console.print("The shipped heads are in force from the next start of the service.")
        return
    if not answers:
        raise typer.BadParameter("name a folder of labelled answers with --answers.")
    try:
        cases = {c.id: c for c in map(_case, [*_cases(settings.corpus / "cases"), *(case or [])])}
        added = [a for folder in answers for a in _own(folder, cases)]
    except (AnswersError, CaseError, DataError) as error:
        raise typer.BadParameter(str(error)) from error
    console.print(f"{len(added)} answers of yours beside the shipped ones.")
    encoders = {name: load_encoder(settings.models_dir / name) for name in (E5, MINILM)}
    found = trained(
        [*read_answers(ANSWERS), *added], cases, encoders, command="maieutic judge train"
    )
    if dry_run:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    console.print(f"Wrote {path}. It is in force from the next start of the service.")


def _own(folder: Path, cases: Mapping[str, LoadedCase]) -> Sequence[LabelledAnswer]:
    """The answers of a folder, their ids told apart from the shipped ones.

    Raises:
        DataError: there are none, or they label what their case does not have.
    """
    found = read_answers(folder)
    if not found:
        raise DataError(f"{folder} holds no <case>.<language>.jsonl with an answer in it.")
    for answer in found:
        if answer.case not in cases:
            raise DataError(
                f"{folder}: there is no case {answer.case!r}. Name its folder with --case, or "
                f"rename the file after one of {', '.join(sorted(cases))}."
            )
        known = {t.id for t in targets_of(cases[answer.case], answer.language)}
        labels = answer.covered | answer.partial | answer.misconceptions | answer.repaired
        if unknown := sorted(labels - known):
            raise DataError(
                f"{folder}: answer {answer.id!r} is labelled with {', '.join(unknown)}, which "
                f"{answer.case} does not have."
            )
    return [replace(answer, id=f"own:{answer.id}") for answer in found]


def _cases(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _case(path: Path) -> LoadedCase:
    return LoadedCase(read_case(path))
