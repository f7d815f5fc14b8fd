"""Everything that is wrong with a case, at once: file, line, what, and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from ingest import LANGUAGES, Language
from tutor.cases.load import Fault, PassagesOf, read_texts
from tutor.cases.loaded import LoadedCase
from tutor.cases.rules import wording_faults
from tutor.cases.schema import Case
from tutor.cases.selftest import self_test_faults
from tutor.cases.sheet import Sheet, sheet_path
from tutor.cases.sources import comparison_faults, source_faults, texts_of
from tutor.cases.structure import missing_translations, structure_faults, translation_faults
from tutor.cases.style import style_faults
from tutor.cases.terms import load_terms, term_faults
from tutor.cases.unwritten import unwritten
from tutor.dialogue.judge import Judge, Target, targets_of

_FIELD = {
    "expectation": ("expectations", "accept"),
    "misconception": ("misconceptions", "exemplars"),
    "position": ("positions", "exemplars"),
}


def check_case(
    folder: Path,
    passages_of: PassagesOf | None,
    judge: Judge | None = None,
    *,
    today: dt.date | None = None,
) -> list[Fault]:
    """Every fault of a case, errors and warnings, by file and line; empty where all is well.

    A language that cannot be read is reported and left out; the others are checked all the same.

    Args:
        folder: of the case files, in `cases/` of a corpus.
        passages_of: the passages in which quotes must stand; where it is None, they are looked
            for in the digests' files beside the case.
        judge: says which exemplars it would take for another target; slow, so left out by default.
        today: for telling whether a case is stale.
    """
    texts, faults = read_texts(folder)
    faults += missing_translations(folder)
    if "en" in texts:
        sheets = {lang: Sheet(lang, case, sheet_path(folder, lang)) for lang, case in texts.items()}
        corpus = folder.parent.parent
        known = texts_of(passages_of, corpus)
        terms = load_terms(corpus / "terminology.yaml")
        faults += structure_faults(sheets["en"], today or dt.datetime.now(dt.UTC).date())
        faults += comparison_faults(sheets["en"], corpus)
        for sheet in sheets.values():
            faults += wording_faults(sheet)
            faults += style_faults(sheet)
            faults += self_test_faults(sheet)
            faults += source_faults(sheet, sheets["en"], known)
            faults += term_faults(sheet, sheets["en"], terms)
            if sheet.language != "en":
                faults += translation_faults(sheets["en"], sheet)
            if judge is not None:
                faults += confusions(sheet, texts, judge)
    faults = unwritten(faults, [sheet_path(folder, language) for language in LANGUAGES])
    order = {sheet_path(folder, lang).name: n for n, lang in enumerate(LANGUAGES)}
    return sorted(faults, key=lambda f: (order.get(f.path.name, 9), f.line, f.rule))


def confusions(sheet: Sheet, texts: dict[Language, Case], judge: Judge) -> Iterator[Fault]:
    """Exemplars that a judge finds nearer to another target of the same kind than to their own."""
    targets = targets_of(LoadedCase(texts), sheet.language)
    for kind, (group, field) in _FIELD.items():
        rivals = [t for t in targets if t.kind == kind]
        for item in getattr(sheet.case, group):
            for number, text in enumerate(getattr(item, field)):
                other = _nearer(text, item.id, rivals, judge, sheet.language)
                if other is not None:
                    yield sheet.warning(
                        (group, item.id, field, number),
                        "confused",
                        f"The judge takes “{text[:60]}” of {item.id} for {other} as well.",
                        "Word it so that it says one idea, or move it.",
                    )


def _nearer(
    text: str, own: str, rivals: list[Target], judge: Judge, language: Language
) -> str | None:
    judged = {j.target: j.probability for j in judge.judge(text, rivals, language)}
    best = max(judged, key=lambda target: (judged[target], target == own), default=own)
    return best if best != own else None
