"""A case as one HTML page with everything the tutor may say: for authors and reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from ruamel.yaml import YAML

from ingest import Language
from tutor.cases.load import PassagesOf, read_case, resolve
from tutor.cases.new import NotWritten
from tutor.cases.schema import ChoiceQuestion, Expectation, Misconception
from tutor.citations import QuoteNotFound

_TEMPLATE = resources.files(__package__) / "template"


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation as a reviewer sees it: one that leads nowhere is shown as such."""

    quote: str
    source: str
    found: bool
    confirmed: bool


def preview_page(folder: Path, passages_of: PassagesOf, language: Language) -> str:
    """The page: one file without scripts or anything fetched, so that it can be sent and printed.

    A draft whose citations are not right yet can be looked at all the same.

    Args:
        folder: of the case files.
        passages_of: the passages of a document by id.
        language: of the page, headings included.

    Raises:
        CaseError: a file of the case cannot be read.
        NotWritten: it is not written in that language.
    """
    texts = read_case(folder)
    if language not in texts:
        raise NotWritten(
            f"{folder.name} is not written in {language}; it is in {', '.join(texts)}."
        )

    def cited(item: Expectation | Misconception | ChoiceQuestion) -> list[Shown]:
        shown = []
        for wanted in item.cites:
            try:
                found = resolve(wanted, language, passages_of)
            except QuoteNotFound:
                shown.append(Shown(wanted.quote, wanted.doc, found=False, confirmed=True))
            else:
                sure = found.confidence != "U"
                shown.append(Shown(found.quote, found.title, found=True, confirmed=sure))
        return shown

    words = YAML(typ="safe", pure=True).load((_TEMPLATE / "preview.yaml").read_text("utf-8"))
    # Everything is escaped: an author's “<” is a sign, not a tag.
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = environment.from_string((_TEMPLATE / "preview.html").read_text("utf-8"))
    return page.render(case=texts[language], w=words[language], cited=cited)
