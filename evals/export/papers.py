"""What lies beside the tables: the data dictionary, and what a reader has to know."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from evals.export.tables import Table

DICTIONARY = ("table", "column", "type", "unit", "values", "meaning")
LIMITS = (
    "**Scripted and chat-model learners prove nothing about learning.** Rows whose `origin` is "
    "`scripted`, `played` or `authored` test software; only `real` rows are of people.",
    "`label` is exact for scripted learners, who speak the words of the case files. For authored "
    "answers it is of two raters who are language models; no clinician has labelled them.",
    "`verdict` and `probability` are the machine's opinion and are wrong at the rates that "
    "docs/method.md prints. They are no marks, and nobody should be graded by them.",
    "Personal data is taken out of texts by rules, which find most and not all: a name that stands "
    "alone, a nickname, a story that tells who it is. Read free text before you pass it on. The "
    "names of the people in the cases, who are invented, go too: better one too many.",
    "An interval covers the draw of samples and cases, not the choice of cases. A run with `fast`, "
    "`limit` or `fault` set is not for quoting.",
)
OF_SESSIONS = (
    "There is no id of a person, so sessions of one person cannot be told apart from those of two: "
    "they are not independent, and no analysis of this export can correct for it. Times are "
    "quarters. In a small department that may still tell who it was: check small groups.",
)
CSV = (
    "CSV is UTF-8 with a byte order mark, comma, CRLF; an empty cell is a missing value. A text "
    "that a spreadsheet could take for a formula, or that begins with an apostrophe, has one "
    "apostrophe put in front: take one off every text cell that begins with one. Excel cuts cells "
    "at 32,767 characters and files at 1,048,576 rows; Parquet has no such limits.",
)


@dataclass(frozen=True, slots=True)
class Papers:
    """README and dictionary of one export."""

    what: str
    """Completes "This folder holds ..."."""
    approval: str | None = None
    """Reference of the ethics approval, where people are in it."""
    form: str = "csv"

    def write(self, folder: Path, tables: Sequence[Table], counts: Mapping[str, int]) -> None:
        """Write them.

        Raises:
            OSError: they cannot be.
        """
        path = folder / "dictionary.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(DICTIONARY)
            for table in tables:
                for c in table.columns:
                    # No cell of this begins with what a spreadsheet runs; a test holds it to that.
                    writer.writerow(
                        [table.name, c.name, c.type, c.unit, ", ".join(c.values), c.meaning]
                    )
        text = "# Data dictionary\n\n" + dictionary(tables)
        (folder / "dictionary.md").write_text(text, encoding="utf-8")
        (folder / "README.md").write_text(self.readme(tables, counts), encoding="utf-8")

    def readme(self, tables: Sequence[Table], counts: Mapping[str, int]) -> str:
        """What the folder holds, its limits, licence and citation."""
        rows = "\n".join(
            f"| `{t.name}.{self.form}` | {t.rows} | {counts.get(t.name, 0):,} |" for t in tables
        )
        limits = [*LIMITS, *(OF_SESSIONS if self.approval else ())]
        blocks = [
            "# Export from Maieutic",
            f"This folder holds {self.what}.",
            f"| file | one row a | rows |\n|---|---|---|\n{rows}",
            "`dictionary.csv` and `dictionary.md` say what each column means.",
        ]
        if self.approval:
            blocks.append(
                "**Ethics approval, as given by whoever made this export:** "
                f"{_one_line(self.approval)}. Use it within that approval, and no further."
            )
        blocks += ["## Limits", "\n".join(f"- {limit}" for limit in limits)]
        if self.form == "csv":
            blocks += ["## Reading the files", *CSV]
        blocks += [
            "## Licence and citation",
            "The tutor's words come from case files under CC BY 4.0: credit “Maieutic” and say "
            "what you changed (corpus/NOTICE.md). Texts of published sets stay under the licences "
            "of those sets. What learners wrote is theirs"
            + (", and is covered by the approval above alone." if self.approval else "."),
            f"Cite: Maieutic, version {version('maieutic')}, {_one_line(self.what)}; with the "
            "hashes of source and corpus in `runs`, where there are any.",
        ]
        return "\n\n".join(blocks) + "\n"


def dictionary(tables: Sequence[Table]) -> str:
    """The dictionary as Markdown."""
    return "\n".join(_table(table) for table in tables)


def _table(table: Table) -> str:
    lines = [f"## {table.name}", "", f"One row a {table.rows}.", ""]
    lines += ["| column | type | unit | values | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| `{c.name}` | {c.type} | {c.unit} | {', '.join(c.values)} | {c.meaning} |"
        for c in table.columns
    ]
    return "\n".join([*lines, ""])


def _one_line(text: str) -> str:
    return " ".join(text.split())
