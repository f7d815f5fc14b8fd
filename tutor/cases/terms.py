"""The terminology list, applied: the same thing has the same name in every text of a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest import Language
from tutor.cases.load import CaseError, Fault
from tutor.cases.rules import name_of
from tutor.cases.sheet import Place, Sheet, pursued, said

Words = tuple[Annotated[str, Field(min_length=1)], ...]


class Term(BaseModel):
    """One thing and its names, the preferred one first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    en: Words
    hant: Words = Field(alias="zh-Hant")
    hans: Words = Field(alias="zh-Hans")
    avoid: Mapping[Language, Words] = {}
    """Names that are used elsewhere: in another place, or for another thing."""
    fixed: bool = False
    """A proper name: where the English sentence has it, so has its Chinese counterpart."""

    def names(self, language: Language) -> Words:
        """Its names in a language."""
        return {"en": self.en, "zh-Hant": self.hant, "zh-Hans": self.hans}[language]


def load_terms(path: Path) -> tuple[Term, ...]:
    """The list of a corpus; empty where the corpus has none.

    Raises:
        CaseError: the file is not a list of terms.
    """
    if not path.is_file():
        return ()
    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Term, ...]).validate_python(raw or ())
    except (YAMLError, ValidationError, UnicodeDecodeError) as error:
        message = f"The terminology list cannot be read: {str(error).splitlines()[0]}."
        remedy = "Give each entry en, zh-Hant and zh-Hans, each a list of words."
        raise CaseError([Fault(path, 0, "terminology", message, remedy)]) from error


def term_faults(sheet: Sheet, english: Sheet, terms: Sequence[Term]) -> Iterator[Fault]:
    """Warnings for words to avoid, and for proper names that a translation calls otherwise.

    Exemplars are not looked at: they are how clinicians type, whatever the list says.
    """
    texts = dict(_looked_at(sheet))
    for place, text in texts.items():
        for term in terms:
            for word in term.avoid.get(sheet.language, ()):
                allowed = (*term.names(sheet.language), *_containing(word, terms, sheet.language))
                if word in _without(text, allowed, word):
                    yield sheet.warning(
                        place,
                        "terminology",
                        f"{name_of(place)} says “{word}”.",
                        f"Say “{term.names(sheet.language)[0]}”, as the terminology list has it.",
                    )
    if sheet is english:
        return
    theirs = dict(_looked_at(english))
    for place, text in texts.items():
        source = theirs.get(place, "")
        for term in terms:
            named = term.fixed and any(name in source for name in term.en)
            if named and not any(name in text for name in term.names(sheet.language)):
                yield sheet.warning(
                    place,
                    "terminology",
                    f"{name_of(place)} does not name {term.en[0]}, as the English does.",
                    f"Say “{term.names(sheet.language)[0]}”.",
                )


def _looked_at(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    case = sheet.case
    yield ("vignette",), case.vignette
    yield from said(case)
    for kind, item in pursued(case):
        yield (kind, item.id, "statement"), item.statement
        yield (kind, item.id, "topic"), item.topic
    for position in case.positions:
        yield ("positions", position.id, "statement"), position.statement


def _containing(word: str, terms: Sequence[Term], language: Language) -> tuple[str, ...]:
    """Names on the list that contain a word to avoid, such as a statute's official title."""
    return tuple(n for t in terms for n in t.names(language) if word in n and n != word)


def _without(text: str, allowed: Sequence[str], word: str) -> str:
    for name in allowed:
        if word in name:
            text = text.replace(name, "")
    return text
